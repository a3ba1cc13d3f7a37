import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Double, type Mapping, toNumber, toObject } from "./decode.ts";

const MEMORY_DOCTOR = spec("MEMORY DOCTOR", { keys: null });
const MEMORY_MALLOC_STATS = spec("MEMORY MALLOC-STATS", { keys: null });
const MEMORY_PURGE = spec("MEMORY PURGE", { keys: null });
const MEMORY_STATS = spec("MEMORY STATS", { keys: null });
const MEMORY_USAGE = spec("MEMORY USAGE", { readonly: true });

/** Options of {@link memoryUsage}. */
export interface MemoryUsageOptions {
  /** How many elements to measure; 0 for all, default 5. */
  readonly SAMPLES?: number | undefined;
}

/** Bytes and ratios by name, for example `peak.allocated`; one object for each database (`db.0`). */
export interface MemoryStatsReply {
  readonly [name: string]: number | Record<string, number>;
}

/** Advice about memory, in words. */
export function memoryDoctor(): Command<string> {
  return command(MEMORY_DOCTOR, []);
}

/** The report of the memory allocator. */
export function memoryMallocStats(): Command<string> {
  return command(MEMORY_MALLOC_STATS, []);
}

/** Asks the allocator to give memory back. */
export function memoryPurge(): Command<"OK"> {
  return command(MEMORY_PURGE, []);
}

/** What memory is used for. */
export function memoryStats(): Command<MemoryStatsReply> {
  return command(MEMORY_STATS, [], (reply: Mapping) => toObject(reply, toAmount));
}

/** Bytes that a key takes; null when there is none. */
export function memoryUsage(key: RedisArgument, options: MemoryUsageOptions = {}): Command<number | null> {
  const { SAMPLES } = options;
  return command(MEMORY_USAGE, SAMPLES === undefined ? [key] : [key, "SAMPLES", SAMPLES]);
}

function toAmount(value: Double | Mapping<number>): number | Record<string, number> {
  return Array.isArray(value) || value instanceof Map ? toObject<number>(value) : toNumber(value as Double);
}

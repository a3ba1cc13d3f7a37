import { type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { keysFrom } from "./keys.ts";

const BITCOUNT = spec("BITCOUNT", { readonly: true });
const BITFIELD = spec("BITFIELD");
const BITFIELD_RO = spec("BITFIELD_RO", { readonly: true });
const BITOP = spec("BITOP", { keys: keysFrom(1) });
const BITPOS = spec("BITPOS", { readonly: true });
const GETBIT = spec("GETBIT", { readonly: true });
const SETBIT = spec("SETBIT");

/** What {@link bitCount} looks at: from `start` to `end`, both included, negative from the end. */
export interface BitCountRange {
  readonly start: number;
  readonly end: number;
  /** What `start` and `end` count; default `BYTE`. */
  readonly mode?: "BYTE" | "BIT" | undefined;
}

/** Width of an integer, signed (`i8`) or not (`u4`). */
export type BitFieldEncoding = `${"i" | "u"}${number}`;

/** An integer to read at a bit offset; `#2` counts in widths. */
export interface BitFieldRead {
  readonly encoding: BitFieldEncoding;
  readonly offset: number | string;
}

/** One step of {@link bitField}; `OVERFLOW` holds for the steps after it. */
export type BitFieldOperation =
  | (BitFieldRead & { readonly operation: "GET" })
  | (BitFieldRead & { readonly operation: "SET"; readonly value: number })
  | (BitFieldRead & { readonly operation: "INCRBY"; readonly increment: number })
  | { readonly operation: "OVERFLOW"; readonly behavior: "WRAP" | "SAT" | "FAIL" };

/** How many bits are 1. */
export function bitCount(key: RedisArgument, range?: BitCountRange): Command<number> {
  if (range === undefined) return command(BITCOUNT, [key]);
  const { start, end, mode } = range;
  return command(BITCOUNT, mode === undefined ? [key, start, end] : [key, start, end, mode]);
}

/** Reads and writes integers of any width; one answer for each step but `OVERFLOW`, null where it failed. */
export function bitField(
  key: RedisArgument,
  operations: readonly BitFieldOperation[],
): Command<(number | null)[]> {
  const args: RedisArgument[] = [key];
  for (const step of operations) {
    if (step.operation === "OVERFLOW") {
      args.push("OVERFLOW", step.behavior);
      continue;
    }
    args.push(step.operation, step.encoding, step.offset);
    if (step.operation === "SET") args.push(step.value);
    if (step.operation === "INCRBY") args.push(step.increment);
  }
  return command(BITFIELD, args);
}

/** {@link bitField} that only reads; a replica may answer it. */
export function bitFieldRo(key: RedisArgument, operations: readonly BitFieldRead[]): Command<number[]> {
  return command(BITFIELD_RO, [
    key,
    ...operations.flatMap(({ encoding, offset }) => ["GET", encoding, offset]),
  ]);
}

/** Combines strings bit by bit into another; answers its length. `NOT` takes one; the last four: Redis 8.2. */
export function bitOp(
  operation: "AND" | "OR" | "XOR" | "NOT" | "DIFF" | "DIFF1" | "ANDOR" | "ONE",
  destKey: RedisArgument,
  key: OneOrMore,
): Command<number> {
  return command(BITOP, [operation, destKey, ...several(BITOP, "key", key)]);
}

/** Offset of the first bit that is 0 or 1; -1 without one. `start` and `end` count bytes, or bits by `mode`. */
export function bitPos(
  key: RedisArgument,
  bit: 0 | 1,
  start?: number,
  end?: number,
  mode?: "BYTE" | "BIT",
): Command<number> {
  const args: RedisArgument[] = [key, bit];
  if (start !== undefined) args.push(start);
  if (end !== undefined) args.push(end);
  if (mode !== undefined) args.push(mode);
  return command(BITPOS, args);
}

/** The bit at an offset. */
export function getBit(key: RedisArgument, offset: number): Command<0 | 1> {
  return command(GETBIT, [key, offset]);
}

/** Sets the bit at an offset; answers what it was. */
export function setBit(key: RedisArgument, offset: number, value: 0 | 1): Command<0 | 1> {
  return command(SETBIT, [key, offset, value]);
}

import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, pairs, type Text, toObject } from "./decode.ts";

/** Which keys cost the server most. Redis 8.6. */

const HOTKEYS_GET = spec("HOTKEYS GET", { keys: null });
const HOTKEYS_RESET = spec("HOTKEYS RESET", { keys: null });
const HOTKEYS_START = spec("HOTKEYS START", { keys: null });
const HOTKEYS_STOP = spec("HOTKEYS STOP", { keys: null });

/** Options of {@link hotkeysStart}. */
export interface HotkeysStartOptions {
  /** What is measured: time of the processor, bytes on the network; `count` says how many of the two. */
  readonly METRICS: {
    readonly count: number;
    readonly CPU?: boolean | undefined;
    readonly NET?: boolean | undefined;
  };
  /** How many keys to list for each. */
  readonly COUNT?: number | undefined;
  /** Seconds after which it stops by itself. */
  readonly DURATION?: number | undefined;
  /** Look at one command in so many. */
  readonly SAMPLE?: number | undefined;
  /** Only keys of these slots. */
  readonly SLOTS?: { readonly count: number; readonly slots: readonly number[] } | undefined;
}

/** A key, and what it cost. */
export interface Hotkey {
  readonly key: string;
  readonly value: number;
}

/** What was measured. */
export interface HotkeysReply {
  readonly trackingActive: number;
  readonly sampleRatio: number;
  readonly selectedSlots: { readonly start: number; readonly end: number }[];
  readonly byCpuTimeUs?: Hotkey[];
  readonly byNetBytes?: Hotkey[];
  /** Totals: microseconds, milliseconds and bytes, as the end of the name says. */
  readonly [total: string]: unknown;
}

/** What was measured so far; null when nothing was started. */
export function hotkeysGet(): Command<HotkeysReply | null> {
  return command(HOTKEYS_GET, [], (reply: Mapping | null) => reply && toHotkeys(reply));
}

/** Forgets what was measured. */
export function hotkeysReset(): Command<"OK"> {
  return command(HOTKEYS_RESET, []);
}

/** Begins to measure. */
export function hotkeysStart(options: HotkeysStartOptions): Command<"OK"> {
  const { METRICS, COUNT, DURATION, SAMPLE, SLOTS } = options;
  const args: RedisArgument[] = ["METRICS", METRICS.count];
  if (METRICS.CPU) args.push("CPU");
  if (METRICS.NET) args.push("NET");
  if (COUNT !== undefined) args.push("COUNT", COUNT);
  if (DURATION !== undefined) args.push("DURATION", DURATION);
  if (SAMPLE !== undefined) args.push("SAMPLE", SAMPLE);
  if (SLOTS !== undefined) args.push("SLOTS", SLOTS.count, ...SLOTS.slots);
  return command(HOTKEYS_START, args);
}

/** Stops measuring; null when it had not begun. */
export function hotkeysStop(): Command<"OK" | null> {
  return command(HOTKEYS_STOP, []);
}

function toHotkeys(reply: Mapping): HotkeysReply {
  // RESP2 wraps the one mapping in a list.
  const mapping = Array.isArray(reply) && reply.length === 1 ? (reply[0] as Mapping) : reply;
  const hotkeys: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(toObject(mapping, toMeasure))) {
    hotkeys[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] = value;
  }
  return hotkeys as unknown as HotkeysReply;
}

function toMeasure(value: never, name: string): unknown {
  if (name === "selected-slots") return (value as (number | [number, number?])[]).map(toRange);
  if (!name.startsWith("by-")) return Number(value);
  const costs = value as readonly unknown[] | ReadonlyMap<Text, Text>;
  return pairs(costs instanceof Map ? [...costs] : (costs as readonly unknown[]), toHotkey);
}

function toRange(slots: number | [start: number, end?: number]): { start: number; end: number } {
  const [start, end = start] = typeof slots === "number" ? [slots] : slots;
  return { start: Number(start), end: Number(end) };
}

function toHotkey(key: Text, value: Text | number): Hotkey {
  return { key: String(key), value: Number(value) };
}

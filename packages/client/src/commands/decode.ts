import type { Buffer } from "node:buffer";

/** Reading replies so that RESP2 and RESP3 give the same value. Text is a Buffer when the caller asked for Buffers. */

/** A string of the reply. */
export type Text = string | Buffer;

/** A double: bulk string in RESP2, number in RESP3. */
export type Double = Text | number;

/** Names and values: a flat list in RESP2, a Map in RESP3. */
export type Mapping<Value = unknown> = readonly unknown[] | ReadonlyMap<Text, Value>;

/** A number from a double of either protocol; `inf`, `-inf` and `nan` included. */
export function toNumber(reply: Double): number {
  if (typeof reply === "number") return reply;
  const text = String(reply);
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  if (text === "inf" || text === "+inf") return Number.POSITIVE_INFINITY;
  return text === "-inf" ? Number.NEGATIVE_INFINITY : Number.NaN;
}

/** {@link toNumber}, or null. */
export function toNumberOrNull(reply: Double | null): number | null {
  return reply === null ? null : toNumber(reply);
}

/** A list of {@link toNumberOrNull}. */
export function toNumbersOrNull(reply: readonly (Double | null)[]): (number | null)[] {
  return reply.map(toNumberOrNull);
}

/** A list of {@link toNumber}. */
export function toNumbers(reply: readonly Double[]): number[] {
  return reply.map(toNumber);
}

/** A yes or no: 1 or 0 in RESP2. */
export function toBoolean(reply: number | boolean): boolean {
  return reply === 1 || reply === true;
}

/** A list of {@link toBoolean}. */
export function toBooleans(reply: readonly (number | boolean)[]): boolean[] {
  return reply.map(toBoolean);
}

/** Pairs of either protocol (`[a, 1, b, 2]` or `[[a, 1], [b, 2]]`), each given to `make`. */
export function pairs<Item>(reply: readonly unknown[], make: (name: never, value: never) => Item): Item[] {
  const items: Item[] = [];
  if (Array.isArray(reply[0])) {
    for (const [name, value] of reply as [never, never][]) items.push(make(name, value));
  } else {
    for (let i = 0; i < reply.length; i += 2) items.push(make(reply[i] as never, reply[i + 1] as never));
  }
  return items;
}

/** The entries of a {@link Mapping} as a plain object without prototype, each value read by `read`. */
export function toObject<Value = unknown>(
  reply: Mapping,
  read: (value: never, name: string) => Value = (value) => value,
): Record<string, Value> {
  const object: Record<string, Value> = Object.create(null);
  const entries = Array.isArray(reply) ? pairs(reply, (name, value) => [name, value] as const) : reply;
  for (const [name, value] of entries as Iterable<[Text, never]>) {
    const key = String(name);
    object[key] = read(value, key);
  }
  return object;
}

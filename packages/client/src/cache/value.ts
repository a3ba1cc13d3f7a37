import { Buffer } from "node:buffer";

/** What an object, array or string takes besides its contents, about. */
const overhead = 16;

/**
 * A reply of its own for each caller: who changes it changes nobody else's. Strings and numbers are given as they are.
 */
export function copyOf<Value>(value: Value): Value {
  return copied(value) as Value;
}

function copied(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [copied(key), copied(each)]));
  if (value instanceof Date) return new Date(value);
  const object = Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>;
  for (const [key, each] of Object.entries(value)) object[key] = copied(each);
  return object;
}

/** How many bytes a reply takes, about. */
export function bytesOf(value: unknown): number {
  if (typeof value === "string") return overhead + value.length;
  if (typeof value !== "object" || value === null) return overhead;
  if (Buffer.isBuffer(value)) return overhead + value.length;
  let bytes = overhead;
  if (Array.isArray(value)) for (const each of value) bytes += bytesOf(each);
  else if (value instanceof Map) for (const [key, each] of value) bytes += bytesOf(key) + bytesOf(each);
  else for (const [key, each] of Object.entries(value)) bytes += bytesOf(key) + bytesOf(each);
  return bytes;
}

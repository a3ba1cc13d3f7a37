import type { RedisServer } from "@redoubt/server";

/** Keys with a value of 16 bytes each. */
export const keys: readonly string[] = Array.from(
  { length: 1000 },
  (_, i) => `key:${String(i).padStart(6, "0")}`,
);

/** The first hundred of {@link keys}, for MGET. */
export const hundredKeys: string[] = keys.slice(0, 100);

/** 16 bytes. */
export const smallValue = "0123456789abcdef";

/** 64 KiB. */
export const largeValue: string = "x".repeat(65_536);

/** {@link largeValue} as bytes. */
export const largeBytes: Buffer = Buffer.from(largeValue);

/** 16 MiB. */
export const giantLength: number = 16 * 1024 * 1024;

/** Length of the value under `huge`, bytes: 100 MiB. */
export const hugeLength: number = 100 * 1024 * 1024;

/** Writes what the shapes read. */
export async function fill(server: RedisServer): Promise<void> {
  using control = await server.control();
  await control.call("MSET", ...keys.flatMap((key) => [key, smallValue]));
  await control.call("SET", "large", largeValue);
  const fields = Array.from({ length: 50 }, (_, i) => [`field:${i}`, `value-of-field-${i}`]);
  await control.call("HSET", "hash50", ...fields.flat());
  await control.call("RPUSH", "list500", ...Array.from({ length: 500 }, (_, i) => `list-item-${i}`));
  // A single byte at the end: the server makes up the rest, and nothing of that size is sent.
  await control.call("SETRANGE", "giant", String(giantLength - 1), "x");
  await control.call("SETRANGE", "huge", String(hugeLength - 1), "x");
}

import { setTimeout as delay } from "node:timers/promises";
import type { RedisServer } from "@redoubt/server";

/** How often it is looked, ms. */
const interval = 10;
/** How long servers may take for a failover, ms. */
const failoverPatience = 15_000;

/**
 * Looks again and again until something is so.
 * @param what for the error
 * @param ms how long it may take
 * @throws Error when it is still not so
 */
export async function until(
  what: string,
  ms: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > ms) throw new Error(`not within ${ms} ms: ${what}`);
    await delay(interval);
  }
}

/**
 * Asks servers the same thing until one of them gives the answer that is waited for.
 * @returns how long it took, ms
 * @throws Error when none does, or one cannot be asked
 */
export async function untilOneSays(
  servers: readonly RedisServer[],
  question: readonly string[],
  holds: (reply: unknown) => boolean,
): Promise<number> {
  const began = performance.now();
  const lines = await Promise.all(servers.map((server) => server.control()));
  try {
    await until(question.join(" "), failoverPatience, async () =>
      (await Promise.all(lines.map((line) => line.call(...question)))).some(holds),
    );
  } finally {
    for (const line of lines) line.close();
  }
  return performance.now() - began;
}

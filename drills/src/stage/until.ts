import { setTimeout as delay } from "node:timers/promises";

/** How often it is looked, ms. */
const interval = 10;

/**
 * Looks again and again until something is so.
 * @param what for the error
 * @param ms how long it may take
 * @returns how long it took, ms
 * @throws Error when it is still not so
 */
export async function until(
  what: string,
  ms: number,
  holds: () => boolean | Promise<boolean>,
): Promise<number> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > ms) throw new Error(`not within ${ms} ms: ${what}`);
    await delay(interval);
  }
  return performance.now() - began;
}

import { setTimeout as delay } from "node:timers/promises";
import type { ControlConnection } from "../control/connection.ts";
import type { RedisServer } from "../server/server.ts";

/** Time between two looks (ms). */
const interval = 25;

/**
 * Looks at a server again and again until it says what it should.
 *
 * @param look returns undefined when all is well, else what is still missing
 * @param timeout milliseconds
 * @throws Error naming what was missing at last
 */
export async function until(
  server: RedisServer,
  timeout: number,
  look: (control: ControlConnection) => Promise<string | undefined>,
): Promise<void> {
  const deadline = performance.now() + timeout;
  using control = await server.control();
  for (;;) {
    const missing = await look(control);
    if (missing === undefined) return;
    if (performance.now() > deadline)
      throw new Error(
        `not ready within ${timeout} ms: ${missing}. Last words of ${server.address}:\n${server.log()}`,
      );
    await delay(interval);
  }
}

/** The fields of `INFO section` or `CLUSTER INFO`. */
export function fields(reply: unknown): Record<string, string> {
  const lines = String(reply)
    .split("\r\n")
    .filter((line) => line.includes(":"));
  return Object.fromEntries(lines.map((line) => line.split(/:(.*)/, 2) as [string, string]));
}

/** Says what of the expected fields is still otherwise. */
export function difference(
  seen: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, string>>,
): string | undefined {
  const wrong = Object.entries(expected).filter(([key, value]) => seen[key] !== value);
  if (wrong.length === 0) return undefined;
  return wrong.map(([key, value]) => `${key} is ${String(seen[key])}, not ${value}`).join(", ");
}

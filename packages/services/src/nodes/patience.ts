import { setTimeout as delay } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";

/**
 * Looks again and again until nothing is missing any more.
 *
 * @param look resolves with what is missing, null for nothing; what it throws counts as missing
 * @param options `limit`, `every`: milliseconds
 * @throws RedoubtError `SERVICE_FAILED` with what was missing at last
 */
export async function until(
  what: string,
  look: () => Promise<string | null>,
  { limit = 60_000, every = 25, signal }: { limit?: number; every?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const deadline = performance.now() + limit;
  for (;;) {
    const missing = await look().catch((error: unknown) => (error as Error).message);
    if (missing === null) return;
    signal?.throwIfAborted();
    if (performance.now() > deadline)
      throw new RedoubtError("SERVICE_FAILED", `${what}: not done within ${limit} ms: ${missing}`);
    await delay(every);
  }
}

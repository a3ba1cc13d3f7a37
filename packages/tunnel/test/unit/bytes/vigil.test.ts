import { availableParallelism } from "node:os";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { Vigil } from "../../../src/bytes/vigil.ts";

/** How often the event loop is kept from sleeping by a vigil that begins now and is not ended. */
async function turnsKept(vigil: Vigil): Promise<number> {
  const kept = vi.spyOn(globalThis, "setImmediate");
  try {
    vigil.begin(performance.now());
    return kept.mock.calls.length;
  } finally {
    kept.mockRestore();
    await asleep();
  }
}

/** Longer than any vigil. */
async function asleep(): Promise<void> {
  const over = performance.now() + 1;
  while (performance.now() < over) await turn();
}

test.runIf(availableParallelism() > 1)(
  "what comes in time is waited for; what does not, is not",
  async () => {
    const vigil = new Vigil();
    expect(await turnsKept(vigil)).toBe(1);
    for (let i = 0; i < 20; i++) {
      const now = performance.now();
      vigil.begin(now);
      vigil.end(now + 5);
    }
    await asleep();
    expect(await turnsKept(vigil)).toBe(0);
    // It would have come in time again, and again.
    for (let i = 0; i < 100; i++) {
      const now = performance.now();
      vigil.begin(now);
      vigil.end(now + 0.05);
    }
    await asleep();
    expect(await turnsKept(vigil)).toBe(1);
  },
);

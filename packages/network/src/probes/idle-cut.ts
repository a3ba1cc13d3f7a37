import type { Dialled } from "@redoubt/client/net";
import { Pinger } from "./pinger.ts";

/** When connections on which nothing is said are cut. */
export interface IdleCut {
  /** For how long the longest one was silent, ms. */
  readonly watched: number;
  /** The longest silence that a connection survived, ms; 0 for none. */
  readonly survived: number;
  /** The shortest silence after which one was cut; `null` where none was. */
  readonly cutAfter: number | null;
  /** `FIN`, `ECONNRESET`…; `silently` where nobody said so, and only the next command found out. */
  readonly how: string | null;
}

/** Shares of the time for which connections are silent. Several, because a cut that nobody announces has no time of its own. */
const shares: readonly number[] = [0.25, 0.5, 0.75, 1];

/**
 * Opens several connections, keeps each silent for its own time, and asks then.
 * @param dial opens one
 */
export async function measureIdleCut(
  dial: () => Promise<Dialled>,
  longest: number,
  timeout: number,
  signal: AbortSignal,
): Promise<IdleCut> {
  const outcomes = await Promise.all(
    shares.map(async (share) => {
      const pinger = new Pinger(await dial());
      pinger.beSilent();
      const start = performance.now();
      try {
        await silence(longest * share, pinger, signal);
        const alive = (await pinger.ask(timeout)) !== null;
        if (alive) return { silent: longest * share, cutAfter: null, how: null };
        const { closedAt, closedBy } = pinger;
        // Closed only when it was asked: the peer had forgotten it long before.
        const told = closedAt !== null && closedAt - start < longest * share;
        return {
          silent: 0,
          cutAfter: told ? closedAt - start : longest * share,
          how: told ? closedBy : "silently",
        };
      } finally {
        pinger.close();
      }
    }),
  );
  const cut = outcomes
    .filter(({ cutAfter }) => cutAfter !== null)
    .toSorted((a, b) => (a.cutAfter ?? 0) - (b.cutAfter ?? 0))[0];
  return {
    watched: longest,
    survived: Math.max(...outcomes.map(({ silent }) => silent)),
    cutAfter: cut?.cutAfter ?? null,
    how: cut?.how ?? null,
  };
}

/** Waits, but no longer than the connection lives. */
function silence(ms: number, pinger: Pinger, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = performance.now() + ms;
    const look = (): void => {
      const left = end - performance.now();
      if (left <= 0 || pinger.closedAt !== null || signal.aborted) resolve();
      else setTimeout(look, Math.min(left, 500));
    };
    look();
  });
}

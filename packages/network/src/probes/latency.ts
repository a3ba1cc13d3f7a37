import type { Dialled } from "@redoubt/client/net";
import { Pinger } from "./pinger.ts";

/** How long `PING` takes, ms. */
export interface Latency {
  readonly samples: number;
  readonly min: number;
  readonly mean: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
  /** How many took at most so long and longer than the row before, ms. The last row has no bound. */
  readonly histogram: readonly { readonly upTo: number | null; readonly count: number }[];
}

/** Bounds of the histogram, ms. */
const bounds: readonly number[] = [0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 1000];

/** Pings one after the other for so long. @returns `null` where nothing was answered */
export async function measureLatency(
  dialled: Dialled,
  forMs: number,
  timeout: number,
  signal: AbortSignal,
): Promise<Latency | null> {
  const pinger = new Pinger(dialled);
  const times: number[] = [];
  const end = performance.now() + forMs;
  try {
    while (performance.now() < end && !signal.aborted) {
      const ms = await pinger.ask(timeout);
      if (ms === null) break;
      times.push(ms);
      // A server on the same machine would be asked a hundred thousand times, for nothing.
      await new Promise((resolve) => setTimeout(resolve, Math.min(10, forMs / 100)));
    }
  } finally {
    pinger.close();
  }
  return statistics(times);
}

/** Statistics of times; `null` for none. */
export function statistics(times: readonly number[]): Latency | null {
  const sorted = times.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? max;
  const rows = [...bounds, null].map((upTo, index) => {
    const above = bounds[index - 1] ?? -1;
    return { upTo, count: sorted.filter((ms) => ms > above && (upTo === null || ms <= upTo)).length };
  });
  return {
    samples: sorted.length,
    min,
    mean: sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length,
    median: at(0.5),
    p99: at(0.99),
    max,
    histogram: rows,
  };
}

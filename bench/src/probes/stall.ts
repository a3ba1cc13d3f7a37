import { setTimeout as delay } from "node:timers/promises";
import type { BenchClient, Contender } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import { hugeLength } from "../shapes/dataset.ts";
import { ofLength, oneByOne } from "../shapes/workload.ts";
import { quantile } from "./quantile.ts";

/** How often the huge value is asked for. */
const times = 3;

/**
 * The longest that a command took on another connection, to another server, while this process was receiving a reply of
 * 100 MiB, ms: the median of several times.
 */
export async function measureStall(
  ask: (client: BenchClient) => Promise<unknown>,
  { connect }: Contender,
  { endpoint, quiet }: Task,
): Promise<Measurement> {
  const busy = await connect(endpoint);
  const other = await connect(quiet);
  const tally = { ops: 0, stop: false, latencies: null as number[] | null };
  const running = oneByOne((client, key) => client.get(key))(other, tally);
  const worst: number[] = [];
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    await delay(100);
    globalThis.gc?.();
    await delay(50);
    const latencies: number[] = [];
    tally.latencies = latencies;
    await ofLength(hugeLength, ask(busy));
    // The last one is still waiting: it was held up, too.
    await delay(20);
    tally.latencies = null;
    worst.push(Math.max(...latencies));
    all.push(...latencies);
  }
  tally.stop = true;
  await running;
  await Promise.all([busy.close(), other.close()]);
  return {
    value: quantile(worst, 0.5),
    p50Micros: quantile(all, 0.5) * 1000,
    p99Micros: quantile(all, 0.99) * 1000,
  };
}

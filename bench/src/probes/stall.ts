import { setTimeout as delay } from "node:timers/promises";
import type { BenchClient, Contender } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import { hugeLength, keys } from "../shapes/dataset.ts";
import { ofLength, oneByOne, type Tally } from "../shapes/workload.ts";
import { CountingSocket, encode } from "./counting-socket.ts";
import { median, quantile } from "./quantile.ts";

/** How often the huge value is asked for. */
const times = { full: 3, sparing: 1 };

/** Receives the huge value once. */
type Receive = () => Promise<unknown>;

/** Asks the other server for small values, one by one. */
type AskElsewhere = (tally: Tally) => Promise<void>;

/**
 * The longest that a command took on another connection, to another server, while this process was receiving a reply of
 * 100 MiB, ms: the median of several times.
 */
export async function measureStall(
  ask: (client: BenchClient) => Promise<unknown>,
  { connect }: Contender,
  { endpoint, quiet, sparing }: Task,
): Promise<Measurement> {
  const busy = await connect(endpoint);
  const other = await connect(quiet);
  const small = oneByOne((client, key) => client.get(key));
  const found = await longestWait(
    sparing ? times.sparing : times.full,
    () => ofLength(hugeLength, ask(busy)),
    (tally) => small(other, tally),
  );
  await busy.close();
  await other.close();
  return found;
}

/** {@link measureStall} of bare sockets: what the machine, TLS and Node themselves cost. */
export async function measureRawStall({ endpoint, quiet, sparing }: Task): Promise<Measurement> {
  const [busy, other] = [await CountingSocket.open(endpoint), await CountingSocket.open(quiet)];
  const [huge, small] = [encode(["GET", "huge"]), encode(["GET", keys[0] as string])];
  const replyLength = await other.replyLength(small);
  const found = await longestWait(
    sparing ? times.sparing : times.full,
    () => busy.exchange(huge, hugeLength),
    async (tally) => {
      while (!tally.stop) {
        const start = performance.now();
        await other.exchange(small, replyLength);
        tally.latencies?.push(performance.now() - start);
      }
    },
  );
  busy.socket.destroy();
  other.socket.destroy();
  return found;
}

async function longestWait(
  count: number,
  receive: Receive,
  askElsewhere: AskElsewhere,
): Promise<Measurement> {
  const tally: Tally = { ops: 0, stop: false, latencies: null, lastAt: null };
  const asking = askElsewhere(tally);
  const worst: number[] = [];
  const all: number[] = [];
  for (let i = 0; i < count; i++) {
    await delay(100);
    globalThis.gc?.();
    await delay(50);
    const latencies: number[] = [];
    tally.latencies = latencies;
    await receive();
    // The last one is still waiting: it was held up, too.
    await delay(20);
    tally.latencies = null;
    worst.push(Math.max(...latencies));
    all.push(...latencies);
  }
  tally.stop = true;
  await asking;
  return {
    value: median(worst),
    p50Micros: quantile(all, 0.5) * 1000,
    p99Micros: quantile(all, 0.99) * 1000,
  };
}

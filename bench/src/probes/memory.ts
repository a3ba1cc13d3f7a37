import { setTimeout as delay } from "node:timers/promises";
import { GCProfiler, getHeapStatistics } from "node:v8";
import type { BenchClient, Contender } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import { inFlight, type Tally } from "../shapes/workload.ts";

/** Connections that are opened before, so that what all share is not counted, and those that are measured. */
const connectionsBefore = 20;
const connections = { full: 200, sparing: 60 };

/** Commands that are run before, so that the compiler is done, and those that are measured. */
const commandsBefore = 100_000;
const commands = 200_000;

const mebi = 1024 * 1024;

async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await delay(20);
  }
}

/** Resident memory of one more connection that does nothing, KiB, with what OpenSSL and native code hold. */
export async function measureIdle({ connect }: Contender, { endpoint, sparing }: Task): Promise<Measurement> {
  const count = sparing ? connections.sparing : connections.full;
  const open: BenchClient[] = [];
  const openUpTo = async (number: number): Promise<void> => {
    while (open.length < number) {
      const client = await connect(endpoint);
      await client.get("key:000000");
      open.push(client);
    }
    await collect();
  };
  await openUpTo(connectionsBefore);
  const before = process.memoryUsage.rss();
  await openUpTo(connectionsBefore + count);
  const after = process.memoryUsage.rss();
  for (const client of open) await client.close();
  return { value: (after - before) / count / 1024 };
}

/**
 * What a million commands put on the heap, MiB: the work that they leave to the garbage collector. With it, how much of
 * that stays. Memory outside of V8's heap is not counted.
 */
export async function measureGarbage({ connect }: Contender, { endpoint }: Task): Promise<Measurement> {
  const client = await connect(endpoint);
  const run = async (count: number): Promise<void> => {
    const tally: Tally = { ops: 0, latencies: null, stop: false, lastAt: null };
    const ask = (asked: BenchClient, key: string): Promise<unknown> => {
      if (tally.ops >= count) tally.stop = true;
      return asked.get(key);
    };
    await inFlight(64, ask)(client, tally);
  };
  await run(commandsBefore);
  await collect();
  const start = getHeapStatistics().used_heap_size;
  const allocated = watchAllocations();
  await run(commands);
  const bytes = allocated();
  await collect();
  const retained = getHeapStatistics().used_heap_size - start;
  await client.close();
  return { value: (bytes / mebi / commands) * 1e6, retainedKiB: retained / 1024 };
}

/**
 * Begins to count what is allocated on V8's heap, bytes: what it grew by between collections. The count is exact, and
 * does not depend on when the collector runs.
 */
export function watchAllocations(): () => number {
  const profiler = new GCProfiler();
  profiler.start();
  const start = getHeapStatistics().used_heap_size;
  return () => {
    const end = getHeapStatistics().used_heap_size;
    let bytes = 0;
    let last = start;
    for (const { beforeGC, afterGC } of profiler.stop()?.statistics ?? []) {
      bytes += beforeGC.heapStatistics.usedHeapSize - last;
      last = afterGC.heapStatistics.usedHeapSize;
    }
    return bytes + end - last;
  };
}

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchClient } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import type { Tally, Workload } from "../shapes/workload.ts";
import { watchCpu } from "./cpu.ts";
import { holdData } from "./heap.ts";
import { startProfile } from "./profile.ts";
import { quantile } from "./quantile.ts";

/** A turn of the event loop is due this often while it is watched, ms. */
const loopResolution = 1;

/** How long a workload may take to end after it was told to, ms. */
const endingTime = 2000;

/** Commands per second of a workload over one client, as soon as it is warm. */
export async function measureLoad<Client extends Pick<BenchClient, "close">>(
  workload: Workload<Client>,
  client: Client,
  task: Task,
): Promise<Measurement> {
  try {
    return await measureTask((tally) => workload(client, tally), task);
  } finally {
    await client.close();
  }
}

/** {@link measureLoad} of anything that counts what it does. */
export async function measureTask(run: (tally: Tally) => Promise<void>, task: Task): Promise<Measurement> {
  if (task.holdsData) holdData();
  const tally: Tally = { ops: 0, stop: false, latencies: null, lastAt: null };
  const running = run(tally);
  await Promise.race([running, delay(task.warmUp)]);
  globalThis.gc?.();
  const latencies: number[] = [];
  tally.latencies = latencies;
  const before = tally.ops;
  const beganAt = tally.lastAt;
  const loop = monitorEventLoopDelay({ resolution: loopResolution });
  loop.enable();
  const profile = task.profiles ? await startProfile() : null;
  const shares = watchCpu(task.serverPids);
  await Promise.race([running, delay(task.duration)]);
  const { seconds, client, server, servers, others } = shares();
  loop.disable();
  const ops = tally.ops - before;
  const endedAt = tally.lastAt;
  const found = await profile?.();
  tally.latencies = null;
  tally.stop = true;
  await Promise.race([running, delay(endingTime)]);
  const period = beganAt === null ? seconds : ((endedAt ?? NaN) - beganAt) / 1000;
  return {
    value: ops / period,
    clientMicros: (client * seconds * 1e6) / ops,
    clientCpus: client,
    serverCpus: server,
    allServersCpus: servers,
    otherCpus: others,
    residentMiB: process.resourceUsage().maxRSS / 1024,
    loopP99Millis: Math.max(0, loop.percentile(99) / 1e6 - loopResolution),
    ...(found !== undefined && { profile: found }),
    ...(latencies.length > 0 && {
      p50Micros: quantile(latencies, 0.5) * 1000,
      p99Micros: quantile(latencies, 0.99) * 1000,
    }),
  };
}

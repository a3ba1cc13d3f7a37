import { type Party, whoWasBusy } from "../busy.ts";
import { disturbance } from "../measurement.ts";
import { childrenSeconds, machineSeconds, processSeconds } from "../probes/cpu.ts";
import type { Program } from "./program.ts";

/** How many CPUs each kept busy: the measured program with its children, Redis, whoever made the load, everybody else. */
export interface Busy {
  readonly own: number;
  readonly redis: number;
  readonly load: number;
  readonly others: number;
}

/** Begins to watch. @param redis its process */
export function watchBusy(program: Program, redis: number): () => Busy {
  const used = () => ({
    own: program.cpu,
    redis: processSeconds(redis),
    // redis-benchmark is a child, and over when it is asked for; connections are opened by this process.
    load: childrenSeconds() + processSeconds("self"),
    all: machineSeconds(),
  });
  const began = performance.now();
  const before = used();
  return () => {
    const after = used();
    const seconds = (performance.now() - began) / 1000;
    const rate = (who: keyof typeof after): number => (after[who] - before[who]) / seconds;
    const [own, redis, load] = [rate("own"), rate("redis"), rate("load")];
    return { own, redis, load, others: Math.max(0, rate("all") - own - redis - load) };
  };
}

/** {@link Busy} in words. @param processes that do the work of the measured program */
export function busyText({ own, redis, load, others }: Busy, processes: number): string {
  const parties: Party[] = [
    { name: "the tunnel", cpus: own, most: processes },
    { name: "Redis", cpus: redis },
    { name: "the load", cpus: load },
  ];
  const told = whoWasBusy(parties);
  return others > disturbance ? `${told}; others used ${others.toFixed(1)} CPUs meanwhile` : told;
}

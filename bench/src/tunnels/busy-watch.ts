import { type Party, whoWasBusy } from "../busy.ts";
import { childrenSeconds, processSeconds } from "../probes/cpu.ts";
import type { Program } from "./program.ts";

/** How many CPUs each kept busy: the measured program with its children, Redis, and whoever made the load. */
export interface Busy {
  readonly own: number;
  readonly redis: number;
  readonly load: number;
}

/** Begins to watch. @param redis its process */
export function watchBusy(program: Program, redis: number): () => Busy {
  const used = (): Busy => ({
    own: program.cpu,
    redis: processSeconds(redis),
    // redis-benchmark is a child, and over when it is asked for; connections are opened by this process.
    load: childrenSeconds() + processSeconds("self"),
  });
  const began = performance.now();
  const before = used();
  return () => {
    const after = used();
    const seconds = (performance.now() - began) / 1000;
    const rate = (who: keyof Busy): number => (after[who] - before[who]) / seconds;
    return { own: rate("own"), redis: rate("redis"), load: rate("load") };
  };
}

/** {@link Busy} in words. @param processes that do the work of the measured program */
export function busyText({ own, redis, load }: Busy, processes: number): string {
  const parties: Party[] = [
    { name: "the tunnel", cpus: own, most: processes },
    { name: "Redis", cpus: redis },
    { name: "the load", cpus: load },
  ];
  return whoWasBusy(parties);
}

import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { disturbance } from "../measurement.ts";

/** Ticks per second of the times in `/proc`: USER_HZ, 100 on every Linux that Node runs on. */
const ticks = 100;

const read = (file: string): string | null => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null; // not Linux: those figures are left out
  }
};

/** Fields of `/proc/PID/stat` behind the name, which may hold spaces and brackets: state, parent, … */
export function statFields(pid: number | "self"): readonly string[] {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
}

/** Seconds of CPU that a process has used, or NaN. */
export function processSeconds(pid: number | "self"): number {
  const fields = statFields(pid);
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

/** Seconds of CPU that those children of this process have used that are over, or NaN. */
export function childrenSeconds(): number {
  const fields = statFields("self");
  return (Number(fields[13]) + Number(fields[14])) / ticks;
}

/** Seconds of CPU that everything on this machine has used, or NaN. */
export function machineSeconds(): number {
  const [user, nice, system, , , irq, softirq, steal] =
    read("/proc/stat")?.split("\n")[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  return (
    [user, nice, system, irq, softirq, steal].reduce<number>((sum, each) => sum + (each ?? NaN), 0) / ticks
  );
}

/** Who used how much CPU since `start`; CPUs, so 1 is one core busy all the time. */
export interface CpuShares {
  readonly seconds: number;
  readonly client: number;
  /** The busiest of the servers, and all of them. */
  readonly server: number;
  readonly servers: number;
  readonly others: number;
}

/** Begins to watch the CPU of this process, of the servers, and of the whole machine. */
export function watchCpu(serverPids: readonly number[]): () => CpuShares {
  const start = performance.now();
  const own = process.cpuUsage();
  const before = serverPids.map(processSeconds);
  const machine = machineSeconds();
  return () => {
    const seconds = (performance.now() - start) / 1000;
    const used = process.cpuUsage(own);
    const client = (used.user + used.system) / 1e6 / seconds;
    const each = serverPids.map((pid, i) => (processSeconds(pid) - (before[i] ?? NaN)) / seconds);
    const servers = each.reduce((sum, cpus) => sum + cpus, 0);
    const others = Math.max(0, (machineSeconds() - machine) / seconds - client - servers);
    return { seconds, client, server: Math.max(...each), servers, others };
  };
}

/** How many CPUs are busy during some milliseconds; NaN where that cannot be known. */
export async function busyCpus(ms: number): Promise<number> {
  const start = performance.now();
  const before = machineSeconds();
  await delay(ms);
  return ((machineSeconds() - before) / (performance.now() - start)) * 1000;
}

/** Resolves when nobody uses the machine, or the time is over. */
export async function waitForQuiet(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until && (await busyCpus(100)) > disturbance);
}

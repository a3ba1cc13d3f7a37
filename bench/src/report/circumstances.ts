import { cpus, release, totalmem, type } from "node:os";
import type { Plan } from "../rounds.ts";
import type { Servers } from "../servers.ts";

/** Where, when and how figures were made. */
export interface Circumstances {
  /** `2026-11-20`. */
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly server: string;
  /** How long and how often each measurement was made. */
  readonly method: string;
  /** Measurements, and how many of them others disturbed. */
  readonly measurements: number;
  readonly disturbed: number;
}

/** What is to be known of figures, when they have been made. */
export async function describeCircumstances(
  plan: Plan,
  servers: Servers,
  counted: Pick<Circumstances, "measurements" | "disturbed">,
): Promise<Circumstances> {
  const all = cpus();
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  const { rounds, duration } = plan;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${all.length} CPUs (${all[0]?.model.trim() ?? "unknown"}), ${memory}, ${type()} ${release()}`,
    node: plan.node.version,
    server: await servers.version(),
    method: `${rounds === 1 ? "one round" : `median of ${rounds} rounds`} of ${duration / 1000} s`,
    ...counted,
  };
}

import type { Drill, Outcome } from "./drill.ts";
import { findings } from "./verdict.ts";

/** A drill that was run. */
export interface Performance {
  readonly drill: Drill;
  /** From the start of the servers to the end of the last process, ms. */
  readonly ms: number;
  /** null when it broke. */
  readonly outcome: Outcome | null;
  /** What is wrong; empty when it is passed. */
  readonly findings: readonly string[];
}

/** Runs a drill and judges it. It never throws: a drill that breaks has failed. */
export async function perform(drill: Drill): Promise<Performance> {
  const began = performance.now();
  const ms = (): number => performance.now() - began;
  try {
    const outcome = await drill.run();
    return { drill, ms: ms(), outcome, findings: findings(drill.allowed, outcome) };
  } catch (error) {
    return { drill, ms: ms(), outcome: null, findings: [(error as Error).message] };
  }
}

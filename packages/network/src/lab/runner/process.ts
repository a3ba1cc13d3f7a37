import { readFileSync } from "node:fs";

/** A process, told from a later one of the same number by when it started. */
export interface ProcessId {
  readonly pid: number;
  /** In the ticks of `/proc/PID/stat`, field 22. */
  readonly started: string;
}

/** The process of that number; `null` where there is none, or it has ended and was only not collected yet. */
export function processId(pid: number): ProcessId | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name of the program stands in parentheses and may hold anything, parentheses included.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, started] = [fields[0], fields[19]];
    return state === "Z" || state === "X" || started === undefined ? null : { pid, started };
  } catch {
    return null;
  }
}

/** Whether it still runs. */
export function stillRuns({ pid, started }: ProcessId): boolean {
  return processId(pid)?.started === started;
}

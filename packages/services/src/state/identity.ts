import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * What tells a process from a later one with the same number: when it started, and since which start of the machine that is
 * counted.
 *
 * @returns null when there is no such process, or it has ended and was only not collected yet
 */
export async function processIdentity(pid: number): Promise<string | null> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  if (process.platform === "linux") return fromProc(pid);
  try {
    const { stdout } = await run("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { timeout: 5_000 });
    const [state = "", ...started] = stdout.trim().split(/\s+/);
    return state === "" || state.startsWith("Z") ? null : started.join(" ");
  } catch {
    return null;
  }
}

async function fromProc(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "latin1"),
      readFile("/proc/sys/kernel/random/boot_id", "latin1").catch(() => ""),
    ]);
    // The name of the program stands in parentheses and may hold anything, parentheses included.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    // Field 22 of proc(5), counted from 1; the first here is field 3.
    const started = fields[19];
    return state === "Z" || state === "X" || started === undefined ? null : `${boot.trim()}:${started}`;
  } catch {
    return null;
  }
}

/** Whether the process still runs that had this number and identity. */
export async function stillRuns(pid: number, identity: string): Promise<boolean> {
  return (await processIdentity(pid)) === identity;
}

import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { readIfThere } from "../state/disk.ts";
import { processIdentity, stillRuns } from "../state/identity.ts";

/** A process that is known by number and start, whoever started it. */
export interface KnownProcess {
  readonly pid: number;
  readonly identity: string;
}

/**
 * Starts a program that outlives this one: a session of its own, no terminal, what it says in a file.
 * @returns null when it ended before it could be looked at
 * @throws Error when it cannot be run
 */
export async function startDetached(
  program: string,
  args: readonly string[],
  folder: string,
  wordsFile: string,
): Promise<KnownProcess | null> {
  const words = await open(wordsFile, "w", 0o600);
  try {
    const child = spawn(program, args, {
      cwd: folder,
      detached: true,
      stdio: ["ignore", words.fd, words.fd],
    });
    const { pid } = child;
    if (pid === undefined)
      await new Promise((_, reject) => {
        child.once("error", reject);
      });
    child.on("error", () => {});
    child.unref();
    if (pid === undefined) return null;
    const identity = await processIdentity(pid);
    return identity === null ? null : { pid, identity };
  } finally {
    await words.close();
  }
}

/** The process whose number a file holds, if it runs and `argument` is part of its command line. */
export async function fromPidFile(path: string, argument: string): Promise<KnownProcess | null> {
  const pid = Number.parseInt((await readIfThere(path)) ?? "", 10);
  const identity = Number.isNaN(pid) ? null : await processIdentity(pid);
  if (identity === null) return null;
  try {
    // Without /proc the number alone must do: it is asked over its own socket, too, before it is taken up.
    if (process.platform === "linux") {
      const title = await readFile(`/proc/${pid}/cmdline`, "utf8");
      if (!title.split("\0").join(" ").includes(argument)) return null;
    }
    return { pid, identity };
  } catch {
    return null;
  }
}

/**
 * Ends a process: SIGTERM, and SIGKILL after `grace` ms. Resolves when it is gone.
 * @throws Error when even that does not end it
 */
export async function endProcess({ pid, identity }: KnownProcess, grace: number): Promise<void> {
  for (const [signal, patience] of [
    ["SIGTERM", grace],
    ["SIGKILL", 10_000],
  ] as const) {
    if (!(await stillRuns(pid, identity))) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = performance.now() + patience;
    while (performance.now() < deadline) {
      if (!(await stillRuns(pid, identity))) return;
      await delay(20);
    }
  }
  throw new Error(`process ${pid} does not end`);
}

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { labFailed } from "./failure.ts";
import { type ProcessId, processId, stillRuns } from "./process.ts";
import { insideWords, programPath } from "./system.ts";

/** A program that is to run in a namespace for as long as the laboratory does. */
export interface DaemonSetting {
  readonly namespace: string;
  /** Program and arguments. No secret may be among them: they can be seen in lists of processes. */
  readonly words: readonly string[];
  /** What it prints goes here, 0600. */
  readonly logFile: string;
  readonly folder: string;
  /** Whether it serves by now. */
  readonly isReady: (log: string) => boolean | Promise<boolean>;
}

/** What the program writes is for this user alone. */
const privately = ["sh", "-c", 'umask 077; exec "$@"', "sh"] as const;

/** How long a program may take to serve, ms. */
const patience = 20_000;

/**
 * Starts a program that outlives this one, and waits until it serves.
 *
 * @throws RedoubtError `LAB_FAILED` with its last words when it ends before that, or takes too long
 */
export async function startDaemon(setting: DaemonSetting): Promise<ProcessId> {
  const { namespace, words, logFile, folder, isReady } = setting;
  const log = openSync(logFile, "w", 0o600);
  // `ip netns exec` becomes the shell and that the program, so that the process id is the program's.
  const child = spawn(programPath("ip") ?? "ip", insideWords(namespace, [...privately, ...words]), {
    cwd: folder,
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: process.env["PATH"], LANG: "C" },
  });
  closeSync(log);
  const failed = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended (${signal ?? `code ${code}`})`));
  });
  const what = `starting ${words[0]?.split("/").at(-1)} in ${namespace}`;
  const deadline = Date.now() + patience;
  for (;;) {
    const said = await Promise.race([failed, delay(15)]);
    const text = readFileSync(logFile, "utf8");
    if (said !== undefined) throw labFailed(what, `${said}\n${text.split("\n").slice(-4).join("\n")}`);
    if (await isReady(text)) break;
    if (Date.now() > deadline) {
      child.kill("SIGKILL");
      throw labFailed(what, `it was not ready within ${patience} ms`);
    }
  }
  child.unref();
  return processId(child.pid ?? 0) ?? { pid: child.pid ?? 0, started: "" };
}

/** Ends a program: in peace, after three seconds by force. */
export async function endDaemon(id: ProcessId): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!stillRuns(id)) return;
    process.kill(id.pid, signal);
    const deadline = Date.now() + 3_000;
    while (stillRuns(id) && Date.now() < deadline) await delay(15);
  }
}

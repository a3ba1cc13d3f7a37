import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { processIdentity } from "@redoubt/services/machine";
import { onTestFinished, vi } from "vitest";

/** The built package: what a user's file would import by name. */
const built = pathToFileURL(join(import.meta.dirname, "../dist/index.js")).href;

/** An app's file that runs in a process of its own, with the built package, as `node apphost.mjs` does. */
export class Host {
  readonly folder: string;
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  /** Exit code, or the signal. */
  readonly ended: Promise<number | string>;

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder;
    this.child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.ended = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  }

  /** A folder for an app and its state, gone when the test is over. */
  static async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "redoubt-host-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
    return folder;
  }

  /** @param text of the file; it has `createBuilder` and `builder` */
  static async start(folder: string, text: string, variables: NodeJS.ProcessEnv = {}): Promise<Host> {
    const file = join(folder, "apphost.mjs");
    await writeFile(
      file,
      `import { createBuilder } from ${JSON.stringify(built)};\nconst builder = createBuilder();\n${text}\nawait builder.build().run();\n`,
    );
    const env = { ...process.env, ...environmentOf(folder), ...variables };
    const child = spawn(process.execPath, [file], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const host = new Host(folder, child);
    onTestFinished(async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await host.ended;
    });
    return host;
  }

  /** Waits until it has written something to stderr. */
  async says(what: string | RegExp): Promise<void> {
    await vi.waitUntil(() => this.stderr.match(what) !== null, { timeout: 30_000, interval: 20 });
  }

  /** Numbers that programs have written as `pid NUMBER`. */
  get pids(): number[] {
    return [...this.stdout.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
  }
}

/** Environment variables by which all that an app keeps lies in its folder. */
export function environmentOf(folder: string): NodeJS.ProcessEnv {
  return { REDOUBT_HOME: join(folder, "home") };
}

/** Whether a process runs; one that has ended and was not collected does not. */
export async function runs(pid: number): Promise<boolean> {
  return (await processIdentity(pid)) !== null;
}

import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { BoundedLog } from "./log.ts";
import type { ServerEnd } from "./options.ts";

/** How long a server may take to end by itself before it is killed (ms). */
const graceMs = 5_000;

/** What is needed to run the server program. */
export interface ProcessOptions {
  readonly binary: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly log: BoundedLog;
  /** The line in the server's own log that says that it serves. */
  readonly readyLine: RegExp;
  /** Milliseconds until the server must be ready. */
  readonly startTimeout: number;
  readonly signal: AbortSignal | undefined;
  /** Called with the process id as soon as there is one. */
  readonly onSpawn: (pid: number) => void;
  /** Called when the process has ended, whatever the reason. */
  readonly onExit: () => void;
}

/** One run of the server program, from its start to its end. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<string>;
  /** Resolves when the program has ended. */
  readonly ended: Promise<ServerEnd>;
  #ended = false;
  /** Why the program could not be run. */
  #unrunnable: string | null = null;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: string | null) => {
        this.#ended = true;
        resolve({ code, signal });
      };
      child.once("error", (error) => {
        this.#unrunnable = error.message;
        end(null, null);
      });
      // Not "exit": the last words may still be in the pipe then.
      child.once("close", end);
    });
    this.#exited = this.ended.then(({ code, signal }) => {
      if (this.#unrunnable !== null) return `could not be run: ${this.#unrunnable}`;
      return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    });
  }

  /**
   * Runs the program and resolves when its log says that it serves.
   *
   * @throws Error with the last lines of the log when it ends before that, or is not ready in time
   */
  static async start(options: ProcessOptions): Promise<ServerProcess> {
    const { binary, args, folder, log, readyLine, startTimeout, signal } = options;
    signal?.throwIfAborted();
    // Its own process group: Ctrl-C must reach the program that uses the server, not take the server away from it.
    const child = spawn(binary, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const running = new ServerProcess(child);
    child.once("exit", options.onExit);
    if (child.pid !== undefined) options.onSpawn(child.pid);
    const ready = new Promise<"ready">((resolve) => {
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding("utf8").on("data", (text: string) => {
          if (log.add(text).some((line) => readyLine.test(line))) resolve("ready");
        });
    });
    const waiting = new AbortController();
    const deadline = delay(startTimeout, `was not ready within ${startTimeout} ms`, {
      signal: signal ? AbortSignal.any([signal, waiting.signal]) : waiting.signal,
    }).catch(() => "was told to stop");
    const outcome = await Promise.race([ready, running.#exited, deadline]);
    waiting.abort();
    if (outcome !== "ready") {
      await running.stop();
      signal?.throwIfAborted();
      throw new Error(`${binary} ${outcome}. Its last words:\n${log.toString()}`);
    }
    running.#unref();
    return running;
  }

  /** Undefined when it has ended. */
  get pid(): number | undefined {
    return this.#ended ? undefined : this.#child.pid;
  }

  /** Ends the server: SIGTERM, and SIGKILL when it has not ended {@link graceMs} later. Resolves when it is gone. */
  async stop(): Promise<void> {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (this.#ended) return;
      this.#child.kill(signal);
      const waiting = new AbortController();
      await Promise.race([
        this.#exited,
        delay(graceMs, undefined, { signal: waiting.signal }).catch(() => {}),
      ]);
      waiting.abort();
    }
    if (!this.#ended) throw new Error(`the server (process ${this.#child.pid}) did not end on SIGKILL`);
  }

  /** Lets the program end that forgot to stop its server: the guard stops it then. */
  #unref(): void {
    this.#child.unref();
    for (const stream of [this.#child.stdout, this.#child.stderr]) (stream as Socket | null)?.unref();
  }
}

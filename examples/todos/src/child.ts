import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Started } from "./service.ts";

const program = fileURLToPath(new URL("service.js", import.meta.url));

/** How long the service may take to start, or to stop before it is killed (ms). */
const patience = 10_000;

/** The todo service, running as a process of its own. */
export class ServiceProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  /** Resolves when it has ended, asked or not, with how. */
  readonly ended: Promise<string>;

  private constructor(child: ChildProcess, address: string, ended: Promise<string>) {
    this.#child = child;
    this.address = address;
    this.ended = ended;
  }

  /**
   * Starts the service and waits until it listens. What it has to say against that, it says on stderr.
   *
   * @param environment where the service finds its connection string
   */
  static async start(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<ServiceProcess> {
    // Its own process group: Ctrl-C comes to the parent, which stops the service first and Redis after it. The channel
    // ends with the parent, and the service with the channel.
    const child = spawn(process.execPath, [program], {
      env: environment,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      detached: true,
    });
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, by) => resolve(by === null ? `exit code ${code}` : by));
    });
    const started = once(child, "message", { signal }).then(([message]) => message as Started);
    const waiting = new AbortController();
    const late = delay(patience, "not ready in time", { signal: waiting.signal });
    try {
      const outcome = await Promise.race([started, ended, late]);
      if (typeof outcome === "string") throw new Error(`The todo service did not start (${outcome}).`);
      return new ServiceProcess(child, outcome.address, ended);
    } catch (error) {
      child.kill("SIGKILL");
      await ended;
      throw error;
    } finally {
      waiting.abort();
    }
  }

  /** Asks it to stop, and kills it if it does not. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    await this.ended;
    clearTimeout(kill);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

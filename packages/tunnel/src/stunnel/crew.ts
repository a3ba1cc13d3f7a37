import cluster, { type Worker } from "node:cluster";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { RedoubtError } from "@redoubt/client";
import { removeStale } from "../listen/socket-file.ts";
import type { Logger } from "./log.ts";
import { resolve } from "./resolve.ts";
import { parseSource } from "./source.ts";
import { type Answer, type Order, problemError } from "./worker-messages.ts";

/** A worker that dies is replaced after this time, ms: one that dies at once shall not keep the machine busy. */
const pause = 1000;

/** Beyond the time to drain, how long a worker may take to end before it is killed, ms. */
const grace = 4000;

/** The processes that share the work of a tunnel. The first process accepts and hands connections out in turn. */
export class Crew {
  readonly #file: string;
  readonly #ticketKeys = randomBytes(48).toString("base64");
  readonly #workers: (Worker | null)[];
  readonly #log: Logger;
  /** Unix sockets of the file that is in force. */
  #sockets: readonly string[] = [];
  #ending = false;

  private constructor(file: string, count: number, log: Logger) {
    this.#file = file;
    this.#workers = Array.from({ length: count }, () => null);
    this.#log = log;
    cluster.setupPrimary({
      exec: fileURLToPath(new URL("./worker.js", import.meta.url)),
      args: [],
      silent: false,
    });
    cluster.schedulingPolicy = cluster.SCHED_RR;
  }

  /**
   * Starts the workers, the first one alone: when it cannot, why is thrown.
   * @throws RedoubtError what `Stunnel.start` throws
   */
  static async start(file: string, count: number, log: Logger): Promise<Crew> {
    const crew = new Crew(file, count, log);
    try {
      await crew.#clearSockets();
      await crew.#hire(0);
      await Promise.all(crew.#workers.slice(1).map((_, index) => crew.#hire(index + 1)));
    } catch (error) {
      await crew.stop(0);
      throw error;
    }
    return crew;
  }

  /** What is wrong with the file, or null; the first worker tries it, and the others follow only where that went well. */
  async reload(): Promise<RedoubtError | null> {
    await this.#clearSockets();
    for (const worker of this.#alive()) {
      const { problem } = await ask(worker, { order: "reload" });
      if (problem !== null) return problemError(problem);
    }
    return null;
  }

  /** @throws RedoubtError `CONFIG_FILE` */
  async becomeUser(): Promise<void> {
    for (const worker of this.#alive()) {
      const { problem } = await ask(worker, { order: "become" });
      if (problem !== null) throw problemError(problem);
    }
  }

  async reopenLog(): Promise<void> {
    await Promise.all(this.#alive().map((worker) => ask(worker, { order: "reopen" })));
  }

  /** A line for each open connection. */
  async connections(): Promise<string[]> {
    const answers = await Promise.all(this.#alive().map((worker) => ask(worker, { order: "list" })));
    return answers.flatMap(({ lines }) => lines);
  }

  async stop(drain: number): Promise<void> {
    this.#ending = true;
    await Promise.all(
      this.#alive().map(async (worker) => {
        const exited = once(worker, "exit");
        const limit = setTimeout(() => worker.process.kill("SIGKILL"), drain + grace);
        worker.send({ order: "stop", drain } satisfies Order, () => {});
        await exited;
        clearTimeout(limit);
      }),
    );
  }

  /**
   * Removes Unix sockets that a killed process has left. Workers share one listener for what each of them asks for first: if one
   * had to ask twice, they would not.
   */
  async #clearSockets(): Promise<void> {
    try {
      const { configuration, problems } = resolve(parseSource({ file: this.#file }));
      if (problems.length > 0) return;
      const sockets = configuration.services.flatMap(({ accept }) =>
        accept.flatMap(({ endpoint }) => ("path" in endpoint ? [endpoint.path] : [])),
      );
      for (const path of sockets) if (!this.#sockets.includes(path)) await removeStale(path);
      this.#sockets = sockets;
    } catch {
      // What is wrong with the file or the folder, the first worker says.
    }
  }

  async #hire(index: number): Promise<void> {
    const worker = cluster.fork();
    this.#workers[index] = worker;
    worker.on("error", () => {});
    worker.once("exit", (code, signal) => void this.#replace(index, signal ?? code));
    const { length } = this.#workers;
    // Its first word says that it listens.
    await Promise.race([once(worker, "message"), once(worker, "exit")]);
    const { problem } = await ask(worker, {
      order: "start",
      file: this.#file,
      index,
      of: length,
      ticketKeys: this.#ticketKeys,
    });
    if (problem !== null) throw problemError(problem);
  }

  async #replace(index: number, how: string | number): Promise<void> {
    this.#workers[index] = null;
    if (this.#ending) return;
    this.#log(3, `Worker ${index} ended (${how}): another one takes its place`);
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (this.#ending) return;
    try {
      await this.#hire(index);
    } catch (error) {
      this.#log(3, `Worker ${index} cannot start: ${(error as Error).message}`);
    }
  }

  #alive(): Worker[] {
    return this.#workers.filter((worker): worker is Worker => worker?.isConnected() === true);
  }
}

/** A worker that dies instead of answering has answered, too. */
function ask(worker: Worker, order: Order): Promise<Answer> {
  return new Promise((resolve) => {
    const done = (answer: Answer): void => {
      worker.off("message", done);
      worker.off("exit", died);
      resolve(answer);
    };
    const died = (): void =>
      done({
        problem: {
          code: "CLOSED_ABORTED",
          message: "A worker of the tunnel ended",
          hint: "See the log for why.",
        },
        lines: [],
      });
    worker.on("message", done);
    worker.once("exit", died);
    worker.send(order, (error) => error !== null && died());
  });
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Answers, Pipe } from "../subject/pipe.ts";
import type { Account, Plan } from "../subject/plan.ts";

const program = fileURLToPath(new URL("../subject/main.js", import.meta.url));

/** What is not said otherwise: callers of a service that is busy, not of a benchmark. */
const ordinary = { clients: 4, workers: 64, keys: 8, valueBytes: 100, pauseMs: 4 } as const;

/** How long the load goes on undisturbed before the fault, and again after the last one, ms. */
const calm = 1000;
/** How long the process may take to end when all is closed, ms. */
const endPatience = 3000;
/** How much of what the process writes is kept, characters. */
const keptWords = 2000;

/**
 * The clients under test, in a process of their own: what it holds is theirs alone, and nothing of the stage makes them wait.
 */
export class Subject implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #pipe: Pipe;
  #words = "";
  #ended: string | null = null;

  private constructor(answers: Answers) {
    this.#child = fork(program, [], {
      execArgv: ["--expose-gc", "--no-deprecation"],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#words = (this.#words + text).slice(-keptWords);
      });
    this.#pipe = new Pipe(this.#child, answers);
    this.#child.once("close", (code, signal) => {
      this.#ended = `the process with the clients ended (${signal ?? `exit code ${code}`}): ${this.#words.trim()}`;
      this.#pipe.end(this.#ended);
    });
  }

  /**
   * Starts the process, and resolves when its clients have worked for a while and were measured.
   * @param plan what differs from the ordinary
   * @param answers what the clients may ask the stage: `token`
   */
  static async open(
    plan: Pick<Plan, "kind" | "url"> & Partial<Plan>,
    answers: Answers = {},
  ): Promise<Subject> {
    const subject = new Subject(answers);
    try {
      await subject.#pipe.ask("open", { ...ordinary, ...plan });
      return subject;
    } catch (error) {
      await subject[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Begins the load that counts. From the moment on at which this resolves, it is counted how long callers wait. */
  async load(): Promise<void> {
    await this.#pipe.ask("load");
    await delay(calm);
    await this.#pipe.ask("fault");
  }

  /** Resolves when every caller has answers again. */
  flows(): Promise<void> {
    return this.#pipe.ask("flows");
  }

  /** The pin of the certificate that each client's connection was shown. */
  certificates(): Promise<(string | null)[]> {
    return this.#pipe.ask("certificates");
  }

  /** Connects one client more. @returns the pin of the certificate that it was shown */
  newcomer(): Promise<string | null> {
    return this.#pipe.ask("newcomer");
  }

  /**
   * Ends the load, closes the clients and waits for the end of the process.
   * @throws Error when it does not end by itself, or not well
   */
  async finish(): Promise<Account> {
    await delay(calm);
    const account = await this.#pipe.ask<Account>("finish");
    const closed = once(this.#child, "close");
    await this.#pipe.ask("leave");
    const waiting = new AbortController();
    await Promise.race([closed, delay(endPatience, undefined, { signal: waiting.signal }).catch(() => {})]);
    waiting.abort();
    if (this.#ended === null)
      throw new Error("all clients are closed, and yet something keeps their process alive");
    if (this.#child.exitCode !== 0) throw new Error(this.#ended);
    return account;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended !== null) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await closed;
  }
}

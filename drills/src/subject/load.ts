import { setTimeout as delay } from "node:timers/promises";
import type { Plan } from "./plan.ts";
import { SettledTwice } from "./promises.ts";
import { Tally } from "./tally.ts";
import { type Commands, Worker } from "./worker.ts";

/** How long the last commands may take when the load ends, ms: longer than any deadline of the client's. */
const longest = 8000;
/** How long it may take until every worker has answers again, ms. */
const flowPatience = 20_000;

/** All workers of a drill. */
export class Load {
  readonly #settledTwice = new SettledTwice();
  readonly #workers: readonly Worker[];
  #tally = new Tally();
  #stopping = new AbortController();
  #ended: Promise<unknown> = Promise.resolve();
  #began = 0;
  #ms = 0;

  /** @param commands who carries commands out; the workers are shared out among them */
  constructor(plan: Plan, commands: readonly Commands[]) {
    this.#workers = Array.from({ length: plan.workers }, (_, at) => {
      const own = commands[at % commands.length] as Commands;
      return new Worker(at, own, plan, this.#tally, this.#settledTwice);
    });
  }

  /** Begins, with new counts. */
  start(): void {
    this.#tally = new Tally();
    this.#stopping = new AbortController();
    this.#began = performance.now();
    for (const worker of this.#workers) worker.tally = this.#tally;
    this.#ended = Promise.all(this.#workers.map((worker) => worker.work(this.#stopping.signal)));
  }

  /** From now on it is counted how long workers are without answers. */
  markFault(): void {
    for (const worker of this.#workers) worker.longestGap = 0;
  }

  /**
   * Resolves when every worker has had an answer since.
   * @throws Error when some have none
   */
  async flows(): Promise<void> {
    const since = performance.now();
    const without = (): number => this.#workers.filter(({ lastAnswer }) => lastAnswer <= since).length;
    while (without() > 0) {
      if (performance.now() - since > flowPatience)
        throw new Error(`${without()} of ${this.#workers.length} workers have no answer any more`);
      await delay(5);
    }
  }

  /** Ends it, and waits for the last answers, for so many ms at most. */
  async stop(patience = longest): Promise<void> {
    this.#ms = performance.now() - this.#began;
    this.#stopping.abort();
    const giveUp = new AbortController();
    await Promise.race([this.#ended, delay(patience, undefined, { signal: giveUp.signal })]);
    giveUp.abort();
  }

  /** How many messages the server took from the workers so far. */
  get published(): number {
    return this.#workers.reduce((sum, { published }) => sum + published, 0);
  }

  /** What there is to tell since {@link Load.start}. */
  get account() {
    const { asked, answered, failed, pending, misdelivered, lost } = this.#tally;
    const now = performance.now();
    const gaps = this.#workers.map(({ longestGap, lastAnswer }) =>
      // Who waits still has not recovered.
      pending > 0 ? Math.max(longestGap, now - lastAnswer) : longestGap,
    );
    const { count: settledTwice } = this.#settledTwice;
    const recoverMs = Math.max(...gaps);
    return { ms: this.#ms, asked, answered, failed, pending, settledTwice, misdelivered, lost, recoverMs };
  }
}

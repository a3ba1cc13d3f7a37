import type { ChildProcess } from "node:child_process";

/** How long an answer may take, ms. */
const patience = 30_000;

/** Answers what the other process asks. */
export type Answers = Readonly<Record<string, (body: never) => unknown>>;

interface Question {
  readonly id: number;
  readonly ask: string;
  readonly body: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Questions and answers between a process and its child, in both directions. */
export class Pipe {
  readonly #peer: ChildProcess | NodeJS.Process;
  readonly #answers: Answers;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  constructor(peer: ChildProcess | NodeJS.Process, answers: Answers) {
    this.#peer = peer;
    this.#answers = answers;
    peer.on("message", (message: Question | Answer) => {
      if ("ask" in message) void this.#answer(message);
      else this.#waiting.get(message.id)?.(message);
    });
  }

  /**
   * Asks the other process.
   * @throws Error with its words when it could not do what it was asked, or did not answer within half a minute
   */
  ask<Value>(ask: string, body?: unknown): Promise<Value> {
    const id = ++this.#last;
    return new Promise<Value>((resolve, reject) => {
      const timer = setTimeout(
        () => settle({ id, error: `no answer to ${ask} within ${patience} ms` }),
        patience,
      );
      const settle = ({ value, error }: Answer): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (error === undefined) resolve(value as Value);
        else reject(new Error(error));
      };
      this.#waiting.set(id, settle);
      this.#peer.send?.({ id, ask, body } satisfies Question);
    });
  }

  /** The other process is gone: nobody answers any more. */
  end(why: string): void {
    for (const [id, settle] of this.#waiting) settle({ id, error: why });
  }

  async #answer({ id, ask, body }: Question): Promise<void> {
    let answer: Answer;
    try {
      const how = this.#answers[ask];
      if (how === undefined) throw new Error(`nobody answers ${ask}`);
      answer = { id, value: await how(body as never) };
    } catch (error) {
      answer = { id, error: (error as Error).message };
    }
    // It may have gone meanwhile, and knows then without being told.
    if (this.#peer.connected) this.#peer.send?.(answer);
  }
}

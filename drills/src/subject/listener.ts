import { type ClientOptions, createClient } from "@redoubt/client";
import type { Heard } from "./plan.ts";
import { channel } from "./worker.ts";

/** Somebody who listens to what the workers publish. */
export class Listener {
  readonly #client;
  readonly #protocol: 2 | 3;
  readonly #last = new Map<string, number>();
  #received = 0;
  #wrong = 0;
  #publishedBefore = 0;

  constructor(options: ClientOptions, protocol: 2 | 3) {
    this.#protocol = protocol;
    this.#client = createClient({ ...options, RESP: protocol });
  }

  async open(): Promise<void> {
    await this.#client.connect();
    await this.#client.subscribe(channel, (message, from) => this.#hear(message, from));
  }

  /** Counts from here. @param published how many messages there were so far */
  begin(published: number): void {
    this.#received = 0;
    this.#publishedBefore = published;
  }

  /** @param published how many messages there were so far */
  heard(published: number): Heard {
    return {
      protocol: this.#protocol,
      published: published - this.#publishedBefore,
      received: this.#received,
      wrong: this.#wrong,
    };
  }

  destroy(): void {
    this.#client.destroy();
  }

  #hear(message: string, from: string): void {
    const [worker = "", count] = message.split("|");
    this.#received++;
    if (from !== channel || !(Number(count) > (this.#last.get(worker) ?? 0))) this.#wrong++;
    this.#last.set(worker, Number(count));
  }
}

import type { TypedReply } from "@redoubt/client/protocol";

/** What has arrived: a reply, or what the server says unasked. */
export interface Arrival {
  readonly isPush: boolean;
  readonly value: TypedReply;
}

/** What has arrived and nobody has taken, first in, first out: taking one costs the same however many there are. */
export class Arrivals {
  #items: (Arrival | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(arrival: Arrival): void {
    this.#items.push(arrival);
  }

  shift(): Arrival | undefined {
    const first = this.#items[this.#head];
    if (first === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    }
    return first;
  }
}

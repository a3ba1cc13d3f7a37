/** How many things wait for a reader that is slow; older ones are left out. */
const limit = 10_000;

/**
 * Things that one side puts in and the other reads one after the other. A slow reader holds nobody up: what it has no room for is
 * left out, and counted.
 */
export class Feed<T> implements AsyncIterableIterator<T> {
  #queue: T[] = [];
  #waiting: ((result: IteratorResult<T>) => void) | null = null;
  #ended = false;
  readonly #onReturn: () => void;

  /** @param onReturn called once, when the reader needs no more or {@link Feed.end} was called */
  constructor(onReturn: () => void = () => {}) {
    this.#onReturn = onReturn;
  }

  /** How many things were left out. */
  lost = 0;

  push(item: T): void {
    if (this.#ended) return;
    if (this.#waiting !== null) {
      const deliver = this.#waiting;
      this.#waiting = null;
      deliver({ done: false, value: item });
      return;
    }
    if (this.#queue.length >= limit) {
      // Half of them at once: moving the rest for each would make a slow reader dear.
      this.lost += limit / 2;
      this.#queue = this.#queue.slice(limit / 2);
    }
    this.#queue.push(item);
  }

  /** Nothing more comes; what waits is still read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting?.({ done: true, value: undefined });
    this.#waiting = null;
    this.#onReturn();
  }

  next(): Promise<IteratorResult<T>> {
    const value = this.#queue.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#queue = [];
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The last things of many, in the order in which they came. */
export class Ring<T> {
  readonly #limit: number;
  #items: T[] = [];
  /** Where the oldest is, once the ring is full. */
  #oldest = 0;

  /** @param limit how many are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(item: T): void {
    if (this.#items.length < this.#limit) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.#limit;
  }

  /** The newest ones, the oldest of them first. */
  last(count: number): T[] {
    const all = [...this.#items.slice(this.#oldest), ...this.#items.slice(0, this.#oldest)];
    return count >= all.length ? all : all.slice(all.length - count);
  }
}

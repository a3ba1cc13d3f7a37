/** How much a {@link Ring} keeps. */
export interface RingLimits<T> {
  /** How many things. */
  readonly count: number;
  /** How much all of them together, in the unit of `sizeOf`. Default: no matter how much. */
  readonly size?: number;
  readonly sizeOf?: (item: T) => number;
}

/** The last things of many, in the order in which they came. */
export class Ring<T> {
  readonly #limits: RingLimits<T>;
  #items: T[] = [];
  /** Where the oldest is; what is before it has been let go. */
  #oldest = 0;
  #size = 0;

  constructor(limits: RingLimits<T>) {
    this.#limits = limits;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#size += this.#sizeOf(item);
    const { count, size = Number.POSITIVE_INFINITY } = this.#limits;
    while (this.#items.length - this.#oldest > count || (this.#size > size && this.#rest > 1)) this.#drop();
    // Moving all of them for each that is let go would be dear.
    if (this.#oldest > count) {
      this.#items = this.#items.slice(this.#oldest);
      this.#oldest = 0;
    }
  }

  /** The newest ones, the oldest of them first. */
  last(count: number): T[] {
    const from = Math.max(this.#oldest, this.#items.length - count);
    return count <= 0 ? [] : this.#items.slice(from);
  }

  get #rest(): number {
    return this.#items.length - this.#oldest;
  }

  #drop(): void {
    const item = this.#items[this.#oldest];
    if (item !== undefined) this.#size -= this.#sizeOf(item);
    // Not kept alive by the place that it had.
    this.#items[this.#oldest] = undefined as T;
    this.#oldest++;
  }

  #sizeOf(item: T): number {
    return this.#limits.sizeOf?.(item) ?? 0;
  }
}

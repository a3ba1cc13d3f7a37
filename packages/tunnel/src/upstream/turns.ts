import type { RedoubtError } from "@redoubt/client";

/** Who waits for replies of a line. */
export interface Taker {
  /**
   * Bytes of its replies, whole or in part, in order.
   * @param bytes are only lent, unless {@link Taker.wantsWhole}
   * @param ended how many replies end in them
   * @returns whether the bytes are still needed after the call, as where a socket has not taken them yet
   */
  take(bytes: Buffer, ended: number): boolean;
  /**
   * The line is lost.
   * @param due how many replies will not come
   * @param isCut whether part of the first of them has been given already
   */
  lost(error: RedoubtError, due: number, isCut: boolean): void;
  /** Under which host it reaches this tunnel: for addresses that replies tell. */
  readonly toldHost?: string;
  /** Whether it wants each reply whole, in one piece. For replies that are looked into, and small. */
  readonly wantsWhole?: boolean;
}

/**
 * Whose reply is next. Nothing in a reply says whom it is for, so this order is everything. Replies of one taker in a row
 * are one entry, so that a batch costs as much as one.
 */
export class Turns {
  #takers: (Taker | null)[] = new Array(64).fill(null);
  #counts: number[] = new Array(64).fill(0);
  #head = 0;
  #tail = 0;
  #due = 0;

  /** Replies due. */
  get due(): number {
    return this.#due;
  }

  /** Who gets the next reply; null when none is due. */
  get next(): Taker | null {
    return this.#head === this.#tail ? null : (this.#takers[this.#head] as Taker);
  }

  add(taker: Taker, count: number): void {
    this.#due += count;
    const mask = this.#counts.length - 1;
    if (this.#head !== this.#tail) {
      const last = (this.#tail - 1) & mask;
      if (this.#takers[last] === taker) {
        (this.#counts[last] as number) += count;
        return;
      }
    }
    this.#takers[this.#tail] = taker;
    this.#counts[this.#tail] = count;
    this.#tail = (this.#tail + 1) & mask;
    if (this.#tail === this.#head) this.#grow();
  }

  /** One reply of the next taker has ended. */
  shift(): void {
    this.#due--;
    const left = (this.#counts[this.#head] as number) - 1;
    this.#counts[this.#head] = left;
    if (left > 0) return;
    this.#takers[this.#head] = null;
    this.#head = (this.#head + 1) & (this.#counts.length - 1);
  }

  /** All that is due, in order; none is due afterwards. */
  drain(): { readonly taker: Taker; readonly count: number }[] {
    const mask = this.#counts.length - 1;
    const all: { taker: Taker; count: number }[] = [];
    for (let i = this.#head; i !== this.#tail; i = (i + 1) & mask)
      all.push({ taker: this.#takers[i] as Taker, count: this.#counts[i] as number });
    this.#takers.fill(null);
    this.#head = this.#tail = 0;
    this.#due = 0;
    return all;
  }

  /** Whether anybody but this taker waits. */
  hasOthers(taker: Taker): boolean {
    const mask = this.#counts.length - 1;
    for (let i = this.#head; i !== this.#tail; i = (i + 1) & mask) if (this.#takers[i] !== taker) return true;
    return false;
  }

  #grow(): void {
    const size = this.#counts.length;
    const order = Array.from({ length: size }, (_, i) => (this.#head + i) & (size - 1));
    this.#takers = [...order.map((i) => this.#takers[i] as Taker), ...new Array<null>(size).fill(null)];
    this.#counts = [...order.map((i) => this.#counts[i] as number), ...new Array<number>(size).fill(0)];
    this.#head = 0;
    this.#tail = size;
  }
}

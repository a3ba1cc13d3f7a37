import { Buffer } from "node:buffer";

/** So much is kept for later use, bytes; more than that is left to the garbage collector. */
const keptBytes = 16 * 1024 * 1024;

/**
 * A piece of memory that reads land in, and that is used again: what would be allocated for each read, and let go a moment
 * later, makes the garbage collector look through the whole heap for each 64 MiB that pass.
 */
export class Segment {
  readonly bytes: Buffer;
  readonly #pool: SegmentPool;
  /** Writes that were begun from it and have not been told to be over. */
  #writes = 0;
  #isLent = false;

  constructor(pool: SegmentPool, size: number) {
    this.#pool = pool;
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  /** To be called before a write of its bytes; {@link Segment.written} is to be called when that is over. */
  begin(): void {
    this.#writes++;
  }

  readonly written = (): void => {
    this.#writes--;
    this.#giveBack();
  };

  /** Nothing more lands here: it goes back to its pool when the last write is over. */
  lend(): void {
    this.#isLent = true;
    this.#giveBack();
  }

  #giveBack(): void {
    if (!this.#isLent || this.#writes > 0) return;
    this.#isLent = false;
    this.#pool.give(this);
  }
}

/** Segments of one size that nobody needs at the moment. */
export class SegmentPool {
  readonly #size: number;
  readonly #most: number;
  readonly #free: Segment[] = [];

  /** @param size of each, bytes */
  constructor(size: number) {
    this.#size = size;
    this.#most = Math.floor(keptBytes / size);
  }

  take(): Segment {
    // The one that came back last: its memory is still in the processor's cache.
    return this.#free.pop() ?? new Segment(this, this.#size);
  }

  give(segment: Segment): void {
    if (this.#free.length < this.#most) this.#free.push(segment);
  }
}

import { Buffer } from "node:buffer";

/** Size of the block that small pieces are copied into, bytes. */
const slabBytes = 64 * 1024;
/** Pieces from this size on are passed on as they are, bytes. */
const largePiece = 16 * 1024;

/**
 * What waits to be written to one socket. Small pieces are put side by side, so that they leave in one write and one TLS
 * record; large ones are not copied.
 */
export class Outbox {
  #slab: Buffer = Buffer.alloc(0);
  /** The part of the slab that waits: from, up to. */
  #from = 0;
  #upTo = 0;
  #ready: Buffer[] = [];
  #bytes = 0;

  /** What waits, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param piece must not be changed afterwards */
  add(piece: Buffer): void {
    const { length } = piece;
    this.#bytes += length;
    if (length >= largePiece) {
      this.#cut();
      this.#ready.push(piece);
      return;
    }
    if (this.#upTo + length > this.#slab.length) {
      this.#cut();
      // What has been written may still be on its way: the old block is left to it.
      this.#slab = Buffer.allocUnsafeSlow(slabBytes);
      this.#from = this.#upTo = 0;
    }
    this.#slab.set(piece, this.#upTo);
    this.#upTo += length;
  }

  /** Gives what waits, in order, and is empty. */
  take(): Buffer[] {
    this.#cut();
    const ready = this.#ready;
    this.#ready = [];
    this.#bytes = 0;
    return ready;
  }

  #cut(): void {
    if (this.#upTo === this.#from) return;
    this.#ready.push(this.#slab.subarray(this.#from, this.#upTo));
    this.#from = this.#upTo;
  }
}

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
  readonly #ready: Buffer[] = [];
  #bytes = 0;

  /** What waits, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param piece must not be changed afterwards */
  add(piece: Buffer): void {
    const { length } = piece;
    if (length === 0) return;
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

  /** Gives what has waited longest, as much of it as is in one piece; null: nothing waits. */
  take(): Buffer | null {
    if (this.#ready.length === 0) this.#cut();
    const piece = this.#ready.shift() ?? null;
    if (piece !== null) this.#bytes -= piece.length;
    return piece;
  }

  #cut(): void {
    if (this.#upTo === this.#from) return;
    this.#ready.push(this.#slab.subarray(this.#from, this.#upTo));
    this.#from = this.#upTo;
  }
}

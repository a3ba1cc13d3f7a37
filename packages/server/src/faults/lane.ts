import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Bytes held back in one lane before it stops reading. */
const highWater = 1_048_576;
/** A throttled lane passes a piece about this often (ms). */
const throttleTick = 20;

/** How long traffic takes at the moment. Lanes look at it for every piece, so it can be switched at any time. */
export interface Shape {
  /** Milliseconds that every byte is held back. */
  delay: number;
  /** Infinity: as fast as it goes. */
  bytesPerSecond: number;
}

/** Where the bytes of a lane go. */
export interface LaneEnd {
  /** A piece has arrived from the source; it is not passed on yet. */
  readonly arrived: (piece: Buffer) => void;
  /** The time of a piece has come. Resolves when the next may follow, with false when nothing may follow any more. */
  readonly deliver: (piece: Buffer) => Promise<boolean>;
  /** The source has ended and everything was delivered. */
  readonly finished: () => void;
}

/** One direction of a connection through the proxy: decides when a byte passes, never whether. Order is kept. */
export class Lane {
  readonly #source: Socket;
  readonly #shape: Readonly<Shape>;
  readonly #end: LaneEnd;
  readonly #queue: { piece: Buffer; due: number }[] = [];
  #held = 0;
  #running = false;
  #sourceEnded = false;

  constructor(source: Socket, shape: Readonly<Shape>, end: LaneEnd) {
    this.#source = source;
    this.#shape = shape;
    this.#end = end;
    source.on("data", (piece: Buffer) => this.#take(piece));
    source.on("end", () => {
      this.#sourceEnded = true;
      void this.#run();
    });
  }

  #take(piece: Buffer): void {
    this.#end.arrived(piece);
    this.#queue.push({ piece, due: performance.now() + this.#shape.delay });
    this.#held += piece.length;
    if (this.#held > highWater) this.#source.pause();
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const early = next.due - performance.now();
      if (early > 0) await delay(early);
      if (!(await this.#pass(next.piece))) return;
      this.#held -= next.piece.length;
      if (this.#held <= highWater) this.#source.resume();
    }
    this.#running = false;
    if (this.#sourceEnded) this.#end.finished();
  }

  async #pass(piece: Buffer): Promise<boolean> {
    for (let at = 0; at < piece.length; ) {
      const { bytesPerSecond } = this.#shape;
      const slow = Number.isFinite(bytesPerSecond);
      const step = slow ? Math.max(1, Math.floor((bytesPerSecond * throttleTick) / 1_000)) : piece.length;
      const part = piece.subarray(at, at + step);
      if (!(await this.#end.deliver(part))) return false;
      if (slow) await delay((part.length / bytesPerSecond) * 1_000);
      at += part.length;
    }
    return true;
  }
}

import { Buffer } from "node:buffer";
import type { OnReadOpts, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { adopt, block } from "./landing.ts";
import { type Segment, SegmentPool } from "./segment.ts";

/** As much as Node asks the kernel for in one read, bytes. */
const plain = new SegmentPool(64 * 1024);
/** As much as a record of TLS holds, bytes. */
const secure = new SegmentPool(16 * 1024);

/** What may arrive before anybody takes it, bytes; then nothing more is read. */
const keptBytes = 64 * 1024;

/** Whoever reads so little, bytes, so often in a row has no use for memory of its own. */
const littleBytes = 4 * 1024;
const oftenLittle = 32;

/**
 * Takes bytes that have arrived.
 * @param written to be called when the bytes are not needed any more; absent where they are the taker's
 * @returns whether they are still needed after the call
 */
export type IntakeTaker = (chunk: Buffer, written?: () => void) => boolean;

/**
 * Reads a socket into memory that is used again. It takes the place of `data` events; `end`, `error` and `close` come as
 * always, `pause` and `resume` do what they always do.
 *
 * @example
 * const intake = new Intake();
 * const socket = connect({ port, host, onread: intake.onread });
 * pipe(client, socket, { intake });
 */
export class Intake {
  readonly #pool: SegmentPool;
  /** Memory of its own while much arrives; null: {@link block}, out of which everything is copied. */
  #segment: Segment | null = null;
  #little = 0;
  #taker: IntakeTaker | null = null;
  #kept: Buffer[] = [];
  #room = keptBytes;
  /** Whether the last chunk was still needed when the taker had it. */
  #isWaiting = false;

  /** @param isSecure whether the socket that it reads speaks TLS */
  constructor(isSecure = false) {
    this.#pool = isSecure ? secure : plain;
  }

  /**
   * Reads an accepted socket. What has been read of it before, or was put back, still comes as `data`.
   * @returns null where this Node cannot do it: then everything does
   */
  static of(socket: Socket): Intake | null {
    const intake = new Intake(socket instanceof TLSSocket);
    return adopt(socket, intake.onread) ? intake : null;
  }

  /** For `net.connect` and `tls.connect`. */
  get onread(): OnReadOpts {
    return {
      buffer: () => this.#segment?.bytes ?? block,
      callback: (length) => this.#arrived(length),
    };
  }

  /** Gives all bytes to a taker, those first that have arrived already. */
  read(socket: Socket, taker: IntakeTaker): void {
    this.#taker = taker;
    const kept = this.#kept;
    this.#kept = [];
    this.#room = keptBytes;
    for (const chunk of kept) taker(chunk);
    // It ends with the connection; what is still being written goes back when it is.
    socket.once("close", () => this.#segment?.lend());
  }

  #arrived(length: number): boolean {
    const segment = this.#segment;
    const chunk = (segment?.bytes ?? block).subarray(0, length);
    if (this.#taker === null) {
      this.#kept.push(Buffer.from(chunk));
      this.#room -= length;
      return this.#room > 0;
    }
    this.#little = length < littleBytes ? this.#little + 1 : 0;
    // To copy a little costs less than to lend; and where others wait already, little of it shall not hold much memory for long.
    if (segment === null || length * (this.#isWaiting ? 4 : 16) < segment.bytes.length) {
      this.#isWaiting = this.#taker(Buffer.from(chunk));
      if (segment === null && length >= littleBytes) this.#segment = this.#pool.take();
      else if (segment !== null && this.#little >= oftenLittle) {
        this.#segment = null;
        segment.lend();
      }
      return true;
    }
    segment.begin();
    this.#isWaiting = this.#taker(chunk, segment.written);
    if (this.#isWaiting) {
      this.#segment = this.#pool.take();
      segment.lend();
    }
    return true;
  }
}

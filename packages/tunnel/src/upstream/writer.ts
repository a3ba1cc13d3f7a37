import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { Outbox } from "./outbox.ts";

/** So much waits at once before it is written without waiting for the end of the turn of the event loop, bytes. */
const earlyBytes = 32 * 1024;
/** Less than this is not worth a write of its own while the turn may still bring more, bytes. */
const worthWriting = 8 * 1024;
/** What may wait to be written before those who write are asked to wait, bytes. */
const fullBytes = 1024 * 1024;

/**
 * What goes out on a line, and when. Where commands come one at a time, each leaves at once; where many come in a turn of the
 * event loop, they leave together at its end, and before that what is at least half of what is to be expected, so that the
 * server works while the rest is being read.
 */
export class Writer {
  readonly #socket: Socket;
  readonly #outbox = new Outbox();
  readonly #waiting = new Set<() => void>();
  /** Commands of this turn of the event loop, and of the last one that brought any. */
  #ofThisTurn = 0;
  #ofLastTurn = 0;
  /** In how many pieces they came. */
  #piecesOfThisTurn = 0;
  #piecesOfLastTurn = 0;
  #isTurnNoted = false;
  #isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("drain", () => this.tellRoom());
  }

  /** Whether so much waits that no more should be given; see {@link Writer.whenRoom}. */
  get isFull(): boolean {
    return this.#outbox.bytes + this.#socket.writableLength > fullBytes;
  }

  /** Calls back once there is room again, or with {@link Writer.close}. */
  whenRoom(callback: () => void): void {
    this.#waiting.add(callback);
  }

  /**
   * Takes commands, or a part of one.
   * @param bytes must not be changed afterwards
   * @param count how many commands
   * @param due how many replies are due, these included
   * @param isOfOne whether they come from whom the last ones came from
   * @returns whether they have left at once, alone
   */
  put(bytes: Buffer, count: number, due: number, isOfOne: boolean): boolean {
    const outbox = this.#outbox;
    outbox.add(bytes);
    this.#ofThisTurn += count;
    this.#piecesOfThisTurn++;
    let isAlone = false;
    if (!this.#isTurnNoted) {
      this.#isTurnNoted = true;
      // Behind all that this turn of the event loop has read: the commands of many clients leave together.
      setImmediate(this.#endTurn);
      const wasAlone = isOfOne ? this.#piecesOfLastTurn <= 1 : this.#ofLastTurn <= 1 && count <= 1;
      isAlone = wasAlone && due <= count;
    }
    const isHalf = outbox.bytes >= worthWriting && this.#ofThisTurn * 2 >= Math.max(this.#ofLastTurn, due);
    if (isAlone || isHalf || outbox.bytes >= earlyBytes) this.#flush();
    return isAlone;
  }

  /** Nothing is written any more; whoever waits for room is told. */
  close(): void {
    this.#isClosed = true;
    this.tellRoom();
  }

  /** Tells those who wait that there may be room. */
  tellRoom(): void {
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }

  readonly #endTurn = (): void => {
    this.#isTurnNoted = false;
    this.#ofLastTurn = this.#ofThisTurn;
    this.#ofThisTurn = 0;
    this.#piecesOfLastTurn = this.#piecesOfThisTurn;
    this.#piecesOfThisTurn = 0;
    this.#flush();
  };

  /**
   * Writes what waits, one piece at a time: of several that wait, Node would make one by copying them. TLS is busy until the
   * event loop has gone round once.
   */
  #flush(): void {
    while (!this.#isClosed && this.#socket.writableLength === 0) {
      const piece = this.#outbox.take();
      if (piece === null) break;
      this.#socket.write(piece, this.#onWritten);
    }
    if (this.#waiting.size > 0 && !this.isFull) this.tellRoom();
  }

  readonly #onWritten = (error?: Error | null): void => {
    // Of an error the socket tells separately.
    if (error == null && this.#outbox.bytes > 0 && this.#socket.writableLength === 0) this.#flush();
  };
}

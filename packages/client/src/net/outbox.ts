import type { Socket } from "node:net";
import { Encoder } from "../protocol/encoder.ts";
import type { Outgoing } from "../protocol/outgoing.ts";

/** Less than this is not worth a write of its own while the tick may still bring more, bytes. */
const worthWriting = 512;

/**
 * Commands on their way to a socket, and when they leave.
 *
 * Those of one tick leave in one write. While a tick still brings commands, what waits is written as soon as it is half of
 * what is to be expected (all that is in flight, what the last tick brought), so that the server works while the rest is
 * being encoded. Where they come one at a time, each leaves at once.
 */
export class Outbox {
  /** Commands added and not written: they cannot have been carried out. */
  unwritten = 0;
  readonly #socket: Socket;
  readonly #encoder = new Encoder();
  /** Commands of this tick, and of the one before that brought any. */
  #ofThisTick = 0;
  #ofLastTick = 0;
  #flushQueued = false;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** @throws what `Encoder.check` throws */
  check(command: Outgoing): void {
    this.#encoder.check(command);
  }

  /** Says that so many commands are about to come. */
  expect(commands: number): void {
    this.#ofLastTick = Math.max(this.#ofLastTick, commands);
  }

  /**
   * Takes a command; {@link Outbox.sent} is to follow.
   * @throws what `Encoder.add` throws
   */
  add(command: Outgoing): void {
    this.#encoder.add(command);
  }

  /** The command that was added counts as one of so many that wait for their replies. */
  sent(inFlight: number): void {
    this.unwritten++;
    this.#ofThisTick++;
    if (!this.#flushQueued) {
      this.#flushQueued = true;
      process.nextTick(flushLater, this);
      if (inFlight === 1 && this.#ofLastTick <= 1 && this.#socket.writableLength === 0) this.#flush();
    } else if (
      this.unwritten * 2 >= inFlight &&
      this.unwritten * 2 >= this.#ofLastTick &&
      this.#encoder.waiting >= worthWriting &&
      this.#socket.writableLength === 0
    ) {
      this.#flush();
    }
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closed = true;
  }

  /** @internal for the queued flush */
  flushNow(): void {
    this.#flushQueued = false;
    this.#ofLastTick = this.#ofThisTick;
    this.#ofThisTick = 0;
    if (this.#socket.writableLength === 0) this.#flush();
  }

  /**
   * Writes what waits, view after view, until the socket is busy. It gets one view at a time: of several that wait, Node
   * would make one by copying them. TLS is busy until the event loop has gone round once.
   */
  #flush(): void {
    if (this.#closed) return;
    for (let bytes = this.#encoder.take(); bytes !== null; bytes = this.#encoder.take()) {
      this.unwritten = 0;
      this.#socket.write(bytes, this.#onWritten);
      if (this.#socket.writableLength > 0) return;
      this.#encoder.written();
    }
  }

  readonly #onWritten = (error?: Error | null): void => {
    // Of an error the socket tells separately.
    if (error != null || this.#closed || this.#socket.writableLength > 0) return;
    this.#encoder.written();
    this.#flush();
  };
}

function flushLater(outbox: Outbox): void {
  outbox.flushNow();
}

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { RedoubtError } from "@redoubt/client";
import type { Dialled } from "@redoubt/client/net";
import { asSent, Decoder, Encoder, replyError, type TypedReply } from "@redoubt/client/protocol";
import { type Arrival, Arrivals } from "./arrivals.ts";

const noName = Buffer.alloc(0);

interface Waiter {
  readonly resolve: (arrival: Arrival) => void;
  readonly reject: (error: RedoubtError) => void;
}

/** One connection: commands out, replies with their types in. */
export class Line {
  readonly address: string;
  /** Why it has ended; null while it is open. */
  ended: RedoubtError | null = null;
  /** Told once, when it ends. */
  onEnd: (() => void) | null = null;
  /** Told when something has arrived that nobody waits for. */
  onUnasked: (() => void) | null = null;
  readonly #dialled: Dialled;
  readonly #encoder = new Encoder();
  readonly #arrived = new Arrivals();
  #waiter: Waiter | null = null;

  constructor(dialled: Dialled) {
    this.#dialled = dialled;
    this.address = dialled.report.address;
    const decoder = new Decoder({
      replyMode: () => asSent,
      pushMode: asSent,
      onReply: (value) => this.#arrive({ isPush: false, value: value as TypedReply }),
      onReplyError: () => {},
      onPush: (values) => this.#arrive({ isPush: true, value: values as TypedReply[] }),
    });
    const { socket } = this;
    socket.on("close", () =>
      this.#end(new RedoubtError("CLOSED_CONNECTION", "The server closed the connection")),
    );
    socket.on("error", (cause) =>
      this.#end(new RedoubtError("CLOSED_CONNECTION", `The connection broke: ${cause.message}`, { cause })),
    );
    dialled.wire.read((chunk, length) => {
      try {
        decoder.write(chunk, length);
      } catch (error) {
        this.#end(error as RedoubtError);
        socket.destroy();
      }
    });
  }

  get socket(): Socket {
    return this.#dialled.socket;
  }

  /** How many replies have arrived that nobody has taken. */
  get waiting(): number {
    return this.#arrived.size;
  }

  /** Sends commands, in one write. @throws RedoubtError when the line has ended */
  send(...commands: readonly (readonly Buffer[])[]): void {
    if (this.ended !== null) throw this.ended;
    for (const words of commands)
      this.#encoder.add({ spec: { name: "", head: noName, words: 0 }, args: words });
    for (let bytes = this.#encoder.take(); bytes !== null; bytes = this.#encoder.take())
      // Copied, because the encoder uses its memory again.
      this.socket.write(Buffer.from(bytes));
    this.#encoder.written();
  }

  /** Sends bytes that are protocol already, and waits while the socket is full. */
  async pour(bytes: Buffer): Promise<void> {
    if (this.ended !== null) throw this.ended;
    if (this.socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.socket.off("drain", done).off("close", done);
        resolve();
      };
      this.socket.once("drain", done).once("close", done);
    });
  }

  /** What arrives next. @throws RedoubtError when the line ends before. One caller at a time. */
  next(signal?: AbortSignal): Promise<Arrival> {
    const first = this.#arrived.shift();
    if (first !== undefined) return Promise.resolve(first);
    if (this.ended !== null) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiter = null;
        reject(new RedoubtError("CLOSED_ABORTED", "Interrupted while waiting for a reply"));
      };
      const settled = (): void => signal?.removeEventListener("abort", abort);
      this.#waiter = {
        resolve: (arrival) => {
          settled();
          resolve(arrival);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort);
    });
  }

  /** Gives all further bytes, as they come, to somebody else: from now on there are no replies. */
  raw(reader: (bytes: Buffer) => void): void {
    this.#dialled.wire.read((chunk, length) => reader(Buffer.from(chunk.subarray(0, length))));
  }

  /** Takes what has arrived unasked. */
  unasked(): Arrival | undefined {
    return this.#arrived.shift();
  }

  close(): void {
    this.#end(new RedoubtError("CLOSED_CLIENT", "The connection was closed"));
    this.#dialled.close();
  }

  #arrive(arrival: Arrival): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    if (waiter !== null) return waiter.resolve(arrival);
    this.#arrived.push(arrival);
    this.onUnasked?.();
  }

  #end(error: RedoubtError): void {
    if (this.ended !== null) return;
    this.ended = error;
    const waiter = this.#waiter;
    this.#waiter = null;
    waiter?.reject(error);
    this.onEnd?.();
  }
}

/** The error of the client's table that an error reply is. @param text byte text */
export function asError(text: string): RedoubtError {
  return replyError(Buffer.from(text, "latin1").toString());
}

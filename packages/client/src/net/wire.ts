import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { allocate } from "../protocol/native.ts";

/** Takes bytes that have arrived. The memory is reused as soon as it returns. */
export type Reader = (chunk: Buffer, length: number) => void;

/**
 * All sockets of the process read into this one block: what arrives is consumed, or copied, before the next read.
 * An idle connection therefore holds no buffer.
 */
const landing = allocate(64 * 1024);

/**
 * An open socket whose bytes go to one reader at a time: first the handshake, then the connection or the relay.
 * What arrives while nobody reads is kept for the next reader.
 */
export class Wire {
  /** Options for `net.connect` and `tls.connect` that make the socket's bytes land here. */
  readonly onread: { buffer: Uint8Array; callback: (bytes: number, buffer: Uint8Array) => boolean } = {
    buffer: landing,
    callback: (bytes) => {
      this.#reader(landing, bytes);
      return true;
    },
  };
  #socket: Socket | null = null;
  #kept: Buffer[] = [];
  readonly #keep: Reader = (chunk, length) => {
    this.#kept.push(Buffer.from(chunk.subarray(0, length)));
  };
  #reader: Reader = this.#keep;

  /** The socket that was opened with {@link Wire.onread}. */
  get socket(): Socket {
    return this.#socket as Socket;
  }

  set socket(socket: Socket) {
    this.#socket = socket;
  }

  /** Gives all further bytes to a reader. */
  read(reader: Reader): void {
    this.#reader = reader;
    const kept = this.#kept;
    this.#kept = [];
    for (const chunk of kept) reader(chunk, chunk.length);
  }

  /** Takes the reader away: bytes are kept from now on. */
  release(): void {
    this.#reader = this.#keep;
  }
}

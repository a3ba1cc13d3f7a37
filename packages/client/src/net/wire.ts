import { Buffer } from "node:buffer";
import type { Socket, TcpSocketConnectOpts } from "node:net";
import { allocate } from "../protocol/native.ts";

/** Takes bytes that have arrived. The memory is reused as soon as it returns. */
export type Reader = (chunk: Buffer, length: number) => void;

/** Says where the next bytes are to land; null: it does not matter. */
export type Place = () => Buffer | null;

/**
 * All sockets of the process read into this one block: what arrives is consumed, or copied, before the next read.
 * An idle connection therefore holds no buffer.
 */
const landing = allocate(64 * 1024);

/** What is kept at most while nobody reads, bytes; then the socket waits. Nobody who is not verified may fill memory. */
const keptBytes = 64 * 1024;

/**
 * An open socket whose bytes go to one reader at a time: first the handshake, then the connection or the relay.
 * What arrives while nobody reads is kept for the next reader.
 */
export class Wire {
  /** For `net.connect` and `tls.connect`: bytes land here, small writes leave at once, dead peers are noticed by the kernel too. */
  get socketOptions(): Pick<
    TcpSocketConnectOpts,
    "onread" | "noDelay" | "keepAlive" | "keepAliveInitialDelay"
  > {
    return {
      onread: {
        buffer: () => this.#place?.() ?? landing,
        callback: (bytes, chunk) => {
          this.#reader(chunk as Buffer, bytes);
          return this.#room > 0;
        },
      },
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    };
  }
  #socket: Socket | null = null;
  #kept: Buffer[] = [];
  #room = keptBytes;
  readonly #keep: Reader = (chunk, length) => {
    this.#kept.push(Buffer.from(chunk.subarray(0, length)));
    this.#room -= length;
  };
  #reader: Reader = this.#keep;
  #place: Place | null = null;

  /** The socket that was opened with {@link Wire.socketOptions}. */
  get socket(): Socket {
    return this.#socket as Socket;
  }

  set socket(socket: Socket) {
    this.#socket = socket;
  }

  /** Takes a socket that could not be opened with {@link Wire.socketOptions}: Node reads TLS over another socket its own way. */
  follow(socket: Socket): void {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#reader(chunk, chunk.length);
      if (this.#room <= 0) socket.pause();
    });
  }

  /**
   * Gives all further bytes to a reader.
   * @param place asked after each chunk
   */
  read(reader: Reader, place: Place | null = null): void {
    this.#reader = reader;
    this.#place = place;
    const kept = this.#kept;
    const paused = this.#room <= 0;
    this.#kept = [];
    this.#room = keptBytes;
    for (const chunk of kept) reader(chunk, chunk.length);
    if (paused) this.socket.resume();
  }

  /** Takes the reader away: bytes are kept from now on. */
  release(): void {
    this.#reader = this.#keep;
    this.#place = null;
  }
}

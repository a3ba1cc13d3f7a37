import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { Lane, type Shape } from "./lane.ts";

/** The way that bytes take. */
export type Direction = "to-server" | "to-client";

/** What a link asks of, and tells to, the proxy that it belongs to. */
export interface LinkOptions {
  readonly to: { readonly host: string; readonly port: number };
  /** Absent: bytes are passed on as they come. */
  readonly secureContext: SecureContext | undefined;
  readonly shape: Readonly<Shape>;
  /** Told of every piece on its arrival. */
  readonly arrived: (direction: Direction, piece: Buffer) => void;
  readonly closed: (link: Link) => void;
}

/** One client's connection through the proxy: decides whether bytes pass. */
export class Link {
  /** The client's TCP connection; inside it, `#client` may be TLS. */
  readonly #raw: Socket;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #left: Record<Direction, number> = { "to-server": Infinity, "to-client": Infinity };
  #stalled = false;

  constructor(raw: Socket, { to, secureContext, shape, arrived, closed }: LinkOptions) {
    this.#raw = raw;
    this.#client = secureContext ? new TLSSocket(raw, { isServer: true, secureContext }) : raw;
    this.#server = connect({ ...to, allowHalfOpen: true });
    const lane = (direction: Direction, source: Socket, sink: Socket) =>
      new Lane(source, shape, {
        arrived: (piece) => arrived(direction, piece),
        deliver: (piece) => this.#deliver(direction, sink, piece),
        finished: () => {
          if (!this.#stalled) sink.end();
        },
      });
    lane("to-server", this.#client, this.#server);
    lane("to-client", this.#server, this.#client);
    for (const socket of new Set([raw, this.#client, this.#server])) {
      // Errors only say why it closes.
      socket.on("error", () => {});
      socket.on("close", () => this.#peerGone());
    }
    raw.setNoDelay(true).on("close", () => closed(this));
    this.#server.setNoDelay(true);
  }

  /** From now on bytes vanish, in both directions and for good: no answer, no end. */
  stall(): void {
    this.#stalled = true;
  }

  /** Ends the connection after that many more bytes in that direction. */
  cutAfter(bytes: number, direction: Direction): void {
    this.#left[direction] = bytes;
  }

  /** Closes both sides at once (FIN). */
  cut(): void {
    this.#raw.destroy();
    this.#client.destroy();
    this.#server.destroy();
  }

  /** Closes both sides with RST. */
  reset(): void {
    this.#raw.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  async #deliver(direction: Direction, sink: Socket, piece: Buffer): Promise<boolean> {
    if (this.#stalled) return true;
    if (sink.destroyed || sink.writableEnded) return false;
    const part = piece.subarray(0, this.#left[direction]);
    this.#left[direction] -= part.length;
    const flowing = sink.write(part);
    if (this.#left[direction] === 0) {
      // end(), not destroy(): the bytes that were let through must still arrive.
      sink.end(() => this.cut());
      return false;
    }
    if (!flowing) await Promise.race([once(sink, "drain"), once(sink, "close")]).catch(() => {});
    return true;
  }

  /** One side has gone: so does the other, except in a stall, where nobody learns anything. */
  #peerGone(): void {
    if (!this.#stalled) this.cut();
  }
}

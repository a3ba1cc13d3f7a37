import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { Intake } from "./intake.ts";
import { reset } from "./reset.ts";
import { Vigil } from "./vigil.ts";

/**
 * Why a relayed connection ended.
 * - `client-closed`, `server-closed`: that side ended its half first, and the other followed (or had its time to).
 * - `client-reset`, `server-reset`: that side failed; {@link PipeEnd.error} says how.
 * - `idle-limit`: nothing came from either side for too long.
 * - `close-limit`: one side had ended, and the other did not follow in time.
 * - `stopped`: the signal was aborted.
 */
export type PipeReason =
  | "client-closed"
  | "server-closed"
  | "client-reset"
  | "server-reset"
  | "idle-limit"
  | "close-limit"
  | "stopped";

/** How a connection is relayed. Times are milliseconds. */
export interface PipeOptions {
  /**
   * Longest silence of both sides together; 0 for no limit. Default 0. A function is asked again as time goes by, at least
   * every {@link recheck} ms.
   */
  readonly idleLimit?: number | (() => number);
  /** After one side has ended: longest silence of the other; 0 ends as soon as all is written. Default 60 000. */
  readonly closeLimit?: number;
  /** Whether a failure of one side is shown to the other as a TCP reset. Default true. */
  readonly resets?: boolean;
  /** How the idle limit ends the connection: with a TCP reset, or in order, TLS said goodbye included. Default as `resets` says. */
  readonly cuts?: "reset" | "end";
  /** Ends the connection, in order. */
  readonly signal?: AbortSignal;
  /** What the server's socket is read by, where it was opened with that. Default: one is laid on it, as on the client's. */
  readonly intake?: Intake | null;
  /** Hears what the client says, each piece after it was passed on. The bytes are only lent. */
  readonly onSent?: (chunk: Buffer) => void;
}

/** How a relayed connection ended, and what went through it. */
export interface PipeEnd {
  readonly reason: PipeReason;
  /** Bytes from client to server. */
  readonly sent: number;
  /** Bytes from server to client. */
  readonly received: number;
  /** What the failed side reported, with the reasons `…-reset`. */
  readonly error: NodeJS.ErrnoException | null;
}

/** A relayed connection while it lives. */
export interface Pipe {
  readonly sent: number;
  readonly received: number;
  /** Resolves when both sockets are gone. Never rejects. */
  readonly ended: Promise<PipeEnd>;
}

/** What may wait in memory for a slow reader, bytes, beyond one read: then nothing more is read from the fast side. */
const heldBytes = 256 * 1024;

/** A TLS record that is full, bytes: what it is part of is likely to go on in the next one. */
const fullRecord = 16 * 1024;

/** With more connections than this there is always something to do: nobody has to be waited for awake. */
const mostAwake = 2;

/** The longest time that a timer holds, ms. */
const longestTimer = 0x7fffffff;

/** How long a limit that may change is believed, ms. */
const recheck = 30_000;

/** How long a connection that is cut in order may take to be gone, ms. */
const lastWords = 1000;

/**
 * Relays bytes between two open sockets until both have ended, half-closed states included. A slow reader slows the writer:
 * beyond {@link heldBytes} nothing is read from the other side. Both sockets must have been made with `allowHalfOpen`.
 * Paused ones are resumed; bytes that were put back with `unshift` come first.
 */
export function pipe(client: Socket, server: Socket, options: PipeOptions = {}): Pipe {
  return new Relay(client, server, options);
}

type Side = "client" | "server";

/** Connections that this process relays. */
let relays = 0;

class Relay implements Pipe {
  sent = 0;
  received = 0;
  readonly ended: Promise<PipeEnd>;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #resets: boolean;
  readonly #idleLimit: number | (() => number);
  readonly #cutsInOrder: boolean;
  readonly #closeLimit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #stop = (): void => {
    this.#reason ??= "stopped";
    this.#endInOrder();
  };
  #reason: PipeReason | null = null;
  #error: NodeJS.ErrnoException | null = null;
  #halfClosed = false;
  #open = 2;
  #lastBytes: number;
  readonly #vigils: Readonly<Record<Side, Vigil>> = { client: new Vigil(), server: new Vigil() };
  #timer: NodeJS.Timeout | undefined;
  #resolve!: (end: PipeEnd) => void;

  constructor(client: Socket, server: Socket, options: PipeOptions) {
    this.#client = client;
    this.#server = server;
    this.#resets = options.resets ?? true;
    this.#idleLimit = options.idleLimit ?? 0;
    this.#cutsInOrder = (options.cuts ?? (this.#resets ? "reset" : "end")) === "end";
    this.#closeLimit = options.closeLimit ?? 60_000;
    this.#signal = options.signal;
    this.#lastBytes = performance.now();
    relays++;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#watch("client", client, server, null, options.onSent);
    this.#watch("server", server, client, options.intake ?? null);
    this.#arm();
    client.resume();
    server.resume();
    if (options.signal?.aborted) this.#stop();
    else options.signal?.addEventListener("abort", this.#stop);
  }

  #watch(side: Side, from: Socket, to: Socket, intake: Intake | null, hear?: (chunk: Buffer) => void): void {
    const resume = (): void => void from.resume();
    const { client, server } = this.#vigils;
    const [own, other] = side === "client" ? [client, server] : [server, client];
    const joins = from instanceof TLSSocket && !(to instanceof TLSSocket);
    let isCorked = false;
    const uncork = (): void => {
      isCorked = false;
      to.uncork();
    };
    const forward = (chunk: Buffer, written?: () => void): boolean => {
      if (side === "client") this.sent += chunk.length;
      else this.received += chunk.length;
      const now = performance.now();
      this.#lastBytes = now;
      if (relays <= mostAwake) {
        own.end(now);
        other.begin(now);
      }
      // Records of one turn of the event loop leave in one write.
      if (joins && !isCorked && chunk.length >= fullRecord) {
        isCorked = true;
        to.cork();
        setImmediate(uncork);
      }
      if (!to.write(chunk, written) && to.writableLength >= heldBytes) {
        from.pause();
        to.once("drain", resume);
      }
      hear?.(chunk);
      return to.writableLength > 0;
    };
    (intake ?? Intake.of(from))?.read(from, forward);
    // What was read before, or put back.
    if (intake === null) from.on("data", forward);
    from.on("end", () => this.#halfClose(side, to));
    from.on("error", (error: NodeJS.ErrnoException) => this.#fail(side, from, to, error));
    from.on("close", () => this.#gone(from, to));
    // One that is destroyed and not closed yet tells so by itself.
    if (from.closed) this.#gone(from, to);
    else if (from.readableEnded) this.#halfClose(side, to);
  }

  #halfClose(side: Side, to: Socket): void {
    this.#reason ??= `${side}-closed`;
    this.#halfClosed = true;
    this.#lastBytes = performance.now();
    to.end();
    if (this.#closeLimit > 0) this.#arm();
    else if (to.writableFinished || to.destroyed) this.#destroy();
    else to.once("finish", () => this.#destroy());
  }

  #fail(side: Side, from: Socket, to: Socket, error: NodeJS.ErrnoException): void {
    // A peer that had said goodbye and then refuses what still arrives has not failed: its last words shall reach the other.
    if (from.readableEnded) return;
    if (this.#reason === null || this.#halfClosed) this.#reason = `${side}-reset`;
    this.#error ??= error;
    if (this.#resets) reset(to);
    else to.destroy();
  }

  /** One socket is gone. The other has either ended too, or must go when it has written what it holds. */
  #gone(from: Socket, to: Socket): void {
    this.#open--;
    if (this.#open === 0) this.#finish();
    else if (!from.readableEnded && !to.destroyed) to.destroySoon();
  }

  /** Waits until the limit in force may have passed, not for every read: a timer per read would cost more than the read. */
  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#open === 0) return;
    const limit = this.#limit();
    const longest = typeof this.#idleLimit === "number" ? longestTimer : recheck;
    if (limit === Number.POSITIVE_INFINITY && longest === longestTimer) return;
    const remaining = Math.ceil(this.#lastBytes + limit - performance.now());
    if (remaining <= 0) this.#expire();
    else this.#timer = setTimeout(() => this.#arm(), Math.min(remaining, longest));
  }

  /** What is still to be written has the longer limit: its reader may be slow. */
  #limit(): number {
    const writing = this.#client.writableLength > 0 || this.#server.writableLength > 0;
    if (this.#halfClosed && !writing) return this.#closeLimit;
    const limit = typeof this.#idleLimit === "number" ? this.#idleLimit : this.#idleLimit();
    return limit === 0 ? Number.POSITIVE_INFINITY : limit;
  }

  #expire(): void {
    this.#reason = this.#halfClosed ? "close-limit" : "idle-limit";
    if (this.#halfClosed) return this.#destroy();
    if (this.#cutsInOrder) return this.#endInOrder();
    reset(this.#client);
    reset(this.#server);
  }

  /** What was written still goes out, as far as its reader takes it in time. */
  #endInOrder(): void {
    clearTimeout(this.#timer);
    for (const socket of [this.#client, this.#server]) {
      // What still comes in has nowhere to go.
      socket.pause();
      socket.destroySoon();
    }
    this.#timer = setTimeout(() => this.#destroy(), lastWords);
  }

  #destroy(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  #finish(): void {
    relays--;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#stop);
    const { sent, received } = this;
    this.#resolve({ reason: this.#reason ?? "stopped", sent, received, error: this.#error });
  }
}

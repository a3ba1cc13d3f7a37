import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { IssuedCertificate } from "../certificates/issued.ts";
import type { Shape } from "./lane.ts";
import { type Direction, Link } from "./link.ts";

/** Options of `startFaultProxy`. */
export interface FaultProxyOptions {
  /** Where connections lead. */
  readonly to: { readonly host: string; readonly port: number };
  /**
   * Speak TLS to the client with this certificate, and plain text to the server. `received` is then what the client said
   * inside TLS: nothing at all, if it refused the certificate. Default: pass the bytes on as they come.
   */
  readonly tls?: IssuedCertificate;
  /** How many of the bytes that clients send are kept in `received`. Default 0. */
  readonly record?: number;
}

/**
 * Starts a TCP proxy on a free loopback port that can be made faulty at any time.
 *
 * ```ts
 * await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort } });
 * proxy.stall(); // half-open: everything vanishes
 * ```
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { tls } = options;
  const context = tls && createSecureContext({ cert: tls.certificate, key: tls.key });
  const proxy = new FaultProxy(options, context);
  await proxy.accept();
  return proxy;
}

/** A TCP proxy with faults to order. Listens on 127.0.0.1. */
export class FaultProxy implements AsyncDisposable {
  readonly #options: FaultProxyOptions;
  readonly #secureContext: SecureContext | undefined;
  readonly #shape: Shape = { delay: 0, bytesPerSecond: Infinity };
  readonly #sockets = new Set<Socket>();
  readonly #links = new Set<Link>();
  readonly #bytes: Record<Direction, number> = { "to-server": 0, "to-client": 0 };
  readonly #received: Buffer[] = [];
  #room: number;
  #listener: Server | undefined;
  #port = 0;
  #connections = 0;
  #stalling = false;
  #cut: { bytes: number; direction: Direction } | undefined;

  /** Use {@link startFaultProxy}. */
  constructor(options: FaultProxyOptions, secureContext: SecureContext | undefined) {
    this.#options = options;
    this.#secureContext = secureContext;
    this.#room = options.record ?? 0;
  }

  /** Where clients connect: an address, always `127.0.0.1`. */
  get host(): string {
    return "127.0.0.1";
  }

  /** Where clients connect. */
  get port(): number {
    return this.#port;
  }

  /** Connections accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Connections open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Bytes that arrived so far, whether passed on or not. */
  get bytes(): Readonly<Record<Direction, number>> {
    return { ...this.#bytes };
  }

  /** The first bytes that clients sent, all connections in one, as many as the option `record` allows. */
  get received(): Buffer {
    return Buffer.concat(this.#received);
  }

  /** No fault any more: connections pass, and new ones are accepted. Connections that were stalled stay so. */
  async pass(): Promise<void> {
    this.delay(0);
    this.throttle(Infinity);
    this.#stalling = false;
    this.#cut = undefined;
    for (const link of this.#links)
      for (const direction of ["to-server", "to-client"] as const) link.cutAfter(Infinity, direction);
    await this.accept();
  }

  /** Holds every byte back for so many milliseconds, in each direction. */
  delay(ms: number): void {
    this.#shape.delay = ms;
  }

  /** Limits each direction of each connection to so many bytes per second. */
  throttle(bytesPerSecond: number): void {
    if (!(bytesPerSecond > 0)) throw new Error("throttle: give more than 0 bytes per second; or use stall()");
    this.#shape.bytesPerSecond = bytesPerSecond;
  }

  /** Half-open: connections stay and new ones are accepted, but bytes vanish both ways and nobody is told of an end. */
  stall(): void {
    this.#stalling = true;
    for (const link of this.#links) link.stall();
  }

  /** Lets so many more bytes pass in each connection, those to come included, and ends it then. */
  cutAfter(bytes: number, direction: Direction = "to-client"): void {
    if (!(bytes > 0)) throw new Error("cutAfter: give at least 1 byte; or use cut()");
    this.#cut = { bytes, direction };
    for (const link of this.#links) link.cutAfter(bytes, direction);
  }

  /** Ends all connections now (FIN). New ones pass. */
  cut(): void {
    for (const link of this.#links) link.cut();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resets all connections now (RST). New ones pass. */
  reset(): void {
    for (const link of this.#links) link.reset();
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Refuses new connections, as if nothing listened. Those that are open go on. */
  async refuse(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    // Not awaited to the end: close() calls back only when the open connections have gone, too.
    listener?.close();
    await new Promise(setImmediate);
  }

  /** Accepts new connections (again), always on the same port. */
  async accept(): Promise<void> {
    if (this.#listener) return;
    const listener = createServer({ allowHalfOpen: true }, (socket) => this.#connected(socket));
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject).listen(this.#port, this.host, resolve);
    });
    this.#listener = listener;
    this.#port = (listener.address() as { port: number }).port;
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    await this.refuse();
    this.cut();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #connected(socket: Socket): void {
    this.#connections++;
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // A stalled peer says nothing, not even hello: there is no link to a server.
    if (this.#stalling) return this.#swallow(socket);
    const link = new Link(socket, {
      to: this.#options.to,
      secureContext: this.#secureContext,
      shape: this.#shape,
      arrived: (direction, piece) => this.#count(direction, piece),
      closed: (gone) => this.#links.delete(gone),
    });
    if (this.#cut) link.cutAfter(this.#cut.bytes, this.#cut.direction);
    this.#links.add(link);
  }

  #swallow(socket: Socket): void {
    socket.on("error", () => {});
    socket.on("data", (piece: Buffer) => this.#count("to-server", piece));
  }

  #count(direction: Direction, piece: Buffer): void {
    this.#bytes[direction] += piece.length;
    if (direction === "to-client" || this.#room === 0) return;
    const kept = piece.subarray(0, this.#room);
    this.#room -= kept.length;
    this.#received.push(kept);
  }
}

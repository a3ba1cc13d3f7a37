import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from "node:tls";
import { decodeReply, type Reply } from "./reply.ts";

/** Every cipher that OpenSSL still has, those of TLS 1.0 and 1.1 included. */
const lenient = "DEFAULT@SECLEVEL=0";

/** Whom to call, and how to know that it is them. */
export interface ControlTarget {
  readonly host: string;
  readonly port: number;
  /** Unix socket, in place of host and port, which are not looked at then. No TLS goes over it. */
  readonly path?: string;
  /** Absent: plain text. */
  readonly tls?: SecureContextOptions & {
    /** SHA-256 fingerprint of the one certificate that is accepted, whatever its name, dates and signer. */
    readonly fingerprint: string;
  };
  readonly username?: string;
  readonly password?: string;
  /** Milliseconds for connecting, and again for each command. Default 5 000. */
  readonly timeout?: number;
}

/**
 * The operator's line to a server: one command after the other, no reconnecting. It recognises the server by the very
 * certificate that it was given, so it reaches servers whose certificate is wrong on purpose, and no other.
 */
export class ControlConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket, timeout: number) {
    this.#socket = socket;
    socket.setTimeout(timeout, () => socket.destroy(new Error(`no answer within ${timeout} ms`)));
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", (error) => this.#settle((waiting) => waiting.reject(error)));
    socket.on("close", () => this.#settle((waiting) => waiting.reject(new Error("the server hung up"))));
  }

  /** Connects and logs in. */
  static async open(target: ControlTarget): Promise<ControlConnection> {
    const timeout = target.timeout ?? 5_000;
    const connection = new ControlConnection(await dial(target, timeout), timeout);
    try {
      if (target.password !== undefined)
        await connection.call("AUTH", target.username ?? "default", target.password);
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  /**
   * Sends a command and resolves with its reply.
   *
   * @throws Error with the server's words when it refuses the command; the command's arguments are not in it
   */
  async call(...args: readonly string[]): Promise<Reply> {
    if (this.#waiting !== undefined) throw new Error("one command at a time");
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#socket.destroyed) return this.#settle(() => reject(new Error("the connection is closed")));
      const parts = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
      this.#socket.write(`*${args.length}\r\n${parts.join("")}`);
    });
    if (reply instanceof Error) throw new Error(`${args[0]}: ${reply.message}`);
    return reply;
  }

  close(): void {
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    try {
      const decoded = decodeReply(this.#received);
      if (decoded === undefined) return;
      this.#received = this.#received.subarray(decoded.length);
      this.#settle((waiting) => waiting.resolve(decoded.reply));
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #settle(how: (waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) how(waiting);
  }
}

function dial({ host, port, path, tls: wanted }: ControlTarget, timeout: number): Promise<Socket> {
  const tls = path === undefined ? wanted : undefined;
  const where = path ?? `${host}:${port}`;
  return new Promise((resolve, reject) => {
    // The chain is not verified because the fingerprint below is stricter: it admits one certificate only.
    // Old versions are allowed because a server may be limited to them on purpose.
    const socket: Socket = tls
      ? connectTls({ ...tls, host, port, rejectUnauthorized: false, minVersion: "TLSv1", ciphers: lenient })
      : connectTcp(path === undefined ? { host, port } : { path });
    const ready = tls ? "secureConnect" : "connect";
    const settle = (error?: Error) => {
      clearTimeout(deadline);
      socket.off("error", settle).off(ready, connected);
      if (error === undefined) return resolve(socket);
      socket.on("error", () => {}).destroy();
      reject(error);
    };
    const connected = () => {
      const shown = tls && (socket as TLSSocket).getPeerX509Certificate()?.fingerprint256;
      settle(
        shown === tls?.fingerprint
          ? undefined
          : new Error(`${where} shows another certificate than the server that was started`),
      );
    };
    const deadline = setTimeout(
      () => settle(new Error(`${where} did not answer within ${timeout} ms`)),
      timeout,
    );
    socket.once("error", settle).once(ready, connected);
  });
}

import { createServer, type Server, type Socket } from "node:net";

/** A peer that misbehaves in exactly one way, on a port (or Unix socket) of this machine. */
export class Peer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #received: Buffer[] = [];

  /** @param behave what it does with each connection */
  static async start(
    behave: (socket: Socket) => void,
    listen: { port?: number; host?: string; path?: string; backlog?: number } = {},
  ): Promise<Peer> {
    const peer = new Peer(behave);
    const where = listen.path === undefined ? { port: 0, host: "127.0.0.1", ...listen } : listen;
    await new Promise<void>((resolve, reject) => {
      peer.#server.once("error", reject).listen(where, resolve);
    });
    return peer;
  }

  private constructor(behave: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {}).on("close", () => this.#sockets.delete(socket));
      socket.on("data", (bytes) => this.#received.push(bytes));
      behave(socket);
    });
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Everything that was said to it, in latin1. */
  get received(): string {
    return Buffer.concat(this.#received).toString("latin1");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Answers each line that begins a command's name with what the table says, else with `+OK`. */
export function answering(table: Readonly<Record<string, string>>): (socket: Socket) => void {
  return (socket) => {
    socket.on("data", (bytes) => {
      // One command per word in capitals that begins an array: enough for a handshake.
      for (const [, name = ""] of bytes.toString("latin1").matchAll(/\*\d+\r\n\$\d+\r\n([A-Z]+)\r\n/g))
        socket.write(table[name] ?? "+OK\r\n");
    });
  };
}

import { connect, createServer, type Server, type Socket } from "node:net";

/** Loopback, in both families; one that this machine does not have is left out. */
const addresses = ["127.0.0.1", "::1"] as const;

/** Leads a port of this machine to another one: for a program that listens elsewhere than where it is to be found. */
export class Forwarder {
  readonly #servers: Server[] = [];
  readonly #open = new Set<Socket>();

  /** @throws the system's error when the port cannot be listened on */
  static async open(from: number, to: number): Promise<Forwarder> {
    const forwarder = new Forwarder();
    try {
      for (const address of addresses) await forwarder.#listen(from, address, to);
    } catch (error) {
      await forwarder.close();
      throw error;
    }
    return forwarder;
  }

  /** Closes it, with all connections that go through it. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#open) socket.destroy();
    await Promise.all(closed);
  }

  async #listen(from: number, address: string, to: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (near) => this.#lead(near, to));
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(from, address, () => resolve());
      });
      this.#servers.push(server);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRNOTAVAIL" && code !== "EAFNOSUPPORT") throw error;
    }
  }

  #lead(near: Socket, to: number): void {
    // Not an address: the program may listen on either of them, and Node tries both.
    const far = connect({ host: "localhost", port: to, allowHalfOpen: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(one);
      one.setNoDelay(true);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

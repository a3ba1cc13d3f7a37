import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { RedoubtError } from "@redoubt/client";
import type { Answer, Order } from "./words.ts";

/** Carries out an order. */
export type Obey = (order: Order, progress: (sentence: string) => void) => Promise<unknown>;

/** Where a keeper takes orders: a Unix socket that only this user can open. */
export class OrderListener {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(obey: Obey) {
    this.#server = createServer((socket) => this.#serve(socket, obey));
  }

  /** @param path of the socket, in a folder that only this user may enter; what is left there of a dead keeper is removed */
  static async open(path: string, obey: Obey): Promise<OrderListener> {
    const listener = new OrderListener(obey);
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      listener.#server.once("error", reject).listen(path, () => resolve());
    });
    await chmod(path, 0o600);
    return listener;
  }

  /** Takes no more orders; those under way are answered. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const limit = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, lastWords);
    await closed;
    clearTimeout(limit);
  }

  #serve(socket: Socket, obey: Obey): void {
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    socket.on("error", () => {});
    const say = (answer: Answer): void =>
      void (socket.writable && socket.write(`${JSON.stringify(answer)}\n`));
    const read = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    read.on("error", () => {});
    // One order for each connection.
    read.once("line", (line) => {
      void carryOut(line, obey, (progress) => say({ progress })).then((answer) => {
        say(answer);
        socket.end();
      });
    });
  }
}

/** How long those who were answered may take to hang up, ms. */
const lastWords = 1000;

async function carryOut(line: string, obey: Obey, progress: (sentence: string) => void): Promise<Answer> {
  try {
    const order = JSON.parse(line) as Order;
    return { result: (await obey(order, progress)) ?? null };
  } catch (error) {
    const known = error instanceof RedoubtError;
    const { message } = error as Error;
    return { failure: { code: known ? error.code : null, message, hint: known ? error.hint : "" } };
  }
}

import { LineServer } from "../state/line-server.ts";
import type { Answer, Order } from "./words.ts";

/** Carries out an order. */
export type Obey = (order: Order, progress: (sentence: string) => void) => Promise<unknown>;

/** How long those who were answered may take to hang up, ms. */
const lastWords = 1000;

/** Where a keeper takes orders: a Unix socket that only this user can open. */
export class OrderListener {
  readonly #lines: LineServer;

  private constructor(lines: LineServer) {
    this.#lines = lines;
  }

  /** @param path of the socket, in a folder that only this user may enter; what is left there of a dead keeper is removed */
  static async open(path: string, obey: Obey): Promise<OrderListener> {
    const lines = await LineServer.open(path, async (line, say): Promise<Answer> => {
      const order = JSON.parse(line) as Order;
      const progress = (sentence: string): void => void say({ progress: sentence } satisfies Answer);
      return { result: (await obey(order, progress)) ?? null };
    });
    return new OrderListener(lines);
  }

  /** Takes no more orders; those under way are answered. */
  close(): Promise<void> {
    return this.#lines.close(lastWords);
  }
}

import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { RedoubtError } from "@redoubt/client";
import type { Answer, Order } from "./words.ts";

/** How a keeper is called. Times are milliseconds. */
export interface CallOptions {
  /** From calling to the answer. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  readonly progress?: (sentence: string) => void;
}

/** Nobody listens there. */
export class NobodyListens extends Error {}

/**
 * Gives a keeper an order and resolves with its answer.
 * @throws NobodyListens when there is no keeper, or it went away; RedoubtError what it answers
 */
export function callKeeper(socketFile: string, order: Order, options: CallOptions): Promise<unknown> {
  const { timeout, signal, progress } = options;
  return new Promise((resolve, reject) => {
    const socket = connect(socketFile);
    const settle = (how: () => void): void => {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", aborted);
      socket.destroy();
      how();
    };
    const fail = (error: Error): void => settle(() => reject(error));
    const aborted = (): void => fail(new RedoubtError("CLOSED_ABORTED", "Waiting was ended"));
    const deadline = setTimeout(
      () =>
        fail(
          new RedoubtError("SERVICE_FAILED", `The keeper did not end "${order.order}" within ${timeout} ms`),
        ),
      timeout,
    );
    if (signal?.aborted === true) return aborted();
    signal?.addEventListener("abort", aborted, { once: true });
    socket.on("error", () => fail(new NobodyListens()));
    socket.on("close", () => fail(new NobodyListens()));
    socket.once("connect", () => socket.write(`${JSON.stringify(order)}\n`));
    lines(socket, (line) => {
      const answer = JSON.parse(line) as Answer;
      if ("progress" in answer) progress?.(answer.progress);
      else if ("result" in answer) settle(() => resolve(answer.result));
      else fail(errorOf(answer.failure));
    });
  });
}

function lines(socket: Socket, hear: (line: string) => void): void {
  // It passes on the errors of its socket, which are heard there.
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })
    .on("line", hear)
    .on("error", () => {});
}

function errorOf({ code, message, hint }: Extract<Answer, { failure: unknown }>["failure"]): Error {
  return new RedoubtError(code ?? "SERVICE_FAILED", message, hint === "" ? {} : { hint });
}

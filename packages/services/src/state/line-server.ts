import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { type ErrorCode, RedoubtError } from "@redoubt/client";

/** Says a value as a line of JSON. Resolves when there is room for more, or nobody listens any more. */
export type SayLine = (value: object) => Promise<void>;

/**
 * Answers the one line that a connection says, with any number of lines.
 * @param gone is aborted when the other side is gone
 * @returns the last line
 */
export type AnswerLine = (line: string, say: SayLine, gone: AbortSignal) => Promise<object>;

/** What went wrong, for whoever is at the other end. */
export interface Failure {
  readonly failure: { readonly code: ErrorCode | null; readonly message: string; readonly hint: string };
}

/** A Unix socket that only this user can open: a line of JSON is asked at each connection, and answered in such lines. */
export class LineServer {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(answer: AnswerLine) {
    this.#server = createServer((socket) => this.#serve(socket, answer));
  }

  /** @param path of the socket, in a folder that only this user may enter; what somebody who died has left there is removed */
  static async open(path: string, answer: AnswerLine): Promise<LineServer> {
    const lines = new LineServer(answer);
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      lines.#server.once("error", reject).listen(path, () => resolve());
    });
    await chmod(path, 0o600);
    return lines;
  }

  /** It does not keep the process alive. */
  unref(): this {
    this.#server.unref();
    return this;
  }

  /**
   * Takes no more connections; what is under way is answered.
   * @param lastWords how long those who are connected may take to hang up, ms
   */
  async close(lastWords: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const limit = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, lastWords);
    await closed;
    clearTimeout(limit);
  }

  #serve(socket: Socket, answer: AnswerLine): void {
    const gone = new AbortController();
    this.#open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#open.delete(socket);
      gone.abort();
    });
    const say: SayLine = async (value) => {
      if (!socket.writable) return;
      if (socket.write(`${JSON.stringify(value)}\n`)) return;
      await new Promise<void>((resolve) => {
        socket.once("drain", resolve).once("close", () => resolve());
      });
    };
    const read = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    read.on("error", () => {});
    read.once("line", (line) => {
      void answer(line, say, gone.signal)
        .catch(failureOf)
        .then(say)
        .then(() => socket.end());
    });
  }
}

function failureOf(error: unknown): Failure {
  const known = error instanceof RedoubtError;
  const message = error instanceof Error ? error.message : String(error);
  return { failure: { code: known ? error.code : null, message, hint: known ? error.hint : "" } };
}

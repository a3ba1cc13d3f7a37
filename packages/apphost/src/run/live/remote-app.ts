import { connect } from "node:net";
import { createInterface } from "node:readline";
import { RedoubtError } from "@redoubt/client";
import type { Snapshot } from "../../model/snapshot.ts";
import type { LogLine, LogOptions } from "../logs/log-store.ts";
import type { AppFacts, Question, Reply } from "./wire.ts";

/** An app that runs in another process of the same user, seen and told what to do over its socket. */
export class RemoteApp {
  readonly #socket: string;

  /** @param socket path of the app's Unix socket */
  constructor(socket: string) {
    this.#socket = socket;
  }

  /** @throws RedoubtError `APP_STATE` when nobody answers there; so do all the others */
  about(signal?: AbortSignal): Promise<AppFacts> {
    return this.#ask<AppFacts>({ ask: "about" }, signal);
  }

  async snapshots(): Promise<Snapshot[]> {
    return (await this.#ask<Written[]>({ ask: "snapshots" })).map(read);
  }

  /** With secrets in the clear. */
  async reveal(name: string): Promise<Snapshot> {
    return read(await this.#ask<Written>({ ask: "reveal", name }));
  }

  /** Each snapshot as it is, then each one that changes, until the signal or the end of the app. */
  async *watch(signal?: AbortSignal): AsyncGenerator<Snapshot> {
    for await (const item of this.#items<Written>({ ask: "watch" }, signal)) yield read(item);
  }

  /** @param name undefined: lines of all resources */
  logs(name?: string, { signal, ...options }: LogOptions = {}): AsyncIterable<LogLine> {
    return this.#items<LogLine>({ ask: "logs", ...(name !== undefined && { name }), ...options }, signal);
  }

  start(name: string): Promise<void> {
    return this.#ask({ ask: "start", name });
  }

  /** @param name undefined: the app */
  stop(name?: string): Promise<void> {
    return this.#ask(name === undefined ? { ask: "shut-down" } : { ask: "stop", name });
  }

  restart(name: string): Promise<void> {
    return this.#ask({ ask: "restart", name });
  }

  execute(name: string, command: string): Promise<{ success: boolean; message?: string }> {
    return this.#ask({ ask: "execute", name, command });
  }

  /** @param until a state, or `healthy` */
  async waitFor(
    name: string,
    until: string,
    { timeout, signal }: { timeout?: number; signal?: AbortSignal } = {},
  ): Promise<Snapshot> {
    const question: Question = { ask: "wait", name, until, ...(timeout !== undefined && { timeout }) };
    return read(await this.#ask<Written>(question, signal));
  }

  /** @param options `keep`: also for later runs */
  setParameter(name: string, value: string, { keep = false }: { keep?: boolean } = {}): Promise<void> {
    return this.#ask({ ask: "parameter", name, value, keep });
  }

  connectionString(name: string): Promise<string> {
    return this.#ask({ ask: "connection-string", name });
  }

  async #ask<Result>(question: Question, signal?: AbortSignal): Promise<Result> {
    for await (const reply of this.#replies(question, signal)) {
      if ("result" in reply) return reply.result as Result;
    }
    throw signal?.aborted === true ? interrupted() : hungUp();
  }

  async *#items<Item>(question: Question, signal?: AbortSignal): AsyncGenerator<Item> {
    for await (const reply of this.#replies(question, signal)) {
      if (!("item" in reply)) return;
      yield reply.item as Item;
    }
    // An app that ends takes its listener with it: that is an end like any other.
  }

  async *#replies(question: Question, signal?: AbortSignal): AsyncGenerator<Reply> {
    const socket = connect(this.#socket);
    const hangUp = (): void => void socket.destroy();
    signal?.addEventListener("abort", hangUp, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("error", () => reject(nobody()));
        socket.once("close", () => reject(signal?.aborted === true ? interrupted() : nobody()));
        socket.once("connect", () => resolve());
        if (signal?.aborted === true) hangUp();
      });
      socket.on("error", () => {});
      socket.write(`${JSON.stringify(question)}\n`);
      const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
      lines.on("error", () => {});
      for await (const line of lines) {
        const reply = JSON.parse(line) as Reply;
        if ("failure" in reply) throw errorOf(reply.failure);
        yield reply;
      }
    } finally {
      signal?.removeEventListener("abort", hangUp);
      socket.destroy();
    }
  }
}

/** A snapshot as JSON has it. */
type Written = Omit<Snapshot, "startedAt"> & { readonly startedAt?: string };

function read({ startedAt, ...rest }: Written): Snapshot {
  return { ...rest, ...(startedAt !== undefined && { startedAt: new Date(startedAt) }) };
}

function errorOf({ code, message, hint }: Extract<Reply, { failure: unknown }>["failure"]): RedoubtError {
  return new RedoubtError(code ?? "APP_STATE", message, hint === "" ? {} : { hint });
}

const nobody = () => new RedoubtError("APP_STATE", "The app does not run: nobody answers at its socket");
const hungUp = () => new RedoubtError("APP_STATE", "The app has ended before it answered");
const interrupted = () => new RedoubtError("CLOSED_ABORTED", "Waiting was ended");

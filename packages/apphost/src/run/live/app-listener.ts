import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { RedoubtError } from "@redoubt/client";
import type { RunningApp } from "../running-app.ts";
import type { AppFacts, Question, Reply } from "./wire.ts";

/** How long those who were answered may take to hang up, ms. */
const lastWords = 500;

/** Answers questions about an app on a Unix socket that only this user can open. */
export class AppListener {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #path: string;

  private constructor(path: string, app: RunningApp, facts: AppFacts) {
    this.#path = path;
    this.#server = createServer((socket) => this.#serve(socket, app, facts));
    this.#server.unref();
  }

  /** @param path in a folder that only this user may enter; what an app that was killed has left there is removed */
  static async open(path: string, app: RunningApp, facts: AppFacts): Promise<AppListener> {
    const listener = new AppListener(path, app, facts);
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      listener.#server.once("error", reject).listen(path, () => resolve());
    });
    await chmod(path, 0o600);
    return listener;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const limit = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, lastWords);
    await closed;
    clearTimeout(limit);
    await rm(this.#path, { force: true });
  }

  #serve(socket: Socket, app: RunningApp, facts: AppFacts): void {
    const gone = new AbortController();
    this.#open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#open.delete(socket);
      gone.abort();
    });
    const say = async (reply: Reply): Promise<void> => {
      if (!socket.writable) return;
      if (socket.write(`${JSON.stringify(reply)}\n`)) return;
      await new Promise<void>((resolve) => {
        socket.once("drain", resolve).once("close", () => resolve());
      });
    };
    const read = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    read.on("error", () => {});
    read.once("line", (line) => {
      void answer(line, app, facts, say, gone.signal)
        .then(say)
        .then(() => socket.end());
    });
  }
}

type Say = (reply: Reply) => Promise<void>;

async function answer(
  line: string,
  app: RunningApp,
  facts: AppFacts,
  say: Say,
  gone: AbortSignal,
): Promise<Reply> {
  try {
    return { result: (await obey(read(line), app, facts, say, gone)) ?? null };
  } catch (error) {
    const known = error instanceof RedoubtError;
    const message = error instanceof Error ? error.message : String(error);
    return { failure: { code: known ? error.code : null, message, hint: known ? error.hint : "" } };
  }
}

function read(line: string): Question {
  const question = JSON.parse(line) as Question;
  if ("name" in question && question.name !== undefined && typeof question.name !== "string")
    throw new RedoubtError("APP_STATE", 'The question has a "name" that is no text');
  return question;
}

async function obey(
  question: Question,
  app: RunningApp,
  facts: AppFacts,
  say: Say,
  gone: AbortSignal,
): Promise<unknown> {
  switch (question.ask) {
    case "about":
      return facts;
    case "snapshots":
      return app.snapshots();
    case "reveal":
      return app.reveal(question.name);
    case "watch":
      return watch(app, say, gone);
    case "logs": {
      const { name, tail, follow = false } = question;
      const options = { follow, signal: gone, ...(tail !== undefined && { tail }) };
      for await (const item of app.logs(name, options)) await say({ item });
      return null;
    }
    case "start":
      return app.start(question.name);
    case "stop":
      return app.stop(question.name);
    case "restart":
      return app.restart(question.name);
    case "shut-down":
      // Not waited for: the answer would come from an app that is gone.
      void app.stop();
      return null;
    case "execute":
      return app.execute(question.name, question.command);
    case "wait": {
      const { name, until, timeout } = question;
      return app.waitFor(name, until, { signal: gone, ...(timeout !== undefined && { timeout }) });
    }
    case "parameter":
      return app.setParameter(question.name, question.value, { keep: question.keep ?? false });
    case "connection-string":
      return app.connectionString(question.name);
    default:
      throw new RedoubtError("APP_STATE", "The app does not know this question: it is of another version");
  }
}

async function watch(app: RunningApp, say: Say, gone: AbortSignal): Promise<null> {
  let last: Promise<void> = Promise.resolve();
  const end = app.watch((item) => {
    last = last.then(() => say({ item }));
  });
  try {
    for (const item of app.snapshots()) await say({ item });
    await Promise.race([
      app.done,
      new Promise<void>((resolve) => {
        if (gone.aborted) resolve();
        gone.addEventListener("abort", () => resolve(), { once: true });
      }),
    ]);
    await last;
  } finally {
    end();
  }
  return null;
}

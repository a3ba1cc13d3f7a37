import { rm } from "node:fs/promises";
import { RedoubtError } from "@redoubt/client";
import { LineServer, type SayLine } from "@redoubt/services/machine";
import type { RunningApp } from "../running-app.ts";
import type { AppFacts, Question, Reply } from "./wire.ts";

/** How long those who were answered may take to hang up, ms. */
const lastWords = 500;

/** Answers questions about an app on a Unix socket that only this user can open. */
export class AppListener {
  readonly #lines: LineServer;
  readonly #path: string;

  private constructor(path: string, lines: LineServer) {
    this.#path = path;
    this.#lines = lines;
  }

  /** @param path in a folder that only this user may enter; what an app that was killed has left there is removed */
  static async open(path: string, app: RunningApp, facts: AppFacts): Promise<AppListener> {
    const lines = await LineServer.open(
      path,
      async (line, say, gone): Promise<Reply> => ({
        result: (await obey(read(line), app, facts, say, gone)) ?? null,
      }),
    );
    return new AppListener(path, lines.unref());
  }

  async close(): Promise<void> {
    await this.#lines.close(lastWords);
    await rm(this.#path, { force: true });
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
  say: SayLine,
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
      for await (const item of app.logs(name, options)) await say({ item } satisfies Reply);
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

async function watch(app: RunningApp, say: SayLine, gone: AbortSignal): Promise<null> {
  let last: Promise<void> = Promise.resolve();
  const end = app.watch((item) => {
    last = last.then(() => say({ item }));
  });
  try {
    for (const item of app.snapshots()) await say({ item } satisfies Reply);
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

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Builder, createBuilder } from "../src/builder.ts";
import type { Engine } from "../src/run/engine.ts";
import { type StartOptions, startApp } from "../src/run/start-app.ts";

/** A folder for an app and one for all of its state, both gone when the test is over. */
export class RunGround {
  readonly folder: string;
  /** Environment variables of the app's own. */
  readonly variables: NodeJS.ProcessEnv;

  private constructor(folder: string) {
    this.folder = folder;
    this.variables = { ...process.env, REDOUBT_HOME: join(folder, "home") };
  }

  static async create(): Promise<RunGround> {
    const folder = await mkdtemp(join(tmpdir(), "redoubt-app-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
    return new RunGround(folder);
  }

  /** Writes a file beside the app's. @returns its name */
  async write(name: string, text: string): Promise<string> {
    await writeFile(join(this.folder, name), text);
    return name;
  }

  /** The description of an app, empty yet. A second one is that of the same app. */
  builder(): Builder {
    return createBuilder({
      file: join(this.folder, "apphost.ts"),
      operation: "run",
      variables: this.variables,
      args: [],
    });
  }

  /** Starts an app; it is stopped when the test is over. */
  async start(app: Builder, options: StartOptions = {}): Promise<Engine> {
    const engine = await startApp(app, { variables: this.variables, ...options });
    onTestFinished(() => engine.killAll());
    return engine;
  }
}

/** All lines that a resource has written itself. */
export function written(engine: Engine, name: string): string[] {
  return engine.logStore
    .tail(name)
    .filter(({ stream }) => stream !== "system")
    .map(({ text }) => text);
}

/** A program that serves HTTP at `PORT`, and answers `/env/NAME` with a variable. */
export const webProgram = `
import { createServer } from "node:http";
const server = createServer((request, response) => {
  const [, name] = /^\\/env\\/(.+)$/.exec(request.url) ?? [];
  if (request.url === "/crash") process.exit(7);
  response.end(name === undefined ? "hello" : (process.env[name] ?? ""));
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening"));
process.on("SIGTERM", () => { console.log("bye"); process.exit(0); });
`;

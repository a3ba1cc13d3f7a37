import { explain, RedoubtError } from "@redoubt/client";
import type { App } from "./model/app.ts";
import { runApp } from "./run/run-app.ts";
import type { RunningApp } from "./run/running-app.ts";
import { type StartOptions, startApp } from "./run/start-app.ts";

/** An app whose description is complete. */
export class BuiltApp {
  readonly app: App;

  constructor(app: App) {
    this.app = app;
  }

  /**
   * Runs the app until it is interrupted: logs go to stdout, what becomes of resources to stderr. What goes wrong before anything
   * runs is told, and the exit code says so; it is not thrown.
   */
  async run(options: StartOptions = {}): Promise<void> {
    try {
      await runApp(this.app, options);
    } catch (error) {
      if (!(error instanceof RedoubtError)) throw error;
      const { what, fix } = explain(error);
      process.stderr.write(`${error.code}  ${what}\n  fix  ${fix}\n`);
      process.exitCode = error.code.startsWith("CONFIG_") ? 2 : 1;
    }
  }

  /**
   * Starts the app and gives it back, for tests and programs that look at it:
   *
   * ```ts text
   * await using app = await builder.build().start();
   * await app.waitFor("api", "healthy");
   * ```
   * @throws RedoubtError `APP_STATE` when it runs already; `APP_MODEL` for what cannot run
   */
  start(options: StartOptions = {}): Promise<RunningApp> {
    return startApp(this.app, options);
  }
}

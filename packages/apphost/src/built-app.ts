import { explain, RedoubtError } from "@redoubt/client";
import { describeFailure, orderedOptions, ParentChannel } from "./launch/parent.ts";
import type { AppModel } from "./model/app.ts";
import { fault } from "./model/fault.ts";
import { waitCircle } from "./model/wait-circle.ts";
import {
  azureOf,
  type DeployOptions,
  type DeployResult,
  type DeployTalk,
  deployApp,
} from "./provision/deploy-app.ts";
import { terminalQuestions } from "./provision/terminal.ts";
import { judgeResources, refuse } from "./publish/judge.ts";
import { type PublishOptions, type PublishResult, publish } from "./publish/publish.ts";
import { runApp } from "./run/run-app.ts";
import type { RunningApp } from "./run/running-app.ts";
import { type StartOptions, startApp } from "./run/start-app.ts";

/** An app whose description is complete. */
export class BuiltApp {
  readonly app: AppModel;

  /** @throws RedoubtError `APP_MODEL` for resources that wait for each other */
  constructor(app: AppModel) {
    this.app = app;
    const circle = waitCircle(app.resources);
    if (circle !== null) {
      const names = circle.map(({ name }) => `"${name}"`).join(" waits for ");
      throw fault("APP_MODEL", `resources wait for each other: ${names}`, {
        ...(circle[0] !== undefined && { at: circle[0].madeAt }),
      });
    }
  }

  /**
   * Does what is asked for: `redoubt run`, `publish` and `deploy` start the app's file and say which; started by hand, it runs.
   * The last line of an app's file. What goes wrong is told, and the exit code says so; only what is no error of Redoubt is thrown.
   */
  async run(): Promise<void> {
    const channel = ParentChannel.open();
    await channel?.tell({ type: "begun", resources: this.app.resources.length });
    try {
      const result = await this.#operate(channel);
      await channel?.tell({ type: "result", result });
    } catch (error) {
      if (channel !== null) await channel.tell({ type: "failure", failure: describeFailure(error) });
      else if (error instanceof RedoubtError) tell(error);
      else throw error;
      process.exitCode = 1;
    } finally {
      channel?.close();
    }
  }

  /**
   * Starts the app in this process, for tests: `await using app = await builder.build().start()`. Nothing is printed.
   * @throws RedoubtError `APP_STATE`, `APP_MODEL`
   */
  start(options: StartOptions = {}): Promise<RunningApp> {
    return startApp(this.app, options);
  }

  /**
   * Writes the app down for Azure, for programs that do it themselves; the builder must have been made for it:
   * `createBuilder({ operation: "publish" })`.
   * @throws RedoubtError `APP_PUBLISH`
   */
  publish(options: PublishOptions = {}): Promise<PublishResult> {
    return publish(this.app, options);
  }

  /**
   * Deploys the app's resources to Azure; the builder must have been made for it: `createBuilder({ operation: "deploy" })`.
   * @throws RedoubtError what concerns all of them; how each has ended is in the result
   */
  async deploy(options: DeployOptions = {}, talk: Partial<DeployTalk> = {}): Promise<DeployResult> {
    const { signal = new AbortController().signal, tell: told = () => {}, questions = null } = talk;
    const resources = await azureOf(this.app, signal);
    refuse(judgeResources(resources));
    return deployApp(this.app, resources, options, { signal, tell: told, questions });
  }

  /** Interrupted, it stops to wait, and what is under way in Azure goes on. */
  async #deploy(options: DeployOptions, channel: ParentChannel | null): Promise<DeployResult> {
    const interrupt = new AbortController();
    const stop = (): void => interrupt.abort();
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
    try {
      return await this.deploy(options, {
        signal: interrupt.signal,
        questions: terminalQuestions(),
        tell: (event) => void channel?.tell({ type: "event", event }),
      });
    } finally {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    }
  }

  async #operate(channel: ParentChannel | null): Promise<unknown> {
    const options = orderedOptions(process.env);
    switch (this.app.operation) {
      case "run":
        return { reason: await runApp(this.app, options as StartOptions) };
      case "publish":
        return publish(this.app, options as PublishOptions);
      case "deploy":
        return this.#deploy(options as DeployOptions, channel);
    }
  }
}

/** Where no other program tells it. */
function tell(error: RedoubtError): void {
  const { what, fix } = explain(error);
  process.stderr.write(`${error.code}  ${what}\n  fix  ${fix}\n`);
}

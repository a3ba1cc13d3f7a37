import { RedoubtError } from "@redoubt/client";
import type { App } from "../model/app.ts";
import { hasConnectionString } from "../model/connection.ts";
import { fault } from "../model/fault.ts";
import { ParameterResource } from "../model/parameter.ts";
import type { Resource } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { Workload } from "../model/workload.ts";
import { isLifeCommand } from "./life/commands.ts";
import type { Ground, WaitBehavior } from "./life/ground.ts";
import { resourceLogger } from "./life/logger.ts";
import { ResourceRun } from "./life/resource-run.ts";
import type { Runner } from "./life/runner.ts";
import { circleOf, orderOfStopping } from "./life/stop-order.ts";
import { untilState } from "./life/until-state.ts";
import type { LogLine, LogOptions, LogStore } from "./logs/log-store.ts";
import type { Masker } from "./logs/masker.ts";
import type { CommandOutcome, EndpointAddress, ExitReason, RunningApp, WaitOptions } from "./running-app.ts";

/** What the engine is given. */
export interface EngineParts {
  readonly app: App;
  readonly masker: Masker;
  readonly logs: LogStore;
  readonly waitBehavior: WaitBehavior;
  /** Says how a resource is brought to life. */
  readonly runnerFor: (resource: Resource) => Runner;
  /** Called when everything has stopped. */
  readonly cleanUp: () => Promise<void>;
}

/** How long stopping all may take until what is left is killed, ms. */
const stopLimit = 10_000;

/** How much of the time that is left those get who stop before others. */
const share = 0.6;

/** Runs the resources of an app. */
export class Engine implements RunningApp, Ground {
  readonly app: App;
  readonly masker: Masker;
  readonly waitBehavior: WaitBehavior;
  readonly done: Promise<ExitReason>;
  readonly logStore: LogStore;
  readonly #parts: EngineParts;
  readonly #runs = new Map<Resource, ResourceRun>();
  readonly #listeners = new Set<(run: ResourceRun) => void>();
  readonly #over = new AbortController();
  #finish: (reason: ExitReason) => void = () => {};
  #stopping: Promise<void> | null = null;
  #reason: ExitReason = "stopped";
  /** All that the app runs may have ended, and none of its servers holds the process: it goes on until it is told to end. */
  readonly #stay = setInterval(() => {}, 1 << 30);

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.app = parts.app;
    this.masker = parts.masker;
    this.logStore = parts.logs;
    this.waitBehavior = parts.waitBehavior;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    for (const resource of parts.app.resources)
      this.#runs.set(resource, new ResourceRun(resource, parts.runnerFor(resource), this));
  }

  /**
   * Begins all resources that nobody is to start by hand.
   * @throws RedoubtError `APP_MODEL` when some wait for each other in a circle
   */
  async begin(): Promise<void> {
    const circle = circleOf([...this.#runs.values()], (run) => run.conditions.map(({ on }) => on));
    if (circle !== null) {
      const names = [...circle, circle[0]].map((run) => `"${run?.resource.name}"`).join(" → ");
      throw fault("APP_MODEL", `resources wait for each other in a circle: ${names}`, {
        ...(circle[0] !== undefined && { at: circle[0].resource.madeAt }),
        hint: "Take one waitFor() of them away.",
      });
    }
    const signal = this.#over.signal;
    for (const run of this.#runs.values())
      if (run.resource instanceof Workload)
        await this.app.events.emit("resourceEndpointsAllocated", {
          app: this.app,
          resource: run.resource,
          signal,
        });
    for (const run of this.#runs.values()) if (!run.resource.explicitStart) run.begin();
    await this.app.events.emit("afterResourcesCreated", { app: this.app, signal });
  }

  runOf(resource: Resource): ResourceRun | undefined {
    const inPlace = (resource as { readonly standIn?: Resource }).standIn;
    return this.#runs.get(inPlace ?? resource);
  }

  changed(run: ResourceRun): void {
    for (const listener of this.#listeners) listener(run);
  }

  onChange(listener: (run: ResourceRun) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  snapshots(): readonly Snapshot[] {
    return [...this.#runs.values()].map(({ snapshot }) => snapshot);
  }

  snapshot(name: string): Snapshot {
    return this.#run(name).snapshot;
  }

  reveal(name: string): Promise<Snapshot> {
    return Promise.resolve().then(() => this.#run(name).clear);
  }

  /** Whether a resource runs, is healthy, and its handlers are done. */
  isReady(name: string): boolean {
    return this.#run(name).ready;
  }

  watch(listener: (snapshot: Snapshot) => void): () => void {
    return this.onChange((run) => listener(run.snapshot));
  }

  logs(name?: string, options: LogOptions = {}): AsyncIterableIterator<LogLine> {
    return this.logStore.read(name === undefined ? undefined : this.#run(name).resource.name, options);
  }

  async start(name: string): Promise<void> {
    const run = this.#controllable(name);
    if (run.snapshot.state === "Stopping") await run.stop();
    run.begin();
    await this.#untilBegun(run);
  }

  async stop(name?: string): Promise<void> {
    if (name === undefined) return this.shutDown("stopped");
    await this.#controllable(name).stop();
  }

  async restart(name: string): Promise<void> {
    const run = this.#controllable(name);
    await run.stop();
    run.begin();
    await this.#untilBegun(run);
  }

  async execute(name: string, command: string): Promise<CommandOutcome> {
    const run = this.#run(name);
    const { resource } = run;
    const own = resource.commands.find((one) => one.name === command);
    if (own === undefined) {
      if (!run.controllable || !isLifeCommand(command)) throw unknownCommand(run, command);
      await this[command](name);
      return { success: true };
    }
    if (own.enabled?.(run.snapshot) === false)
      return {
        success: false,
        message: `${own.title} is not possible while ${name} is ${run.snapshot.state}`,
      };
    const say = (text: string): void => this.logStore.write(resource.name, "system", text);
    try {
      return await own.execute({
        resource,
        app: this.app,
        signal: this.#over.signal,
        logger: resourceLogger(say),
      });
    } catch (error) {
      const message = this.masker.mask((error as Error).message);
      say(`the command ${command} has failed: ${message}`);
      return { success: false, message };
    }
  }

  async waitFor(name: string, until: string, options: WaitOptions = {}): Promise<Snapshot> {
    return untilState(this.#run(name), this, until, options);
  }

  async setParameter(name: string, value: string, { keep = false }: { keep?: boolean } = {}): Promise<void> {
    const run = this.#run(name);
    const { resource } = run;
    if (!(resource instanceof ParameterResource))
      throw new RedoubtError(
        "APP_REFERENCE",
        `"${resource.name}" is no parameter: it has the type ${resource.type}`,
      );
    if (resource.secret) this.masker.add(value);
    resource.set(value, { keep });
    // Who has the old value keeps it until it is started again.
    run.show({ properties: { Value: { value, secret: resource.secret } } });
    await Promise.resolve();
  }

  async endpoint(name: string, endpoint?: string): Promise<EndpointAddress> {
    const { resource } = this.#run(name);
    const found =
      resource instanceof Workload
        ? endpoint === undefined
          ? resource.endpoints[0]
          : resource.getEndpoint(endpoint)
        : undefined;
    if (found === undefined) throw new RedoubtError("APP_REFERENCE", `"${resource.name}" has no endpoint`);
    const { host, port } = await found.allocated.get(this.#over.signal);
    return { url: `${found.scheme}://${host}:${port}`, host, port };
  }

  async connectionString(name: string): Promise<string> {
    const { resource } = this.#run(name);
    if (!hasConnectionString(resource))
      throw new RedoubtError("APP_REFERENCE", `"${resource.name}" has no connection string`);
    const text = await resource.connectionString().resolve({ viewpoint: "host", signal: this.#over.signal });
    if (text === undefined)
      throw new RedoubtError("APP_REFERENCE", `The connection string of "${resource.name}" is not known`);
    return text;
  }

  /** Stops everything, those first that others need last. @param reason what {@link Engine.done} resolves with */
  shutDown(reason: ExitReason): Promise<void> {
    this.#reason = reason;
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  /** Ends everything at once. */
  async killAll(): Promise<void> {
    const stopping = this.shutDown(this.#reason);
    await Promise.all([...this.#runs.values()].map((run) => run.kill()));
    await stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stopAll(): Promise<void> {
    // Who waits for others does not begin to run now.
    const all = [...this.#runs.values()];
    const groups = orderOfStopping(all, (run) => this.#needsOf(run));
    const deadline = performance.now() + stopLimit;
    const waiting = all.filter((run) => run.alive && !run.running);
    await Promise.all(waiting.map((run) => run.stop(graceOf(deadline, false))));
    for (const [index, group] of groups.entries()) {
      const grace = graceOf(deadline, index === groups.length - 1);
      await Promise.all(group.map((run) => run.stop(grace)));
    }
    this.#over.abort(new RedoubtError("CLOSED_ABORTED", "The app has ended"));
    this.logStore.end();
    try {
      await this.#parts.cleanUp();
    } finally {
      clearInterval(this.#stay);
      this.#finish(this.#reason);
    }
  }

  /** Everything that a resource uses while it runs. */
  #needsOf(run: ResourceRun): ResourceRun[] {
    const related = run.resource.relationships.map(({ resource }) => this.runOf(resource));
    return [...new Set([...run.conditions.map(({ on }) => on), ...related])].filter(
      (other): other is ResourceRun => other !== undefined && other !== run,
    );
  }

  /** Until it runs, has failed, or waits for others. */
  async #untilBegun(run: ResourceRun): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const { state, message } = run.snapshot;
        if (run.alive && (state === "Starting" || state === "NotStarted")) return;
        end();
        if (state === "FailedToStart")
          reject(
            new RedoubtError(
              "APP_RESOURCE_FAILED",
              `"${run.resource.name}" did not start: ${message ?? state}`,
            ),
          );
        else resolve();
      };
      const end = this.onChange(look);
      look();
    });
  }

  #run(name: string): ResourceRun {
    const resource = this.app.find(name);
    const run = resource === undefined ? undefined : this.runOf(resource);
    if (run !== undefined) return run;
    const names = this.app.resources.map((one) => one.name).join(", ");
    throw new RedoubtError(
      "APP_REFERENCE",
      `There is no resource ${JSON.stringify(name)}; there are ${names}`,
    );
  }

  #controllable(name: string): ResourceRun {
    if (this.#stopping !== null) throw new RedoubtError("CLOSED_CLIENT", "The app is being stopped");
    const run = this.#run(name);
    if (run.controllable) return run;
    throw new RedoubtError(
      "APP_REFERENCE",
      `"${run.resource.name}" is a ${run.resource.type}, which is neither started nor stopped`,
    );
  }
}

/** The last ones get all that is left. */
function graceOf(deadline: number, last: boolean): number {
  const left = Math.max(0, deadline - performance.now());
  return last ? left : left * share;
}

function unknownCommand(run: ResourceRun, command: string): RedoubtError {
  const names = run.snapshot.commands.map(({ name }) => name).join(", ") || "none";
  return new RedoubtError(
    "APP_REFERENCE",
    `"${run.resource.name}" has no command ${JSON.stringify(command)}; it has ${names}`,
  );
}

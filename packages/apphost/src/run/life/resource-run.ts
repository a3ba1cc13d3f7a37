import { describeCallSite } from "../../model/call-site.ts";
import type { Resource, Wait } from "../../model/resource.ts";
import type { Health, Snapshot, State } from "../../model/snapshot.ts";
import { watchHealth } from "../health/health-watch.ts";
import { mask } from "../logs/masker.ts";
import { describeExit, type ProgramExit } from "../process/program-exit.ts";
import { commandsOf } from "./commands.ts";
import type { Ground } from "./ground.ts";
import { resourceLogger } from "./logger.ts";
import type { Body, Life, Runner, Shown } from "./runner.ts";
import { type Condition, untilMet } from "./wait-list.ts";

/** States in which a resource is over. */
const ends: ReadonlySet<State> = new Set<State>(["Exited", "Finished", "FailedToStart"]);

/** What changes in the life of a resource. */
interface Standing {
  readonly state: State;
  readonly health?: Health | undefined;
  readonly exitCode?: number | undefined;
  readonly startedAt?: Date | undefined;
  readonly message?: string | undefined;
  readonly waitingFor?: readonly string[] | undefined;
}

interface OneLife {
  readonly end: AbortController;
  body: Body | null;
  /** How long the body may take to stop, ms. */
  grace: number;
}

/** How long a resource may take to stop when nothing else is said, ms. */
const usualGrace = 10_000;

/** One resource of a running app: from waiting over running to its end, and again when it is started anew. */
export class ResourceRun {
  readonly resource: Resource;
  readonly #runner: Runner;
  readonly #ground: Ground;
  #standing: Standing = { state: "NotStarted" };
  #shown: Shown = {};
  #ready = false;
  #initialised = false;
  #life: OneLife | null = null;
  /** Resolves when the last life is over, with what handlers do about that. */
  #settled: Promise<void> = Promise.resolve();

  constructor(resource: Resource, runner: Runner, ground: Ground) {
    this.resource = resource;
    this.#runner = runner;
    this.#ground = ground;
  }

  /** Whether starting and stopping it means something. */
  get controllable(): boolean {
    return this.#runner.controllable ?? true;
  }

  /** Whether it runs, healthy or not. */
  get running(): boolean {
    return this.#standing.state === "Running";
  }

  /** Whether it runs, is healthy, and its handlers of `resourceReady` are done. */
  get ready(): boolean {
    return this.running && this.#ready && this.#standing.health === "healthy";
  }

  /** Whether it is over, well or badly. */
  get ended(): boolean {
    return ends.has(this.#standing.state);
  }

  /** Whether it lives, or is about to. */
  get alive(): boolean {
    return this.#life !== null;
  }

  /** Whether what it tells others is known only when it runs. */
  get knownLate(): boolean {
    return this.#runner.knownLate ?? false;
  }

  /** What must be so before it can start: what the user has it wait for, and values that it uses. */
  get conditions(): readonly Condition[] {
    const find = ({ on, until, exitCode = 0 }: Wait): Condition[] => {
      const run = this.#ground.runOf(on);
      return run === undefined || run === this ? [] : [{ on: run, until, exitCode }];
    };
    const values = (this.#runner.needs?.() ?? []).map((on): Wait => ({ on, until: "started" }));
    // A program that another one refers to is not waited for: its address is known before it runs.
    return [...this.resource.waits.flatMap(find), ...values.flatMap(find).filter(({ on }) => on.knownLate)];
  }

  /** As it is now. Secrets are masked. */
  get snapshot(): Snapshot {
    const { properties = {}, environment = [] } = this.#shown;
    return {
      ...this.clear,
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, entry]) => [
          name,
          entry.secret ? { ...entry, value: mask } : entry,
        ]),
      ),
      environment: environment.map((entry) => (entry.secret ? { ...entry, value: mask } : entry)),
    };
  }

  /** As it is now, with its secrets. */
  get clear(): Snapshot {
    const { name, type, parent } = this.resource;
    const { state, health, exitCode, startedAt, message, waitingFor = [] } = this.#standing;
    const { properties = {}, environment = [], urls = [] } = this.#shown;
    const snapshot = {
      name,
      type,
      state,
      ...(health !== undefined && { health }),
      ...(exitCode !== undefined && { exitCode }),
      ...(startedAt !== undefined && { startedAt }),
      urls,
      properties,
      environment,
      commands: [],
      ...(parent !== undefined && { parent: parent.name }),
      waitingFor,
      ...(message !== undefined && { message }),
    } satisfies Snapshot;
    return { ...snapshot, commands: commandsOf(this, snapshot) };
  }

  /** Begins a life, if none is under way. What becomes of it is told by {@link ResourceRun.snapshot}. */
  begin(): void {
    if (this.#life !== null) return;
    const life: OneLife = { end: new AbortController(), body: null, grace: usualGrace };
    this.#life = life;
    this.#set({ state: "Starting" });
    this.#settled = this.#live(life).then(async (end) => {
      // Not before it is told that it is over: whoever hears that may start it again at once.
      this.#life = null;
      const ran = this.#standing.startedAt !== undefined;
      this.#set(end);
      if (ran) await this.#tellStopped();
    });
  }

  /** Ends the life that is under way. Resolves when it is over. @param grace ms until it is killed */
  async stop(grace = usualGrace): Promise<void> {
    const life = this.#life;
    if (life !== null) {
      life.grace = grace;
      life.end.abort(new Error("it was told to stop"));
    }
    await this.#settled;
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    const life = this.#life;
    if (life !== null) {
      life.grace = 0;
      life.end.abort(new Error("it was told to stop"));
      life.body?.kill();
    }
    await this.#settled;
  }

  /** Shows more about it. */
  show({ state, message, ...shown }: Shown): void {
    this.#shown = { ...this.#shown, ...shown };
    this.#set({
      ...this.#standing,
      ...(state !== undefined && { state }),
      message: message ?? (state === undefined ? this.#standing.message : undefined),
    });
  }

  /** @returns how it ends */
  async #live(life: OneLife): Promise<Standing> {
    const { signal } = life.end;
    this.#ready = false;
    try {
      await this.#prepare(signal);
      const body = await this.#runner.start(this.#lifeFor(signal));
      life.body = body;
      return await this.#run(life, body);
    } catch (error) {
      if (signal.aborted) return { state: "Exited", message: "was stopped before it ran" };
      const { message, hint } = error as Error & { readonly hint?: unknown };
      const where = describeCallSite(this.resource.madeAt);
      const located = where === "" || message.includes(where) ? message : `${message} (${where})`;
      this.#say(located);
      if (typeof hint === "string" && hint !== "") this.#say(hint);
      return { state: "FailedToStart", message: located };
    }
  }

  /** Up to the moment at which it may start. */
  async #prepare(signal: AbortSignal): Promise<void> {
    if (!this.#initialised) {
      this.#initialised = true;
      await this.#emit("initializeResource", signal);
    }
    await untilMet(this.conditions, this.#ground, signal, (waitingFor, message) =>
      this.#set({ state: "Waiting", waitingFor, message }),
    );
    this.#set({ state: "Starting" });
    if (this.#runner.knownLate !== true) await this.#emit("connectionStringAvailable", signal);
    await this.#emit("beforeResourceStarted", signal);
    signal.throwIfAborted();
  }

  async #run(life: OneLife, body: Body): Promise<Standing> {
    const { signal } = life.end;
    this.#set({ state: "Running", startedAt: new Date() });
    const watching = new AbortController();
    const health = this.#becomeReady(AbortSignal.any([signal, watching.signal]));
    const stopped = new Promise<null>((resolve) => {
      if (signal.aborted) resolve(null);
      signal.addEventListener("abort", () => resolve(null), { once: true });
    });
    const exit = await Promise.race([body.ended, stopped]);
    watching.abort();
    if (exit === null) {
      this.#set({ ...this.#standing, state: "Stopping", health: undefined });
      // It may have been killed at once since.
      await (life.grace === 0 ? Promise.resolve(body.kill()).then(() => body.ended) : body.stop(life.grace));
    }
    await health;
    return this.#over(exit);
  }

  /** @param exit null: it was told to stop */
  #over(exit: ProgramExit | null): Standing {
    if (exit === null) return { state: "Exited", message: "was stopped" };
    const { code } = exit;
    const message = describeExit(exit);
    this.#say(message);
    return { state: code === 0 ? "Finished" : "Exited", message, ...(code !== null && { exitCode: code }) };
  }

  async #tellStopped(): Promise<void> {
    try {
      await this.#emit("resourceStopped", AbortSignal.timeout(usualGrace));
    } catch (error) {
      this.#say(`a handler of resourceStopped has failed: ${(error as Error).message}`);
    }
  }

  /** Looks at its health for as long as it runs, and tells when it is ready. */
  async #becomeReady(signal: AbortSignal): Promise<void> {
    const logger = resourceLogger((text) => this.#say(text));
    if (this.#runner.knownLate === true)
      await this.#emit("connectionStringAvailable", signal).catch(() => {});
    const healthChecks = [...this.resource.healthChecks, ...(this.#runner.checks ?? [])];
    const readying: Promise<void>[] = [];
    let told = false;
    const hear = (health: Health, message?: string): void => {
      if (signal.aborted) return;
      if (this.#standing.health !== health || this.#standing.message !== message)
        this.#set({ ...this.#standing, health, message });
      if (health !== "healthy" || told) return;
      told = true;
      readying.push(this.#tellReady(signal));
    };
    if (healthChecks.length === 0) hear("healthy");
    else await watchHealth(healthChecks, logger, signal, ({ health, message }) => hear(health, message));
    await Promise.all(readying);
  }

  async #tellReady(signal: AbortSignal): Promise<void> {
    try {
      await this.#emit("resourceReady", signal);
      if (signal.aborted) return;
      this.#ready = true;
      this.#ground.changed(this);
    } catch (error) {
      const message = `a handler of resourceReady has failed: ${(error as Error).message}`;
      this.#say(message);
      this.#set({ ...this.#standing, message });
    }
  }

  #lifeFor(signal: AbortSignal): Life {
    return {
      signal,
      say: (text) => this.#say(text),
      onLine: (stream, text) => this.#ground.logStore.write(this.resource.name, stream, text),
      show: (shown) => {
        if (!signal.aborted) this.show(shown);
      },
    };
  }

  #emit(
    event:
      | "initializeResource"
      | "connectionStringAvailable"
      | "beforeResourceStarted"
      | "resourceReady"
      | "resourceStopped",
    signal: AbortSignal,
  ): Promise<void> {
    const { app } = this.#ground;
    if (event === "connectionStringAvailable" && !("connectionString" in this.resource))
      return Promise.resolve();
    return app.events.emit(event, { app, resource: this.resource, signal });
  }

  #say(text: string): void {
    for (const line of text.split("\n")) this.#ground.logStore.write(this.resource.name, "system", line);
  }

  #set(standing: Standing): void {
    const { message } = standing;
    // What a peer or a program has said may quote a secret.
    this.#standing = {
      ...standing,
      ...(message !== undefined && { message: this.#ground.masker.mask(message) }),
    };
    this.#ground.changed(this);
  }
}

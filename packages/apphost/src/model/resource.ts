import { judgeName } from "../names/resource-name.ts";
import type { App } from "./app.ts";
import { type CallSite, callSite } from "./call-site.ts";
import type { AppEventMap, EventHandler, ResourceEventName } from "./events.ts";
import { fault } from "./fault.ts";
import type { Health, Snapshot } from "./snapshot.ts";
import type { Value } from "./value.ts";

/** Takes the words of whoever works for a resource; they end in that resource's log. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A resource that must be so far before another one starts. */
export interface Wait {
  readonly on: Resource;
  readonly until: "healthy" | "started" | "completed";
  /** Of `completed`. Default 0. */
  readonly exitCode?: number;
}

/** Looks whether a resource that runs is well. */
export interface HealthCheck {
  readonly name: string;
  check(context: { readonly signal: AbortSignal; readonly logger: Logger }): Promise<{
    readonly status: Health;
    readonly message?: string;
  }>;
}

/** What a command is given. */
export interface CommandContext {
  readonly resource: Resource;
  readonly app: App;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Options of {@link Resource.withCommand}. */
export interface CommandOptions {
  /** Whether it can be given now. Default: always. */
  readonly enabled?: (snapshot: Snapshot) => boolean;
  /** A question that is asked first. */
  readonly confirmation?: string;
  /** Whether it is shown before others. */
  readonly highlighted?: boolean;
  readonly icon?: string;
}

/** Something that can be done with a resource, beside starting and stopping it. */
export interface Command extends CommandOptions {
  readonly name: string;
  readonly title: string;
  execute(context: CommandContext): Promise<{ readonly success: boolean; readonly message?: string }>;
}

/** What one resource is to another. `withReference` and waiting record `Reference` and `WaitFor`. */
export interface Relationship {
  readonly type: string;
  readonly resource: Resource;
}

/** An address that is shown beside a resource. */
export interface UrlNote {
  readonly url: string | Value;
  readonly text?: string;
}

/** A part of an app. All methods change it and return it, so that calls can be chained. */
export abstract class Resource {
  readonly name: string;
  /** `redis`, `parameter`, `azure-managed-redis`. */
  abstract readonly type: string;
  readonly app: App;
  /** Call and line of the user's file, for errors. */
  readonly madeAt: CallSite;
  /** The resource to which this one belongs. */
  parent: Resource | undefined;
  /** Whether overviews leave it out. */
  hidden = false;
  icon: string | undefined;
  excludedFromManifest = false;
  /** Whether it only starts when somebody says so. */
  explicitStart = false;
  readonly waits: Wait[] = [];
  readonly healthChecks: HealthCheck[] = [];
  readonly commands: Command[] = [];
  readonly relationships: Relationship[] = [];
  readonly urls: UrlNote[] = [];
  /** What `withConnectionProperty` adds to what consumers get, in the order of the calls. */
  readonly connectionOverrides: (readonly [name: string, value: Value])[] = [];

  /** @throws RedoubtError `APP_NAME` */
  constructor(app: App, name: string) {
    this.madeAt = callSite();
    const wrong = judgeName(name);
    if (wrong !== null) throw fault("APP_NAME", wrong, { at: this.madeAt });
    this.app = app;
    this.name = name;
  }

  /** Adds a command. A name that is there already is replaced. */
  withCommand(name: string, title: string, execute: Command["execute"], options: CommandOptions = {}): this {
    replaceOrAdd(this.commands, { ...options, name, title, execute });
    return this;
  }

  /** Adds a check. A name that is there already is replaced. */
  withHealthCheck(check: HealthCheck): this {
    replaceOrAdd(this.healthChecks, check);
    return this;
  }

  /** Shows this resource below another one. @throws RedoubtError `APP_MODEL` when it would be below itself */
  withParentRelationship(parent: Resource): this {
    for (let above: Resource | undefined = parent; above !== undefined; above = above.parent)
      if (above === this)
        throw fault("APP_MODEL", `"${this.name}" cannot be below "${parent.name}", which is below it`);
    this.parent = parent;
    return this;
  }

  /** Shows another resource below this one. */
  withChildRelationship(child: Resource): this {
    child.withParentRelationship(this);
    return this;
  }

  /** Records what another resource is to this one. It has no effect of its own. */
  withRelationship(resource: Resource, type: string): this {
    if (!this.relationships.some((one) => one.resource === resource && one.type === type))
      this.relationships.push({ resource, type });
    return this;
  }

  /** Records that this resource refers to another one. */
  withReferenceRelationship(resource: Resource): this {
    return this.withRelationship(resource, "Reference");
  }

  withIconName(icon: string): this {
    this.icon = icon;
    return this;
  }

  withHidden(hidden = true): this {
    this.hidden = hidden;
    return this;
  }

  /** Leaves it out of what is published. */
  excludeFromManifest(): this {
    this.excludedFromManifest = true;
    return this;
  }

  /** It starts only when somebody says so. */
  withExplicitStart(): this {
    this.explicitStart = true;
    return this;
  }

  /** Shows an address beside it. */
  withUrl(url: string | Value, text?: string): this {
    this.urls.push({ url, ...(text !== undefined && { text }) });
    return this;
  }

  /** Does something at a moment of this resource's life; what is returned is awaited. */
  on<N extends ResourceEventName>(event: N, handler: EventHandler<AppEventMap[N]>): this {
    this.app.events.on(event, handler, this);
    return this;
  }

  /** Starts only when another resource runs and is healthy. */
  waitFor(resource: Resource): this {
    return this.#wait({ on: resource, until: "healthy" });
  }

  /** Starts only when another resource runs, healthy or not. */
  waitForStart(resource: Resource): this {
    return this.#wait({ on: resource, until: "started" });
  }

  /** Starts only when another resource has ended with an exit code. Default 0. */
  waitForCompletion(resource: Resource, options: { readonly exitCode?: number } = {}): this {
    return this.#wait({ on: resource, until: "completed", exitCode: options.exitCode ?? 0 });
  }

  /**
   * Gives those who refer to this resource another property, or another value of one. Names are compared without case.
   * @param name `Host` becomes the variable `CACHE_HOST`
   */
  withConnectionProperty(name: string, value: Value): this {
    this.connectionOverrides.push([name, value]);
    return this;
  }

  /** A resource with its secrets is not to be printed; what it is called is enough. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, type: this.type };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.constructor.name} ${JSON.stringify(this.name)}`;
  }

  #wait(wait: Wait): this {
    if (wait.on === this) throw fault("APP_MODEL", `"${this.name}" cannot wait for itself`);
    for (let above = this.parent; above !== undefined; above = above.parent)
      if (wait.on === above)
        throw fault("APP_MODEL", `"${this.name}" cannot wait for "${above.name}", which it belongs to`);
    // A child is ready only where its parent is.
    if (wait.on.parent !== undefined && wait.on.parent !== this)
      this.#addWait({ on: wait.on.parent, until: wait.until === "completed" ? "healthy" : wait.until });
    this.#addWait(wait);
    return this.withRelationship(wait.on, "WaitFor");
  }

  #addWait(wait: Wait): void {
    const same = this.waits.findIndex(({ on, until }) => on === wait.on && until === wait.until);
    if (same < 0) this.waits.push(wait);
    else this.waits[same] = wait;
  }
}

function replaceOrAdd<T extends { readonly name: string }>(list: T[], item: T): void {
  const same = list.findIndex(({ name }) => name === item.name);
  if (same < 0) list.push(item);
  else list[same] = item;
}

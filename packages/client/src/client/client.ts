import { EventEmitter } from "node:events";
import { inspect } from "node:util";
import type { ClientSideCache } from "../cache/client-side-cache.ts";
import type { OneOrMore } from "../commands/argument.ts";
import type { Command } from "../commands/command.ts";
import type { Target } from "../config/target.ts";
import { type EntityOptions, EntityStore } from "../entities/entity-store.ts";
import type { RedoubtError } from "../errors.ts";
import type { DialReport } from "../net/report.ts";
import { library } from "../version.ts";
import { ChosenDatabase } from "./chosen-database.ts";
import {
  type BufferCommandMethods,
  type BufferCommandSurface,
  type CommandMethods,
  type CommandSurface,
} from "./command-methods.ts";
import { CommandView } from "./command-view.ts";
import { afterFailover } from "./failover.ts";
import { checkHealth, type Health, type HealthOptions } from "./health.ts";
import { Lanes } from "./lanes.ts";
import { Link, type LinkEvents } from "./link.ts";
import { type BufferMulti, type Multi, MultiBlock } from "./multi.ts";
import { type ClientOptions, type CommandOptions, resolveSettings, type Settings } from "./options.ts";
import { PubSub } from "./pubsub.ts";
import { defineScripts, type ScriptMethods, type Scripts } from "./script.ts";
import { Subscriber } from "./subscriber.ts";
import type { Terms } from "./terms.ts";
import type { RESP_TYPES, TypeMapping } from "./type-mapping.ts";
import { Watch } from "./watch.ts";

/** What a client tells: that it connects, that it is ready, what went wrong, that it is over. */
export interface ClientEvents {
  connect: [];
  ready: [];
  /** A connection could not be made or was lost. Nobody has to listen. */
  error: [RedoubtError];
  reconnecting: [];
  end: [];
}

/** A client seen through other options. */
export type ClientView = CommandMethods & CommandSurface & Pick<Client, "multi">;

/** A client seen through options that ask for Buffers. */
export type BufferClientView = BufferCommandMethods &
  BufferCommandSurface & {
    /** {@link Client.multi} with Buffers in the replies. */
    multi(): BufferMulti<[]>;
  };

/** Default of `close({ graceMs })`. */
const defaultGrace = 5000;

/**
 * A Redis client over one connection, which it keeps up. Made by {@link createClient}.
 *
 * Commands given while the connection is away wait in a bounded queue. Commands in flight when it is lost are rejected
 * with `CLOSED_CONNECTION`, since nobody knows whether they were carried out.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- CommandSurface defines these very methods
export interface Client extends CommandMethods {}

export class Client extends Subscriber {
  readonly #settings: Settings;
  readonly #events = new EventEmitter<ClientEvents>();
  readonly #link: Link;
  readonly #lanes: Lanes;
  /** Carries out commands. */
  readonly #carrier: ChosenDatabase;
  readonly #watch: Watch;
  protected readonly pubSub: PubSub;
  /** What a command is carried out under when nothing else is said. */
  readonly #terms: Terms;

  constructor(settings: Settings) {
    super();
    this.#settings = settings;
    const { route, mode, commandTimeout } = settings;
    this.#terms = { mode, timeout: commandTimeout, signal: undefined };
    this.#link = this.#newLink({
      prepare: async (connection) => {
        this.#events.emit("connect");
        await this.#carrier.prepare(connection);
        await this.#lanes.prepare(connection);
        await this.pubSub.prepare(connection);
      },
      onPush: (values) => {
        this.#lanes.onPush(values);
        this.pubSub.onPush(values);
      },
      onReady: () => void this.#events.emit("ready"),
      onReconnecting: () => void this.#events.emit("reconnecting"),
      onError: (error) => {
        // It may be about credentials that could not be renewed, while the connection lives on.
        if (this.#link.connection === null) this.#lanes.lost();
        this.emitError(error);
      },
      ...(route.follows && { recover: afterFailover(() => this.#link) }),
      onEnd: () => {
        this.#lanes.end();
        this.pubSub.end();
        route.release(this);
        this.#events.emit("end");
      },
    });
    this.#lanes = new Lanes(settings, {
      main: this.#link,
      link: (events) => this.#newLink(events),
      onError: (error) => this.emitError(error),
    });
    this.#carrier = new ChosenDatabase(this.#lanes.carrier);
    this.#watch = new Watch(this.#link);
    this.pubSub = new PubSub({
      main: this.#link,
      link: (events) => this.#newLink(events),
      timeout: commandTimeout,
      onError: (error) => this.emitError(error),
    });
    defineScripts(this, settings.scripts);
  }

  /** What the client connects to. */
  get target(): Target {
    return this.#settings.target;
  }

  /** What the open connection showed: address, stages, certificate, server; null while there is none. */
  get report(): DialReport | null {
    return this.#link.connection?.report ?? null;
  }

  /** What the option `clientSideCache` asked for, for its statistics; null without. */
  get clientSideCache(): ClientSideCache | null {
    return this.#lanes.cache;
  }

  /** Whether the client was connected and not closed; its connection may be away at the moment. */
  get isOpen(): boolean {
    return this.#link.isOpen;
  }

  /** Whether a connection is there, so that commands are sent at once. */
  get isReady(): boolean {
    return this.#link.connection !== null;
  }

  /** Whether it listens to channels or patterns. */
  get isPubSubActive(): boolean {
    return this.pubSub.isActive;
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#events.on(name, listener as never);
    return this;
  }

  once<Name extends keyof ClientEvents>(name: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#events.once(name, listener as never);
    return this;
  }

  off<Name extends keyof ClientEvents>(name: Name, listener: (...args: ClientEvents[Name]) => void): this {
    this.#events.off(name, listener as never);
    return this;
  }

  /**
   * Connects. What can heal by itself (`error.transient`: refused, reset, loading) is tried again until the connect
   * timeout is over; anything else rejects at once.
   * @returns the client itself, ready
   * @throws RedoubtError naming the stage that failed
   */
  async connect(): Promise<this> {
    this.#settings.route.hold(this);
    await this.#link.connect();
    return this;
  }

  /**
   * Looks how the server does, over a connection of its own. Never rejects, and ends in time: for the probes of an
   * orchestrator. `live`: it answers; `ready`: what is sent now is carried out.
   */
  health(options: HealthOptions = {}): Promise<Health> {
    const { route } = this.#settings;
    return checkHealth(
      (each) => route.dial(each),
      () => this.isReady,
      options,
    );
  }

  /** A client with the same options, not connected. */
  duplicate(): this {
    return new Client(this.#settings) as this;
  }

  /** Typed entities in the key layout of ServiceStack.Redis: `client.as<Todo>("Todo")`. */
  as<Entity extends object>(name: string, options: EntityOptions<Entity> = {}): EntityStore<Entity> {
    return new EntityStore<Entity>(this, name, options);
  }

  execute<Reply>(command: Command<Reply>): Promise<Reply> {
    return this.#carrier.execute(command, this.#terms);
  }

  /** @internal One command under terms of its own; see {@link Client.withCommandOptions}. */
  executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    return this.#carrier.execute(command, terms);
  }

  /** @internal Several commands together under terms of their own. */
  executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    return this.#carrier.executeBatch(commands, terms);
  }

  /**
   * Begins a transaction or a pipeline: `client.multi().incr("a").get("b").exec()`. Nothing is sent before `exec()` or
   * `execAsPipeline()`.
   */
  multi(): Multi<[]> {
    return this.multiWith(this.#terms);
  }

  readonly MULTI: this["multi"] = this.multi;
  readonly WATCH: this["watch"] = this.watch;
  readonly UNWATCH: this["unwatch"] = this.unwatch;

  /** @internal {@link Client.multi} under terms of its own. */
  multiWith(terms: Terms): Multi<[]> {
    return new MultiBlock(this.#carrier, terms, this.#watch) as unknown as Multi<[]>;
  }

  /**
   * From now on the next transaction is given up with `REPLY_CONFLICT` if one of these keys changes, or if the
   * connection is lost. All who share the client share what it watches: give each optimistic lock a client of its own.
   */
  watch(keys: OneOrMore): Promise<"OK"> {
    return this.#watch.watch(keys, this.#terms);
  }

  /** Ends {@link Client.watch}. */
  unwatch(): Promise<"OK"> {
    return this.#watch.unwatch(this.#terms);
  }

  /** The same client with other options for its commands: a deadline, an abort signal, Buffers. */
  withCommandOptions(options: CommandOptions): ClientView {
    return new CommandView(this, options, this.#terms) as unknown as ClientView;
  }

  /** The same client; its commands are given up when the signal is aborted. */
  withAbortSignal(abortSignal: AbortSignal): ClientView {
    return this.withCommandOptions({ abortSignal });
  }

  /** The same client with Buffers: `client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })`. */
  withTypeMapping(typeMapping: { [RESP_TYPES.BLOB_STRING]: typeof Buffer }): BufferClientView;
  withTypeMapping(typeMapping: TypeMapping): ClientView;
  withTypeMapping(typeMapping: TypeMapping): unknown {
    return this.withCommandOptions({ typeMapping });
  }

  /**
   * Closes when all that was asked is answered; takes no more commands from now on.
   * @param options `graceMs`: how long to wait for answers, ms, default 5000; what is unanswered then is rejected
   */
  close(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#lanes.end();
    return this.#link.close(options.graceMs ?? defaultGrace);
  }

  /** Closes at once. What is unanswered is rejected with `CLOSED_CLIENT`. */
  destroy(): void {
    this.#link.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [inspect.custom](): string {
    const { endpoints } = this.target;
    const where = endpoints.map(({ host, port }) => (port === 0 ? host : `${host}:${port}`)).join(", ");
    return `Client { ${where}, ${this.#link.state} }`;
  }

  /** A link to where the client connects to, not connected. */
  #newLink(events: LinkEvents): Link {
    const { route, dial } = this.#settings;
    return new Link({
      ...this.#settings,
      connectTimeout: dial.connectTimeout,
      dial: (options) => route.dial(options),
      ...events,
    });
  }

  /** Tells an error to those who listen. */
  protected emitError(error: RedoubtError): void {
    // An EventEmitter ends the process when nobody listens to "error"; a lost connection is no reason for that.
    if (this.#events.listenerCount("error") > 0) this.#events.emit("error", error);
  }
}

/**
 * Makes a client; `connect()` connects it.
 *
 * ```ts
 * await using client = await createClient("rediss://:secret@cache.example.com:6380").connect();
 * await client.set("key", "value");
 * ```
 * @param options a connection string of any dialect, or options
 * @throws RedoubtError of the family `CONFIG_`
 */
export function createClient<S extends Scripts = Record<never, never>>(
  options: string | (ClientOptions & { readonly scripts?: S }) = {},
): Client & ScriptMethods<S> {
  const settings = resolveSettings(typeof options === "string" ? { url: options } : options, library);
  return new Client(settings) as Client & ScriptMethods<S>;
}

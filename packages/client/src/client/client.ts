import { EventEmitter } from "node:events";
import { inspect } from "node:util";
import type { Command } from "../commands/command.ts";
import type { Target } from "../config/target.ts";
import { type EntityOptions, EntityStore } from "../entities/entity-store.ts";
import { RedoubtError } from "../errors.ts";
import { Connection } from "../net/connection.ts";
import { dial } from "../net/dial.ts";
import type { DialReport } from "../net/report.ts";
import { defaultLimits } from "../protocol/limits.ts";
import { library } from "../version.ts";
import { type BufferCommandMethods, type CommandMethods, CommandSurface } from "./command-methods.ts";
import { CommandView, type Terms } from "./command-view.ts";
import { abortedError, OfflineQueue } from "./offline-queue.ts";
import { type ClientOptions, type CommandOptions, resolveSettings, type Settings } from "./options.ts";
import type { RESP_TYPES, TypeMapping } from "./type-mapping.ts";

/** What a client tells: that it connects, that it is ready, what went wrong, that it is over. */
export interface ClientEvents {
  connect: [];
  ready: [];
  /** A connection could not be made or was lost. Nobody has to listen. */
  error: [RedoubtError];
  reconnecting: [];
  end: [];
}

type State = "new" | "connecting" | "ready" | "reconnecting" | "closing" | "closed";

/** Default of `close({ graceMs })`. */
const defaultGrace = 5000;

/**
 * A Redis client over one connection, which it keeps up. Made by {@link createClient}.
 *
 * Commands given while the connection is away wait in a bounded queue. Commands in flight when it is lost are rejected
 * with `CLOSED_CONNECTION`, since nobody knows whether they were carried out.
 */
// biome-ignore lint: the methods of all commands are merged into the class
export interface Client extends CommandMethods {}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- CommandSurface defines these very methods
export class Client extends CommandSurface {
  readonly #settings: Settings;
  readonly #events = new EventEmitter<ClientEvents>();
  readonly #queue: OfflineQueue | null;
  /** What a command is carried out under when nothing else is said. */
  readonly #terms: Terms;
  #state: State = "new";
  #connection: Connection | null = null;
  #opening: Promise<void> | null = null;
  /** Aborted when the client is closed: ends waiting and dialling. */
  #life = new AbortController();

  constructor(settings: Settings) {
    super();
    this.#settings = settings;
    this.#terms = { mode: settings.mode, timeout: settings.commandTimeout, signal: undefined };
    this.#queue = settings.offlineQueue === null ? null : new OfflineQueue(settings.offlineQueue);
  }

  /** What the client connects to. */
  get target(): Target {
    return this.#settings.target;
  }

  /** What the open connection showed: address, stages, certificate, server; null while there is none. */
  get report(): DialReport | null {
    return this.#connection?.report ?? null;
  }

  /** Whether the client was connected and not closed; its connection may be away at the moment. */
  get isOpen(): boolean {
    return this.#state !== "new" && this.#state !== "closed";
  }

  /** Whether a connection is there, so that commands are sent at once. */
  get isReady(): boolean {
    return this.#connection !== null;
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
    if (this.isOpen)
      throw new RedoubtError("CLOSED_CLIENT", "connect() was called on a client that is connected already", {
        hint: "Call connect() once, or duplicate() the client.",
      });
    if (this.#state === "closed") this.#life = new AbortController();
    this.#state = "connecting";
    const until = performance.now() + this.#settings.dial.connectTimeout;
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#open(Math.max(1, until - performance.now()));
        return this;
      } catch (error) {
        if (this.#life.signal.aborted) throw closedError();
        const delay = this.#delay(attempt, error as RedoubtError, true);
        if (delay === null || performance.now() + delay >= until) {
          this.#end();
          throw error;
        }
        this.#emitError(error as RedoubtError);
        await this.#wait(delay);
      }
    }
  }

  /** A client with the same options, not connected. */
  duplicate(): Client {
    return new Client(this.#settings);
  }

  /** Typed entities in the key layout of ServiceStack.Redis: `client.as<Todo>("Todo")`. */
  as<Entity extends object>(name: string, options: EntityOptions<Entity> = {}): EntityStore<Entity> {
    return new EntityStore<Entity>(this, name, options);
  }

  execute<Reply>(command: Command<Reply>): Promise<Reply> {
    const connection = this.#connection;
    if (connection !== null && this.#state === "ready") return connection.send(command, this.#settings.mode);
    return this.#executeLater(command, this.#terms);
  }

  /** @internal One command under terms of its own; see {@link Client.withCommandOptions}. */
  executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    const { mode, timeout, signal } = terms;
    if (signal?.aborted) return Promise.reject(abortedError(command, signal));
    const connection = this.#connection;
    if (connection === null || this.#state !== "ready") return this.#executeLater(command, terms);
    return connection.send(command, mode, timeout);
  }

  /** The same client with other options for its commands: a deadline, an abort signal, Buffers. */
  withCommandOptions(options: CommandOptions): CommandMethods & CommandSurface {
    return new CommandView(this, options, this.#terms) as unknown as CommandMethods & CommandSurface;
  }

  /** The same client; its commands are given up when the signal is aborted. */
  withAbortSignal(abortSignal: AbortSignal): CommandMethods & CommandSurface {
    return this.withCommandOptions({ abortSignal });
  }

  /** The same client with Buffers: `client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })`. */
  withTypeMapping(typeMapping: {
    [RESP_TYPES.BLOB_STRING]: typeof Buffer;
  }): BufferCommandMethods & CommandSurface;
  withTypeMapping(typeMapping: TypeMapping): CommandMethods & CommandSurface;
  withTypeMapping(typeMapping: TypeMapping): unknown {
    return this.withCommandOptions({ typeMapping });
  }

  /**
   * Closes when all that was asked is answered; takes no more commands from now on.
   * @param options `graceMs`: how long to wait for answers, ms, default 5000; what is unanswered then is rejected
   */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    if (!this.isOpen) return;
    const graceMs = options.graceMs ?? defaultGrace;
    const hasConnection = this.#connection !== null;
    this.#state = "closing";
    if (!hasConnection) return this.destroy();
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.#connection?.drain(), grace]);
    clearTimeout(timer);
    this.destroy();
  }

  /** Closes at once. What is unanswered is rejected with `CLOSED_CLIENT`. */
  destroy(): void {
    if (this.#state === "closed" || this.#state === "new") return;
    this.#end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [inspect.custom](): string {
    const { endpoints } = this.target;
    return `Client { ${endpoints.map(({ host, port }) => (port === 0 ? host : `${host}:${port}`)).join(", ")}, ${this.#state} }`;
  }

  async #open(connectTimeout: number): Promise<void> {
    const { target, dial: options, commandTimeout, socketTimeout, limits } = this.#settings;
    const dialled = await dial(target, { ...options, connectTimeout, signal: this.#life.signal });
    if (this.#life.signal.aborted) {
      dialled.close();
      throw closedError();
    }
    const connection = new Connection(dialled, {
      commandTimeout,
      socketTimeout,
      limits: { ...defaultLimits, ...limits },
      onClose: (error) => this.#lost(connection, error),
    });
    this.#connection = connection;
    this.#state = "ready";
    this.#events.emit("connect");
    this.#queue?.flush((command, mode, timeout) => connection.send(command, mode, timeout));
    this.#events.emit("ready");
  }

  #lost(connection: Connection, error: RedoubtError): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    if (this.#state !== "ready") return;
    this.#emitError(error);
    this.#opening ??= this.#reopen(error).finally(() => {
      this.#opening = null;
    });
  }

  async #reopen(first: RedoubtError): Promise<void> {
    this.#state = "reconnecting";
    let cause = first;
    for (let attempt = 0; !this.#life.signal.aborted; attempt++) {
      const delay = this.#delay(attempt, cause, false);
      if (delay === null) return this.#end(cause);
      this.#events.emit("reconnecting");
      await this.#wait(delay);
      if (this.#life.signal.aborted) return;
      try {
        return await this.#open(this.#settings.dial.connectTimeout);
      } catch (error) {
        cause = error as RedoubtError;
        if (this.#life.signal.aborted) return;
        this.#emitError(cause);
        // Waiting does not cure a wrong password or certificate: tell the waiting commands now, and go on looking.
        if (!cause.transient) this.#rejectQueue(cause);
      }
    }
  }

  /** Milliseconds until the next attempt; null: give up. */
  #delay(attempt: number, cause: RedoubtError, initial: boolean): number | null {
    if (initial && !(cause instanceof RedoubtError && cause.transient)) return null;
    const delay = this.#settings.reconnect(attempt, cause);
    return typeof delay === "number" ? Math.max(0, delay) : null;
  }

  #wait(ms: number): Promise<void> {
    const { signal } = this.#life;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }

  #executeLater<Reply>(command: Command<Reply>, { mode, timeout, signal }: Terms): Promise<Reply> {
    const { name } = command.spec;
    if (this.#state === "new" || this.#state === "closing" || this.#state === "closed") {
      const code = this.#state === "new" ? "CLOSED_NOT_CONNECTED" : "CLOSED_CLIENT";
      const why = this.#state === "new" ? "connect() has not been called" : "the client was closed";
      return Promise.reject(new RedoubtError(code, `${name} was not sent: ${why}`, { command: name }));
    }
    if (this.#queue === null) {
      return Promise.reject(
        new RedoubtError(
          "CLOSED_NOT_CONNECTED",
          `${name} was not sent: there is no connection, and the offline queue is off`,
          { command: name },
        ),
      );
    }
    return this.#queue.add(command, mode, timeout, signal);
  }

  #rejectQueue(error: RedoubtError): void {
    this.#queue?.rejectAll((command) => error.alsoWith({ command }));
  }

  #end(because: RedoubtError = closedError()): void {
    this.#state = "closed";
    this.#life.abort(because);
    const connection = this.#connection;
    this.#connection = null;
    connection?.destroy(because);
    this.#rejectQueue(because);
    this.#events.emit("end");
  }

  #emitError(error: RedoubtError): void {
    // An EventEmitter ends the process when nobody listens to "error"; a lost connection is no reason for that.
    if (this.#events.listenerCount("error") > 0) this.#events.emit("error", error);
  }
}

function closedError(): RedoubtError {
  return new RedoubtError("CLOSED_CLIENT", "The client was closed");
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
export function createClient(options: string | ClientOptions = {}): Client {
  return new Client(resolveSettings(typeof options === "string" ? { url: options } : options, library));
}

import { EventEmitter } from "node:events";
import { inspect } from "node:util";
import { ClientSideCache } from "../cache/client-side-cache.ts";
import type { ClientView } from "../client/client.ts";
import { type CommandMethods, CommandSurface } from "../client/command-methods.ts";
import { CommandView } from "../client/command-view.ts";
import { type BlockCarrier, type Multi, MultiBlock } from "../client/multi.ts";
import {
  type ClientOptions,
  type CommandOptions,
  resolveSettings,
  type Settings,
} from "../client/options.ts";
import type { Terms } from "../client/terms.ts";
import type { TypeMapping } from "../client/type-mapping.ts";
import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";
import { library } from "../version.ts";
import { using } from "./host-pool.ts";
import { Lender, type PoolStats } from "./lender.ts";
import { type PoolOptions, poolOptions } from "./options.ts";
import { PooledClient } from "./pooled-client.ts";

/** Default of `close({ graceMs })`. */
const defaultGrace = 5000;

/** What a pool tells. */
export interface PoolEvents {
  /** A client of the pool could not be connected, or lost its connection. Nobody has to listen. */
  error: [RedoubtError];
}

/**
 * A pool of clients, each for one task at a time, in the shape of node-redis. Made by {@link createClientPool}.
 *
 * A command on the pool itself is a task of its own. Ordinary commands need no pool, because one client carries thousands
 * of them at a time; transactions with `watch` and commands that block do.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- CommandSurface defines these very methods
export interface ClientPool extends CommandMethods {}

export class ClientPool extends CommandSurface {
  readonly #settings: Settings;
  readonly #cache: ClientSideCache | null;
  readonly #options: PoolOptions;
  readonly #events = new EventEmitter<PoolEvents>();
  readonly #terms: Terms;
  #lender: Lender | null = null;

  constructor(settings: Settings, options: PoolOptions) {
    super();
    const { clientSideCache: wanted } = settings;
    // Clients take turns: what one writes the next must not read from a cache of its own.
    this.#cache = wanted === null ? null : ClientSideCache.of(wanted);
    this.#settings = { ...settings, clientSideCache: this.#cache };
    this.#options = options;
    this.#terms = { mode: settings.mode, timeout: settings.commandTimeout, signal: undefined };
  }

  /** What the option `clientSideCache` asked for, shared by all clients of the pool; null without. */
  get clientSideCache(): ClientSideCache | null {
    return this.#cache;
  }

  /** How many clients are idle. */
  get idleClients(): number {
    return this.stats.idle;
  }

  /** How many clients somebody has. */
  get clientsInUse(): number {
    return this.stats.lent;
  }

  /** Idle, in use and connecting. */
  get totalClients(): number {
    return this.stats.total;
  }

  /** How many tasks wait for a client. */
  get tasksQueueLength(): number {
    return this.stats.waiting;
  }

  /** Whether it was connected and not closed. */
  get isOpen(): boolean {
    return this.#lender !== null && this.#lender.state !== "closed";
  }

  /** Whether it is closing, and not closed yet. */
  get isClosing(): boolean {
    return this.#lender?.state === "closing";
  }

  /** How the pool is used. */
  get stats(): PoolStats {
    return (this.#lender ?? this.#newLender()).stats;
  }

  on<Name extends keyof PoolEvents>(name: Name, listener: (...args: PoolEvents[Name]) => void): this {
    this.#events.on(name, listener as never);
    return this;
  }

  once<Name extends keyof PoolEvents>(name: Name, listener: (...args: PoolEvents[Name]) => void): this {
    this.#events.once(name, listener as never);
    return this;
  }

  off<Name extends keyof PoolEvents>(name: Name, listener: (...args: PoolEvents[Name]) => void): this {
    this.#events.off(name, listener as never);
    return this;
  }

  /**
   * Connects the minimum of clients.
   * @returns the pool itself
   * @throws RedoubtError why a client could not be connected; `CLOSED_CLIENT` when it is connected already
   */
  async connect(): Promise<this> {
    if (this.isOpen) {
      const hint = "Call connect() once.";
      throw new RedoubtError("CLOSED_CLIENT", "connect() was called on a pool that is connected already", {
        hint,
      });
    }
    this.#lender = this.#newLender();
    try {
      await this.#lender.warm();
    } catch (error) {
      this.destroy();
      throw error;
    }
    return this;
  }

  /**
   * Runs a task with a client of its own, which goes back to the pool when the task is over.
   * @returns what the task returns
   * @throws RedoubtError `TIMEOUT_POOL` and what else {@link ClientPool.acquire} throws; what the task throws
   */
  execute<Reply>(command: Command<Reply>): Promise<Reply>;
  execute<T>(task: (client: PooledClient) => T): Promise<Awaited<T>>;
  execute(work: Command<unknown> | ((client: PooledClient) => unknown)): Promise<unknown> {
    if (typeof work === "function") return this.#run(work, undefined);
    return this.executeWith(work, this.#terms);
  }

  /** @internal One command under terms of its own. */
  executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    return this.#run((client) => client.executeWith(command, terms), terms.signal);
  }

  /** A transaction or a pipeline, carried out by one client. */
  multi(): Multi<[]> {
    return this.multiWith(this.#terms);
  }

  /** @internal {@link ClientPool.multi} under terms of its own. */
  multiWith(terms: Terms): Multi<[]> {
    const carrier: BlockCarrier = {
      execute: (command, own) => this.executeWith(command, own),
      executeBatch: (commands, own) => this.#run((client) => client.executeBatch(commands, own), own.signal),
    };
    // Nobody can have watched keys on the client that will carry it out.
    const noLocks = { take: () => false, unwatch: () => Promise.resolve("OK") };
    return new MultiBlock(carrier, terms, noLocks) as unknown as Multi<[]>;
  }

  /**
   * Lends a client: `using client = await pool.acquire()`, or `release()` it.
   * @param options `signal` gives up waiting
   * @throws RedoubtError `TIMEOUT_POOL`, `CLOSED_QUEUE_FULL`, `CLOSED_ABORTED`, `CLOSED_CLIENT`; why a new client could not be connected
   */
  acquire(options: { readonly signal?: AbortSignal } = {}): Promise<PooledClient> {
    if (this.#lender !== null) return this.#lender.borrow(options.signal);
    return Promise.reject(
      new RedoubtError("CLOSED_NOT_CONNECTED", "connect() has not been called on the pool"),
    );
  }

  /** The same pool with other options for its commands. */
  withCommandOptions(options: CommandOptions): ClientView {
    return new CommandView(this, options, this.#terms) as unknown as ClientView;
  }

  /** The same pool; its commands are given up when the signal is aborted. */
  withAbortSignal(abortSignal: AbortSignal): ClientView {
    return this.withCommandOptions({ abortSignal });
  }

  /** The same pool with Buffers. */
  withTypeMapping(typeMapping: TypeMapping): ClientView {
    return this.withCommandOptions({ typeMapping });
  }

  /**
   * Closes when all tasks are over; takes no more from now on.
   * @param options `graceMs`: how long to wait for them, ms, default 5000
   */
  close(options: { readonly graceMs?: number } = {}): Promise<void> {
    return this.#lender?.close(options.graceMs ?? defaultGrace) ?? Promise.resolve();
  }

  /** Closes at once. What is unanswered is rejected with `CLOSED_CLIENT`. */
  destroy(): void {
    this.#lender?.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [inspect.custom](): string {
    const { total, lent, waiting } = this.stats;
    return `ClientPool { ${total} clients, ${lent} in use, ${waiting} waiting }`;
  }

  #run<T>(task: (client: PooledClient) => T, signal: AbortSignal | undefined): Promise<Awaited<T>> {
    return using(this.acquire(signal === undefined ? {} : { signal }), task);
  }

  #newLender(): Lender {
    return new Lender({
      ...this.#options,
      places: () => 1,
      overflow: false,
      make: (owner, place, generation) => new PooledClient(this.#settings, owner, place, generation),
      onError: (error) => {
        if (this.#events.listenerCount("error") > 0) this.#events.emit("error", error);
      },
    });
  }
}

/**
 * Makes a pool; `connect()` connects it.
 *
 * ```ts
 * await using pool = await createClientPool("rediss://:secret@cache.example.com:6380", { maximum: 10 }).connect();
 * await pool.execute(async (client) => {
 *   await client.watch("stock");
 *   const left = Number(await client.get("stock"));
 *   await client.multi().set("stock", String(left - 1)).exec();
 * });
 * ```
 * @param options of the clients: a connection string of any dialect, or options
 * @throws RedoubtError of the family `CONFIG_`
 */
export function createClientPool(
  options: string | ClientOptions = {},
  pool: Partial<PoolOptions> = {},
): ClientPool {
  const settings = resolveSettings(typeof options === "string" ? { url: options } : options, library);
  return new ClientPool(settings, poolOptions(pool));
}

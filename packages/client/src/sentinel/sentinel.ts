import { EventEmitter } from "node:events";
import { inspect } from "node:util";
import { Client, type ClientEvents } from "../client/client.ts";
import type { Terms } from "../client/terms.ts";
import type { Command, RedisArgument } from "../commands/command.ts";
import { raw } from "../commands/raw.ts";
import type { Endpoint } from "../config/target.ts";
import type { TopologyChange } from "../discovery/sentinel-directory.ts";
import { ClientPool } from "../pool/client-pool.ts";
import { poolOptions } from "../pool/options.ts";
import type { PooledClient } from "../pool/pooled-client.ts";
import { planSentinel, type SentinelOptions, type SentinelPlan } from "./options.ts";
import { ReplicaReaders } from "./replica-readers.ts";

/** What a Sentinel client tells, besides what every client does. */
export interface SentinelEvents extends ClientEvents {
  /** Another master, a replica or a Sentinel more or less, a Sentinel lost or found again. */
  "topology-change": [TopologyChange];
}

/**
 * A client of whichever server is master at the moment, by the word of the Sentinels. Made by {@link createSentinel}.
 *
 * It does all that a {@link Client} does. After a failover it goes on at the new master: commands that were in flight are
 * rejected with `CLOSED_CONNECTION`, since nobody knows whether they were carried out; what comes later waits.
 */
export class Sentinel extends Client {
  readonly #plan: SentinelPlan;
  readonly #options: SentinelOptions;
  readonly #topology = new EventEmitter<Pick<SentinelEvents, "topology-change">>();
  readonly #readers: ReplicaReaders | null;
  readonly #leases: ClientPool;
  readonly #terms: Terms;

  /** Use {@link createSentinel}. */
  constructor(options: SentinelOptions) {
    const plan = planSentinel(options);
    super(plan.settings);
    this.#plan = plan;
    this.#options = options;
    const { settings, route, masterPoolSize, acquireTimeout, replicaPoolSize } = plan;
    this.#terms = { mode: settings.mode, timeout: settings.commandTimeout, signal: undefined };
    this.#readers =
      replicaPoolSize === 0
        ? null
        : new ReplicaReaders(settings, route, replicaPoolSize, (error) => this.emitError(error));
    this.#leases = new ClientPool(
      settings,
      poolOptions({ minimum: 0, maximum: masterPoolSize, acquireTimeout }),
    );
    this.#leases.on("error", (error) => this.emitError(error));
    // What a listener throws must not end up in the middle of what the directory does.
    route.directory.onChange((change) =>
      process.nextTick(() => this.#topology.emit("topology-change", change)),
    );
    super.on("end", () => {
      this.#readers?.stop();
      this.#leases.destroy();
    });
  }

  override on<Name extends keyof SentinelEvents>(
    name: Name,
    listener: (...args: SentinelEvents[Name]) => void,
  ): this {
    if (name === "topology-change") this.#topology.on(name, listener as never);
    else super.on(name as keyof ClientEvents, listener as never);
    return this;
  }

  override once<Name extends keyof SentinelEvents>(
    name: Name,
    listener: (...args: SentinelEvents[Name]) => void,
  ): this {
    if (name === "topology-change") this.#topology.once(name, listener as never);
    else super.once(name as keyof ClientEvents, listener as never);
    return this;
  }

  override off<Name extends keyof SentinelEvents>(
    name: Name,
    listener: (...args: SentinelEvents[Name]) => void,
  ): this {
    if (name === "topology-change") this.#topology.off(name, listener as never);
    else super.off(name as keyof ClientEvents, listener as never);
    return this;
  }

  /**
   * Asks the Sentinels and connects to the master.
   * @throws RedoubtError of the family `TOPOLOGY_`; why the master could not be connected
   */
  override async connect(): Promise<this> {
    await super.connect();
    await this.#leases.connect();
    this.#readers?.start();
    return this;
  }

  /** A client with the same options, not connected. */
  override duplicate(overrides: Partial<SentinelOptions> = {}): this {
    return new Sentinel({ ...this.#options, ...overrides }) as this;
  }

  override execute<Reply>(command: Command<Reply>): Promise<Reply> {
    if (this.#readers === null || !isRead(command)) return super.execute(command);
    return this.#readers.execute(command, this.#terms, () => super.execute(command));
  }

  override executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    if (this.#readers === null || !isRead(command)) return super.executeWith(command, terms);
    return this.#readers.execute(command, terms, () => super.executeWith(command, terms));
  }

  /**
   * Sends any command as words.
   * @param isReadonly as node-redis has it: `true` sends it to a replica, where there is one to read from
   */
  override sendCommand<Reply = unknown>(words: readonly RedisArgument[]): Promise<Reply>;
  override sendCommand<Reply = unknown>(
    isReadonly: boolean | undefined,
    words: readonly RedisArgument[],
  ): Promise<Reply>;
  override sendCommand<Reply = unknown>(
    first: boolean | undefined | readonly RedisArgument[],
    words: readonly RedisArgument[] = [],
  ): Promise<Reply> {
    if (Array.isArray(first)) return super.sendCommand(first);
    if (first !== true || this.#readers === null) return super.sendCommand(words);
    const command = raw(words) as Command<Reply>;
    return this.#readers.execute(command, this.#terms, () => super.execute(command));
  }

  /**
   * Lends a client to the master, for `watch` and what else must not be shared: `using client = await sentinel.acquire()`,
   * or `release()` it.
   * @throws RedoubtError `TIMEOUT_POOL`; why it could not be connected
   */
  acquire(): Promise<PooledClient> {
    return this.#leases.acquire();
  }

  /** Runs a task with a client of its own to the master. */
  use<T>(task: (client: PooledClient) => T): Promise<Awaited<T>> {
    return this.#leases.execute(task);
  }

  /** Where the master is reached; undefined while it is not known. */
  getMasterNode(): Endpoint | undefined {
    const { route } = this.#plan;
    return route.directory.known === null ? undefined : route.reached(route.directory.known);
  }

  /** A Sentinel that is connected; undefined when there is none. */
  getSentinelNode(): Endpoint | undefined {
    return this.#plan.route.directory.sentinels.find(({ isUp }) => isUp)?.endpoint;
  }

  /** Where replicas are reached that can be read from, each with the number of connections to it. */
  getReplicaNodes(): Map<Endpoint, number> {
    const { route, replicaPoolSize } = this.#plan;
    return new Map(route.directory.replicas.map((one) => [route.reached(one), replicaPoolSize]));
  }

  override async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    await this.#leases.close(options);
    await super.close(options);
  }

  override [inspect.custom](): string {
    const master = this.getMasterNode();
    const where = master === undefined ? "unknown" : `${master.host}:${master.port}`;
    return `Sentinel { ${this.target.sentinel?.masterName}: ${where} }`;
  }
}

/** Reads data, which a replica has as well. What concerns the server itself is meant for the master. */
const isRead = ({ spec }: Command<unknown>): boolean => spec.readonly && spec.keys !== null;

/**
 * Makes a client that follows the master behind Sentinels; `connect()` connects it.
 *
 * ```ts text
 * // Options, as in node-redis
 * createSentinel({ name: "mymaster", sentinelRootNodes: [{ host: "sentinel-1", port: 26379 }] });
 * // A connection string that says it all
 * createSentinel("rediss://:secret@sentinel-1,sentinel-2/0?sentinel=mymaster");
 * // As ServiceStack has it
 * createSentinel("sentinel-1:26379?ssl=true", "mymaster", { hostFilter: (host) => `${host}?ssl=true` });
 * ```
 * @throws RedoubtError of the family `CONFIG_`
 */
export function createSentinel(options: SentinelOptions): Sentinel;
export function createSentinel(
  url: string,
  masterName?: string,
  options?: Omit<SentinelOptions, "url" | "name" | "sentinelRootNodes">,
): Sentinel;
export function createSentinel(
  first: string | SentinelOptions,
  masterName?: string,
  options: Omit<SentinelOptions, "url" | "name" | "sentinelRootNodes"> = {},
): Sentinel {
  if (typeof first !== "string") return new Sentinel(first);
  return new Sentinel({ ...options, url: first, ...(masterName !== undefined && { name: masterName }) });
}

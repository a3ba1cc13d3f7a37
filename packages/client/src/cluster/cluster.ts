import type { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { inspect } from "node:util";
import { ClientSideCache } from "../cache/client-side-cache.ts";
import { CachingLane } from "../client/caching.ts";
import type { BufferClientView, ClientView } from "../client/client.ts";
import type { CommandMethods } from "../client/command-methods.ts";
import { CommandView } from "../client/command-view.ts";
import type { HealthOptions } from "../client/health.ts";
import { type BlockCarrier, type Multi, MultiBlock } from "../client/multi.ts";
import type { CommandOptions } from "../client/options.ts";
import { defineScripts, type ScriptMethods, type Scripts } from "../client/script.ts";
import { Subscriber } from "../client/subscriber.ts";
import type { Terms } from "../client/terms.ts";
import type { RESP_TYPES, TypeMapping } from "../client/type-mapping.ts";
import type { Command, RedisArgument } from "../commands/command.ts";
import { raw } from "../commands/raw.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import type { ClusterMap, Shard } from "./cluster-map.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { ClusterPubSub } from "./cluster-pubsub.ts";
import { Fleet } from "./fleet.ts";
import { askHealth, type ClusterHealth } from "./health.ts";
import { joinOf, requireAnyNode } from "./keyless.ts";
import { type ClusterOptions, type ClusterSettings, resolveCluster } from "./options.ts";
import { ClusterScan } from "./scan.ts";
import { severalSlots, slotOf, slotOfCommand } from "./slot.ts";
import { divide } from "./split.ts";

/** What a cluster tells. Nobody has to listen. */
export interface ClusterEvents {
  /** The topology is known, and the nodes that were to be connected are. */
  ready: [];
  /** A node could not be connected or was lost, or nobody could tell the topology. */
  error: [RedoubtError];
  /** The same, with the node. */
  "node-error": [RedoubtError, ClusterNode];
  "node-ready": [ClusterNode];
  /** The topology was read; perhaps it has changed. */
  topology: [];
  end: [];
}

/** Default of `close({ graceMs })`. */
const defaultGrace = 5000;

/** A block of commands goes to one node as a whole; nothing is watched through a cluster. */
const unwatched = { take: () => false, unwatch: async () => "OK" as const };

/**
 * A client of a Redis Cluster: one connection to each node, commands sent by the slots of their keys. Made by
 * {@link createCluster}.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- CommandSurface defines these very methods
export interface Cluster extends CommandMethods {}

export class Cluster extends Subscriber {
  readonly #settings: ClusterSettings;
  readonly #events = new EventEmitter<ClusterEvents>();
  readonly #fleet: Fleet;
  readonly #map: ClusterMap;
  readonly #scan: ClusterScan;
  /** Who carries out commands: the nodes, or a cache. */
  readonly #carrier: BlockCarrier;
  protected readonly pubSub: ClusterPubSub;
  /** What a command is carried out under when nothing else is said. */
  readonly #terms: Terms;

  constructor(settings: ClusterSettings) {
    super();
    this.#settings = settings;
    const { mode, commandTimeout, clientSideCache: wanted } = settings.node;
    const cache = wanted === null ? null : ClientSideCache.of(wanted);
    this.#terms = { mode, timeout: commandTimeout, signal: undefined };
    this.#fleet = new Fleet({
      settings,
      terms: this.#terms,
      cache,
      send: (slot, command, terms) => this.#send(slot, command, terms),
      onReady: (node) => void this.#events.emit("node-ready", node),
      onTopology: () => {
        void this.pubSub.follow();
        this.#events.emit("topology");
      },
      onError: (error, node) => this.#emitError(error, node),
    });
    this.#map = this.#fleet.map;
    this.pubSub = new ClusterPubSub(this.#fleet, (error) => this.#emitError(error));
    const nodes: BlockCarrier = {
      execute: (command, terms) => this.#route(command, terms),
      executeBatch: (commands, terms) => this.#routeAll(commands, terms),
    };
    this.#carrier =
      cache === null
        ? nodes
        : new CachingLane({
            cache,
            others: nodes,
            isTold: () => this.#fleet.isTold,
            inTransaction: () => false,
            isShared: wanted === cache || settings.useReplicas,
          });
    this.#scan = new ClusterScan(this.#map, () => this.#fleet.look());
    defineScripts(this, settings.node.scripts);
  }

  /** Whether it was connected and not closed. */
  get isOpen(): boolean {
    return this.#fleet.isOpen;
  }

  /** Whether the topology is known. */
  get isReady(): boolean {
    return this.#fleet.isOpen && this.#map.masters.length > 0;
  }

  /** What the option `clientSideCache` asked for, for its statistics; null without. */
  get clientSideCache(): ClientSideCache | null {
    return this.#fleet.cache;
  }

  /** Who serves each slot; undefined where nobody is known to. */
  get slots(): readonly (Shard | undefined)[] {
    return this.#map.slots;
  }

  /** The primaries that serve slots. */
  get masters(): readonly ClusterNode[] {
    return this.#map.masters;
  }

  get replicas(): readonly ClusterNode[] {
    return this.#map.replicas;
  }

  /** The nodes by every address, `host:port`, by which the cluster calls them. */
  get nodeByAddress(): ReadonlyMap<string, ClusterNode> {
    return this.#map.byAddress;
  }

  on<Name extends keyof ClusterEvents>(name: Name, listener: (...args: ClusterEvents[Name]) => void): this {
    this.#events.on(name, listener as never);
    return this;
  }

  once<Name extends keyof ClusterEvents>(name: Name, listener: (...args: ClusterEvents[Name]) => void): this {
    this.#events.once(name, listener as never);
    return this;
  }

  off<Name extends keyof ClusterEvents>(name: Name, listener: (...args: ClusterEvents[Name]) => void): this {
    this.#events.off(name, listener as never);
    return this;
  }

  /**
   * Learns the topology from the first seed that tells it, and connects the primaries (with `useReplicas`, replicas, too).
   * A node that is away does not matter as long as another is there and waiting may cure it.
   * @returns the cluster itself
   * @throws RedoubtError `TOPOLOGY_NO_NODE`, or the one thing that is wrong everywhere, such as `AUTH_FAILED`
   */
  async connect(): Promise<this> {
    await this.#fleet.open();
    this.#events.emit("ready");
    return this;
  }

  /** A cluster client with the same options, not connected. */
  duplicate(): Cluster {
    return new Cluster(this.#settings);
  }

  execute<Reply>(command: Command<Reply>): Promise<Reply> {
    return this.executeWith(command, this.#terms);
  }

  /** @internal One command under terms of its own; see {@link Cluster.withCommandOptions}. */
  executeWith<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    return this.#carrier.execute(command, terms);
  }

  /** @internal Commands that are sent at once, each to its node; error replies stand among the replies. */
  executeBatch(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    return this.#carrier.executeBatch(commands, terms);
  }

  /**
   * Sends any command as words. Its keys are found by its name; for one that Redoubt does not know, by the first word
   * after it. Or, as node-redis has it: a key of the slot, whether the command only reads, and the words.
   */
  override sendCommand<Reply = unknown>(words: readonly RedisArgument[]): Promise<Reply>;
  override sendCommand<Reply = unknown>(
    firstKey: RedisArgument | undefined,
    isReadonly: boolean | undefined,
    words: readonly RedisArgument[],
  ): Promise<Reply>;
  override sendCommand<Reply = unknown>(
    wordsOrKey: readonly RedisArgument[] | RedisArgument | undefined,
    isReadonly?: boolean,
    words: readonly RedisArgument[] = [],
  ): Promise<Reply> {
    if (Array.isArray(wordsOrKey)) return super.sendCommand(wordsOrKey);
    const command = raw(words);
    const spec = {
      ...command.spec,
      readonly: isReadonly ?? command.spec.readonly,
      keys: wordsOrKey === undefined ? null : () => [wordsOrKey as RedisArgument],
    };
    return this.execute({ ...command, spec }) as Promise<Reply>;
  }

  /**
   * Begins a transaction or a pipeline. The keys of a transaction must be in one slot; a pipeline may go to many nodes.
   */
  multi(): Multi<[]> {
    return this.multiWith(this.#terms);
  }

  /** @internal {@link Cluster.multi} under terms of its own. */
  multiWith(terms: Terms): Multi<[]> {
    return new MultiBlock(this.#carrier, terms, unwatched) as unknown as Multi<[]>;
  }

  /** The same cluster with other options for its commands: a deadline, an abort signal, Buffers. */
  withCommandOptions(options: CommandOptions): ClientView {
    return new CommandView(this, options, this.#terms) as unknown as ClientView;
  }

  /** The same cluster; its commands are given up when the signal is aborted. */
  withAbortSignal(abortSignal: AbortSignal): ClientView {
    return this.withCommandOptions({ abortSignal });
  }

  /** The same cluster with Buffers: `cluster.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })`. */
  withTypeMapping(typeMapping: { [RESP_TYPES.BLOB_STRING]: typeof Buffer }): BufferClientView;
  withTypeMapping(typeMapping: TypeMapping): ClientView;
  withTypeMapping(typeMapping: TypeMapping): unknown {
    return this.withCommandOptions({ typeMapping });
  }

  /** Commands for this very node, once it is connected. */
  async nodeClient(node: ClusterNode): Promise<ClusterNode> {
    await node.open();
    return node;
  }

  /** {@link Cluster.nodeClient} for whoever serves a key. */
  async getNodeClientForKey(key: RedisArgument, isReadonly = false): Promise<ClusterNode> {
    const slot = slotOf(key);
    const node = isReadonly ? this.#fleet.reader(slot) : this.#map.slots[slot]?.master;
    if (node === undefined) throw unserved(slot);
    return this.nodeClient(node);
  }

  /** The primary of a slot. */
  getSlotMaster(slot: number): ClusterNode | undefined {
    return this.#map.slots[slot]?.master;
  }

  /** How the cluster is, by the word of each node; never rejects, and takes no longer than it may. */
  health(options: HealthOptions = {}): Promise<ClusterHealth> {
    const { masters, replicas, slots } = this.#map;
    const slotsOf = (node: ClusterNode) => slots.filter((shard) => shard?.master === node).length;
    return askHealth([...masters, ...replicas], slotsOf, options);
  }

  /**
   * Closes when all that was asked is answered; takes no more commands from now on.
   * @param options `graceMs`: how long to wait for answers, ms, default 5000; what is unanswered then is rejected
   */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    if (!this.isOpen) return;
    this.pubSub.end();
    await this.#fleet.close(options.graceMs ?? defaultGrace);
    this.#events.emit("end");
  }

  /** Closes at once. What is unanswered is rejected with `CLOSED_CLIENT`. */
  destroy(): void {
    if (!this.isOpen) return;
    this.pubSub.end();
    this.#fleet.destroy();
    this.#events.emit("end");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [inspect.custom](): string {
    const { masters, replicas } = this.#map;
    const state = this.isOpen ? "open" : "not open";
    return `Cluster { ${masters.length} primaries, ${replicas.length} replicas, ${state} }`;
  }

  #route<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    const slot = slotOfCommand(command);
    if (slot === null) return this.#sendKeyless(command, terms);
    return slot === severalSlots ? this.#sendDivided(command, terms) : this.#send(slot, command, terms);
  }

  #routeAll(commands: readonly Command<unknown>[], terms: Terms): Promise<unknown[]> {
    return Promise.all(
      commands.map((command) =>
        this.#route(command, terms).catch((error: unknown) => {
          if (error instanceof ReplyError) return error;
          throw error;
        }),
      ),
    );
  }

  #send<Reply>(slot: number, command: Command<Reply>, terms: Terms): Promise<Reply> {
    const reads = this.#settings.useReplicas && command.spec.readonly;
    const node = reads ? this.#fleet.reader(slot) : this.#map.slots[slot]?.master;
    if (node !== undefined) return node.executeWith(command, terms);
    return this.#whenServed(slot, command, terms);
  }

  #whenServed<Reply>(slot: number | null, command: Command<Reply>, terms: Terms): Promise<Reply> {
    return this.#fleet.whenServed(command, terms, unserved(slot), (timeout) =>
      this.#route(command, { ...terms, timeout }),
    );
  }

  async #sendDivided<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    const { parts, join } = divide(command);
    const replies = await Promise.all(parts.map((part) => this.#send(part.slot, part.command, terms)));
    return join(replies) as Reply;
  }

  async #sendKeyless<Reply>(command: Command<Reply>, terms: Terms): Promise<Reply> {
    requireAnyNode(command);
    const node = this.#map.anyMaster();
    if (node === undefined) return this.#whenServed(null, command, terms);
    if (command.spec.name === "SCAN") return this.#scan.execute(command, terms);
    const join = joinOf(command);
    if (join === null) return node.executeWith(command, terms);
    const each = this.#map.masters.map((master) => master.executeWith(command, terms));
    return join(await Promise.all(each)) as Reply;
  }

  #emitError(error: RedoubtError, node?: ClusterNode): void {
    if (node !== undefined) this.#events.emit("node-error", error, node);
    // An EventEmitter ends the process when nobody listens to "error"; a lost connection is no reason for that.
    if (this.#events.listenerCount("error") > 0) this.#events.emit("error", error);
  }
}

function unserved(slot: number | null): RedoubtError {
  const what = slot === null ? "any slot" : `slot ${slot}`;
  return new RedoubtError("TOPOLOGY_SLOT_UNSERVED", `No node of the cluster serves ${what}`);
}

/**
 * Makes a cluster client; `connect()` connects it.
 *
 * ```ts
 * await using cluster = await createCluster("rediss://:secret@a.example.com:6380,b.example.com:6380").connect();
 * await cluster.set("key", "value");
 * ```
 * @param options a connection string of any dialect, its endpoints being the seeds, or options
 * @throws RedoubtError of the family `CONFIG_`
 */
export function createCluster<S extends Scripts = Record<never, never>>(
  options: string | (ClusterOptions & { readonly scripts?: S }),
): Cluster & ScriptMethods<S> {
  return new Cluster(resolveCluster(options)) as Cluster & ScriptMethods<S>;
}

import { setTimeout as delay } from "node:timers/promises";
import type { ClientSideCache } from "../cache/client-side-cache.ts";
import type { Terms } from "../client/terms.ts";
import type { Command } from "../commands/command.ts";
import { addressOf } from "../discovery/address-map.ts";
import { RedoubtError } from "../errors.ts";
import { fullJitter } from "../net/backoff.ts";
import { Connection, type Setback } from "../net/connection.ts";
import { type Dialled, dialEndpoint } from "../net/dial.ts";
import { asStrings } from "../protocol/reply.ts";
import { ClusterMap } from "./cluster-map.ts";
import type { ClusterNode, NodeOwner } from "./cluster-node.ts";
import { Journeys } from "./journey.ts";
import type { ClusterSettings } from "./options.ts";
import { Scout, type Witness } from "./scout.ts";
import { severalSlots, slotOfCommand } from "./slot.ts";
import { type Asked, askTopology, type Topology } from "./topology.ts";

/** How long a command without a deadline waits for somebody to serve its slot, ms. */
const patience = 5000;
/** How often it looks, ms. */
const lookEvery = 50;

export interface FleetOptions {
  readonly settings: ClusterSettings;
  /** What a command is carried out under when nothing else is said. */
  readonly terms: Terms;
  /** Replies that nodes tell about; emptied when slots move. */
  readonly cache: ClientSideCache | null;
  /** Sends a command by its slot. */
  readonly send: <Reply>(slot: number, command: Command<Reply>, terms: Terms) => Promise<Reply>;
  readonly onReady: (node: ClusterNode) => void;
  readonly onTopology: () => void;
  readonly onError: (error: RedoubtError, node?: ClusterNode) => void;
}

/** The nodes of a cluster, kept in step with its topology: opened, left, asked about each other. */
export class Fleet implements NodeOwner {
  readonly map: ClusterMap;
  readonly settings: ClusterSettings;
  readonly terms: Terms;
  readonly cache: ClientSideCache | null;
  seedName: string;
  readonly #options: FleetOptions;
  readonly #journeys: Journeys;
  readonly #scout: Scout;
  /** Aborted when it is closed. */
  #life = new AbortController();
  #isOpen = false;
  /** Nodes that do not say which keys have changed. */
  readonly #mute = new Set<ClusterNode>();
  /** Somebody whom a redirection named: it knows what is new. */
  #informed: ClusterNode | null = null;

  constructor(options: FleetOptions) {
    const { settings, send } = options;
    this.#options = options;
    this.settings = settings;
    this.terms = options.terms;
    this.cache = options.cache;
    this.seedName = settings.node.target.tls.servername ?? (settings.seeds[0]?.endpoint.host as string);
    this.map = new ClusterMap(this);
    this.#scout = new Scout({
      witnesses: () => this.#witnesses(),
      apply: (topology) => this.#apply(topology),
      isUnwell: () => this.map.masters.some(({ isAway }) => isAway),
      onFailure: (error) => options.onError(error),
      interval: settings.refreshInterval,
    });
    this.#journeys = new Journeys({
      map: this.map,
      maxRedirections: settings.maxRedirections,
      send,
      doubt: (node) => this.doubt(node),
      onMoved: () => this.cache?.clear(false),
      isOpen: () => this.#isOpen,
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether each node tells of changes of what it is asked. */
  get isTold(): boolean {
    return this.#mute.size === 0;
  }

  /** Learns the topology and connects the nodes; see `Cluster.connect`. */
  async open(): Promise<void> {
    if (this.#isOpen) {
      const hint = "Call connect() once, or duplicate() the cluster.";
      throw new RedoubtError("CLOSED_CLIENT", "connect() was called on a cluster that is connected already", {
        hint,
      });
    }
    this.#isOpen = true;
    this.#life = new AbortController();
    this.#scout.start();
    try {
      await this.#learn();
      if (!this.settings.minimizeConnections) await this.#openAll();
    } catch (error) {
      const wasClosed = this.#life.signal.aborted;
      this.destroy();
      throw wasClosed ? closedError() : error;
    }
  }

  /** Reads the topology now. What goes wrong is told as an error of the cluster, and what was known stays. */
  async look(): Promise<void> {
    await this.#scout.read().catch((error: RedoubtError) => this.#options.onError(error));
  }

  /** Somebody who can answer a question about a slot: its primary or a replica. Replicas are connected when first wanted. */
  reader(slot: number): ClusterNode | undefined {
    const { chosen, master } = this.map.reader(slot);
    if (chosen === undefined || chosen.isReady) return chosen;
    chosen.open().catch((error: RedoubtError) => this.onError(chosen, error));
    return master;
  }

  /** Waits until a command can be sent, for at most as long as it has. */
  async whenServed<Reply>(
    command: Command<Reply>,
    { timeout }: Terms,
    otherwise: RedoubtError,
    send: (timeout: number) => Promise<Reply>,
  ): Promise<Reply> {
    const until = performance.now() + (timeout || patience);
    const slot = slotOfCommand(command);
    const isServed = (): boolean =>
      slot === null || slot === severalSlots
        ? this.map.masters.length > 0
        : this.map.slots[slot] !== undefined;
    do {
      if (!this.#isOpen) throw notSent(command, this.#life.signal.aborted);
      this.doubt();
      await delay(lookEvery);
      if (isServed()) return send(timeout && Math.max(1, until - performance.now()));
    } while (performance.now() < until);
    throw otherwise.alsoWith({ command: command.spec.name });
  }

  async close(graceMs: number): Promise<void> {
    this.#stop();
    await Promise.all([...this.map.nodes].map((node) => node.close(graceMs)));
    this.map.clear();
  }

  destroy(): void {
    this.#stop();
    for (const node of this.map.nodes) node.destroy();
    this.map.clear();
  }

  recover(setback: Setback, node: ClusterNode): Promise<unknown> | null {
    return this.#journeys.recover(setback, node);
  }

  told(node: ClusterNode, tells: boolean): void {
    if (tells) {
      this.#mute.delete(node);
      return;
    }
    this.#mute.add(node);
    // What it is being asked already would be kept, and nobody would tell.
    this.cache?.clear(false);
  }

  onReady(node: ClusterNode): void {
    this.#options.onReady(node);
  }

  onError(node: ClusterNode, error: RedoubtError): void {
    if (!this.#isOpen) return;
    this.#options.onError(error, node);
    this.#scout.readSoon();
  }

  /** The topology is not what it was thought to be; perhaps this node knows more. */
  doubt(node?: ClusterNode): void {
    this.#informed = node ?? this.#informed;
    this.#scout.readSoon();
  }

  #stop(): void {
    this.#isOpen = false;
    this.#life.abort();
    this.#scout.stop();
    this.#mute.clear();
  }

  /** Reads the topology for the first time. What can heal by itself is tried again until the connect timeout is over. */
  async #learn(): Promise<void> {
    const until = performance.now() + this.settings.node.dial.connectTimeout;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#scout.read();
      } catch (error) {
        const pause = fullJitter(attempt);
        const heals = error instanceof RedoubtError && error.transient;
        if (!heals || !this.#isOpen || performance.now() + pause >= until) throw error;
        this.#options.onError(error);
        await delay(pause);
      }
    }
  }

  async #openAll(): Promise<void> {
    const { masters, replicas } = this.map;
    const opened = await Promise.allSettled(masters.map((node) => node.open()));
    const failures = opened.flatMap(({ status, ...rest }) =>
      status === "rejected" ? [(rest as PromiseRejectedResult).reason as RedoubtError] : [],
    );
    const grave = failures.find(({ transient }) => !transient);
    const decisive = grave ?? (failures.length === masters.length ? failures[0] : undefined);
    if (decisive !== undefined) throw decisive;
    if (this.settings.useReplicas) await Promise.allSettled(replicas.map((node) => node.open()));
  }

  #apply(topology: Topology): void {
    const { leaving, changed } = this.map.apply(topology);
    if (changed) this.cache?.clear(false);
    for (const node of [...this.map.nodes, ...leaving]) {
      node.handOver(
        (command, mode, timeout) => this.#sendOn(command, { mode, timeout, signal: undefined }),
        (command) => this.#belongsElsewhere(command, node),
      );
    }
    for (const node of leaving) {
      node.retire();
      this.#mute.delete(node);
    }
    const { masters, replicas } = this.map;
    const wanted = this.settings.minimizeConnections
      ? []
      : [...masters, ...(this.settings.useReplicas ? replicas : [])];
    for (const node of wanted) node.open().catch((error: RedoubtError) => this.onError(node, error));
    this.#options.onTopology();
  }

  #sendOn(command: Command<unknown>, terms: Terms): Promise<unknown> {
    return this.#options.send(slotOfCommand(command) as number, command, terms);
  }

  /** Whether a command waits for a node that does not serve its slot any more. */
  #belongsElsewhere(command: Command<unknown>, node: ClusterNode): boolean {
    const slot = slotOfCommand(command);
    const shard = slot === null ? undefined : this.map.slots[slot];
    if (shard === undefined || shard.master === node) return false;
    return !(command.spec.readonly && this.settings.useReplicas && shard.replicas.includes(node));
  }

  /** Those who are connected first, then the seeds, then whoever else is known. */
  #witnesses(): Witness[] {
    const nodes = [...this.map.nodes];
    const informed = this.#informed;
    this.#informed = null;
    const ready = nodes.filter((node) => node.isReady);
    // Another one each time, so that not all clients ask the same node.
    const turn = Math.floor(Math.random() * ready.length);
    const inTurn = [...ready.slice(turn), ...ready.slice(0, turn)];
    inTurn.sort((a, b) => Number(b === informed) - Number(a === informed));
    return [
      ...inTurn.map((node) => this.#byLink(node)),
      ...this.settings.seeds.map((seed) => this.#bySeed(seed)),
      ...nodes.filter((node) => !node.isReady).map((node) => this.#byDial(node)),
    ];
  }

  #byLink(node: ClusterNode): Witness {
    const { host, port, address } = node;
    const terms: Terms = { mode: asStrings, timeout: this.settings.topologyTimeout, signal: undefined };
    return {
      address,
      ask: () => askTopology((command) => node.executeWith(command, terms), this.#asked({ host, port })),
    };
  }

  #byDial(node: ClusterNode): Witness {
    const { host, port, address } = node;
    return {
      address,
      ask: async () => this.#askOnce(await node.dial(this.#dialOptions()), this.#asked({ host, port })),
    };
  }

  #bySeed({ endpoint, settings }: ClusterSettings["seeds"][number]): Witness {
    const ask = async (): Promise<Topology> => {
      const dialled = await dialEndpoint(settings.target, endpoint, {
        ...settings.dial,
        ...this.#dialOptions(),
      });
      const topology = await this.#askOnce(dialled, this.#asked(endpoint));
      this.seedName = dialled.report.tls?.verifiedName ?? endpoint.host;
      return topology;
    };
    return { address: addressOf(endpoint), ask };
  }

  #dialOptions() {
    return { connectTimeout: this.settings.node.dial.connectTimeout, signal: this.#life.signal };
  }

  #asked(endpoint: Asked["endpoint"]): Asked {
    return { endpoint, tls: this.settings.node.target.tls.enabled };
  }

  async #askOnce(dialled: Dialled, asked: Asked): Promise<Topology> {
    const { topologyTimeout } = this.settings;
    const connection = new Connection(dialled, {
      commandTimeout: topologyTimeout,
      socketTimeout: topologyTimeout,
      onClose: () => {},
    });
    try {
      return await askTopology((command) => connection.send(command, asStrings), asked);
    } finally {
      connection.destroy(closedError());
    }
  }
}

function closedError(): RedoubtError {
  return new RedoubtError("CLOSED_CLIENT", "The cluster was closed");
}

function notSent({ spec: { name } }: Command<unknown>, wasClosed: boolean): RedoubtError {
  return wasClosed
    ? new RedoubtError("CLOSED_CLIENT", `${name} was not sent: the cluster was closed`, { command: name })
    : new RedoubtError("CLOSED_NOT_CONNECTED", `${name} was not sent: connect() has not been called`, {
        command: name,
      });
}

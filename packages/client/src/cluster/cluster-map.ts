import { addressOf, readAddress } from "../discovery/address-map.ts";
import { RedoubtError } from "../errors.ts";
import { ClusterNode, type NodeOwner } from "./cluster-node.ts";
import { slotCount } from "./slot.ts";
import type { AnnouncedNode, Topology } from "./topology.ts";

/** Who serves a slot. */
export interface Shard {
  readonly master: ClusterNode;
  readonly replicas: readonly ClusterNode[];
}

/** Where a redirection leads. */
export interface Redirection {
  readonly slot: number;
  readonly node: ClusterNode;
}

/** The nodes of a cluster, and who serves which slot, as far as this client knows. */
export class ClusterMap {
  /** By slot; undefined where nobody is known to serve it. */
  readonly slots: (Shard | undefined)[] = new Array<Shard | undefined>(slotCount).fill(undefined);
  readonly #owner: NodeOwner;
  /** By all addresses under which a node is known. */
  readonly #byAddress = new Map<string, ClusterNode>();
  #masters: readonly ClusterNode[] = [];
  #replicas: readonly ClusterNode[] = [];
  /** Takes turns among nodes. */
  #turn = 0;

  constructor(owner: NodeOwner) {
    this.#owner = owner;
  }

  /** Primaries that serve slots. */
  get masters(): readonly ClusterNode[] {
    return this.#masters;
  }

  get replicas(): readonly ClusterNode[] {
    return this.#replicas;
  }

  /** All nodes that were ever needed, those included that a redirection named and no topology yet. */
  get nodes(): ReadonlySet<ClusterNode> {
    return new Set(this.#byAddress.values());
  }

  get byAddress(): ReadonlyMap<string, ClusterNode> {
    return this.#byAddress;
  }

  /** How many slots nobody is known to serve. */
  get unserved(): number {
    return this.slots.reduce((count, shard) => (shard === undefined ? count + 1 : count), 0);
  }

  /**
   * Takes a topology over.
   * @returns `leaving`: the nodes that are not part of it any more; they are forgotten here, and still open; `changed`:
   *   whether a slot has another primary than before
   */
  apply(topology: Topology): { readonly leaving: readonly ClusterNode[]; readonly changed: boolean } {
    const before = this.nodes;
    const primaries = this.slots.map((shard) => shard?.master);
    const shards = topology.map(({ master, replicas, slots }) => {
      const shard: Shard = {
        master: this.#known(master, false),
        replicas: replicas.map((node) => this.#known(node, true)),
      };
      return { shard, slots };
    });
    this.slots.fill(undefined);
    for (const { shard, slots } of shards)
      for (const { start, end } of slots) this.slots.fill(shard, start, end + 1);
    this.#masters = shards.map(({ shard }) => shard.master);
    this.#replicas = shards.flatMap(({ shard }) => shard.replicas);
    const present = new Set([...this.#masters, ...this.#replicas]);
    for (const [address, node] of this.#byAddress) if (!present.has(node)) this.#byAddress.delete(address);
    return {
      leaving: [...before].filter((node) => !present.has(node)),
      changed: this.slots.some((shard, slot) => shard?.master !== primaries[slot]),
    };
  }

  /**
   * Where a `MOVED` or `ASK` leads: `MOVED 3999 127.0.0.1:6381`. Without a host it is that of the node which says so.
   * @throws RedoubtError `REPLY_PROTOCOL` when it cannot be read
   */
  redirection({ message }: RedoubtError, from: ClusterNode): Redirection {
    const [, digits, host = "", port] = /^\w+ (\d+) (.*):(\d+)/.exec(message) ?? [];
    const slot = Number(digits);
    if (port === undefined || slot >= slotCount)
      throw new RedoubtError("REPLY_PROTOCOL", "A redirection of the cluster names no slot and address");
    const said = host === "" || host === "?" ? from.host : (readAddress(host)?.host ?? host);
    return { slot, node: this.#at({ host: said, port: Number(port) }) };
  }

  /** Takes over what a `MOVED` says. */
  move({ slot, node }: Redirection): void {
    const known = this.slots.find((shard) => shard?.master === node);
    this.slots[slot] = known ?? { master: node, replicas: [] };
    if (!this.#masters.includes(node)) this.#masters = [...this.#masters, node];
  }

  /** A primary for a command that any of them can carry out: one with a connection, if there is one. */
  anyMaster(): ClusterNode | undefined {
    const ready = this.#masters.filter(({ isReady }) => isReady);
    const among = ready.length > 0 ? ready : this.#masters;
    return among[this.#turn++ % among.length];
  }

  /** Whose turn it is to answer a question about a slot, its primary's or a replica's; and the primary. */
  reader(slot: number): {
    readonly chosen: ClusterNode | undefined;
    readonly master: ClusterNode | undefined;
  } {
    const shard = this.slots[slot];
    if (shard === undefined) return { chosen: undefined, master: undefined };
    const { master, replicas } = shard;
    return { chosen: replicas[this.#turn++ % (replicas.length + 1)] ?? master, master };
  }

  clear(): void {
    this.slots.fill(undefined);
    this.#byAddress.clear();
    this.#masters = [];
    this.#replicas = [];
  }

  #known({ endpoint, id, hostname, addresses }: AnnouncedNode, isReplica: boolean): ClusterNode {
    const node = this.#at(endpoint);
    node.id = id;
    node.hostname = hostname;
    node.isReplica = isReplica;
    for (const address of addresses) this.#byAddress.set(address, node);
    return node;
  }

  #at(endpoint: { host: string; port: number }): ClusterNode {
    const address = addressOf(endpoint);
    let node = this.#byAddress.get(address);
    if (node === undefined) {
      node = new ClusterNode(endpoint, this.#owner);
      this.#byAddress.set(address, node);
    }
    return node;
  }
}

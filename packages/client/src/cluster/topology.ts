import type { Command } from "../commands/command.ts";
import {
  type ClusterShard,
  type ClusterShardNode,
  type ClusterSlotRange,
  clusterShards,
  clusterSlots,
  type SlotRange,
} from "../commands/index.ts";
import type { Endpoint } from "../config/target.ts";
import { addressOf } from "../discovery/address-map.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import { slotCount } from "./slot.ts";

/** A node as the cluster announces it. */
export interface AnnouncedNode {
  /** The cluster's own name for it; empty where it does not say. */
  readonly id: string;
  /** Where the cluster says that clients should go. */
  readonly endpoint: Endpoint;
  /** Host name that it announces, else null. */
  readonly hostname: string | null;
  /** All addresses, `host:port`, by which redirections may call it. */
  readonly addresses: readonly string[];
}

/** A primary, its replicas, and the slots that they serve. */
export interface AnnouncedShard {
  readonly master: AnnouncedNode;
  readonly replicas: readonly AnnouncedNode[];
  readonly slots: readonly SlotRange[];
}

/** Who serves which slots, by the word of one node, in the order of the slots. Shards without slots are left out. */
export type Topology = readonly AnnouncedShard[];

/** The node that is asked. */
export interface Asked {
  /** Where it was dialled: nodes that announce no host are there, too, and tell only ports. */
  readonly endpoint: Endpoint;
  /** Whether over TLS: nodes have a port for that. */
  readonly tls: boolean;
}

/**
 * Asks a node for the topology: by `CLUSTER SHARDS`, or `CLUSTER SLOTS` where that is unknown or forbidden (before Redis 7).
 * A server that is not part of a cluster counts as one that serves all slots.
 * @throws RedoubtError `TOPOLOGY_NO_SLOTS` from a node that knows of no slots; or what asking failed with
 */
export async function askTopology(
  ask: <Reply>(command: Command<Reply>) => Promise<Reply>,
  asked: Asked,
): Promise<Topology> {
  const topology = await ask(clusterShards()).then(
    (shards) => ofShards(shards, asked),
    async (error: unknown) => {
      if (!(error instanceof ReplyError)) throw error;
      if (isStandalone(error)) return standalone(asked);
      return ofSlots(await ask(clusterSlots()), asked);
    },
  );
  if (topology.length > 0) return topology.toSorted((a, b) => firstSlot(a) - firstSlot(b));
  const address = addressOf(asked.endpoint);
  throw new RedoubtError(
    "TOPOLOGY_NO_SLOTS",
    `${address} is a node of a cluster and knows of nobody who serves slots`,
    {
      address,
    },
  );
}

function firstSlot({ slots }: AnnouncedShard): number {
  return Math.min(...slots.map(({ start }) => start));
}

function isStandalone({ message }: ReplyError): boolean {
  return /cluster support disabled/i.test(message);
}

function standalone({ endpoint }: Asked): Topology {
  const master = { id: "", endpoint, hostname: null, addresses: [addressOf(endpoint)] };
  return [{ master, replicas: [], slots: [{ start: 0, end: slotCount - 1 }] }];
}

/** {@link Topology} from the reply to `CLUSTER SHARDS`. */
export function ofShards(shards: readonly ClusterShard[], asked: Asked): Topology {
  return shards.flatMap(({ slots, nodes }) => {
    // After a failover the old primary may still be called one, with a failure noted.
    const masters = nodes.filter(({ role }) => role === "master");
    const master = masters.find(({ health }) => health === "online") ?? masters[0];
    if (master === undefined || slots.length === 0) return [];
    const replicas = nodes.filter(({ role, health }) => role === "replica" && health === "online");
    return [
      {
        master: announced(master, asked),
        replicas: replicas.map((node) => announced(node, asked)),
        slots,
      },
    ];
  });
}

function announced(node: ClusterShardNode, { endpoint: { host: from }, tls }: Asked): AnnouncedNode {
  const { id, ip } = node;
  const port = (tls ? (node["tls-port"] ?? node.port) : (node.port ?? node["tls-port"])) ?? 0;
  const hostname = known(node.hostname);
  const host = known(node.endpoint) ?? from;
  const hosts = new Set([host, known(ip), hostname].filter((each) => each !== null));
  return {
    id,
    endpoint: { host, port },
    hostname,
    addresses: [...hosts].map((each) => addressOf({ host: each, port })),
  };
}

/** {@link Topology} from the reply to `CLUSTER SLOTS`: one entry for each range of slots. */
export function ofSlots(ranges: readonly ClusterSlotRange[], { endpoint: { host: from } }: Asked): Topology {
  const shards = new Map<string, { master: AnnouncedNode; replicas: AnnouncedNode[]; slots: SlotRange[] }>();
  const node = ({ host: said, port, id }: ClusterSlotRange["master"]): AnnouncedNode => {
    const endpoint = { host: known(said) ?? from, port };
    return { id: id ?? "", endpoint, hostname: null, addresses: [addressOf(endpoint)] };
  };
  for (const { from: start, to: end, master, replicas } of ranges) {
    const announcedMaster = node(master);
    const { endpoint } = announcedMaster;
    const shard = shards.get(addressOf(endpoint)) ?? {
      master: announcedMaster,
      replicas: replicas.map(node),
      slots: [],
    };
    shard.slots.push({ start, end });
    shards.set(addressOf(endpoint), shard);
  }
  return [...shards.values()];
}

/** A host as it is announced; null when there is none: the server writes null, nothing, or a question mark. */
function known(host: string | null | undefined): string | null {
  return host === undefined || host === null || host === "" || host === "?" ? null : host;
}

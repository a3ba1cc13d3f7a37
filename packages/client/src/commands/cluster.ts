import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, toObject } from "./decode.ts";

/** What a node of a cluster says of the cluster. */

const CLUSTER_COUNT_FAILURE_REPORTS = spec("CLUSTER COUNT-FAILURE-REPORTS", { keys: null });
const CLUSTER_COUNTKEYSINSLOT = spec("CLUSTER COUNTKEYSINSLOT", { keys: null });
const CLUSTER_GETKEYSINSLOT = spec("CLUSTER GETKEYSINSLOT", { keys: null });
const CLUSTER_INFO = spec("CLUSTER INFO", { keys: null });
const CLUSTER_KEYSLOT = spec("CLUSTER KEYSLOT", { keys: null });
const CLUSTER_LINKS = spec("CLUSTER LINKS", { keys: null });
const CLUSTER_MYID = spec("CLUSTER MYID", { keys: null });
const CLUSTER_MYSHARDID = spec("CLUSTER MYSHARDID", { keys: null });
const CLUSTER_NODES = spec("CLUSTER NODES", { keys: null });
const CLUSTER_REPLICAS = spec("CLUSTER REPLICAS", { keys: null });
const CLUSTER_SHARDS = spec("CLUSTER SHARDS", { keys: null });
const CLUSTER_SLOTS = spec("CLUSTER SLOTS", { keys: null });

/** A node as {@link clusterSlots} names it; `host` null means: the one that was asked. */
export interface ClusterSlotsNode {
  readonly host: string | null;
  readonly port: number;
  readonly id: string;
}

/** Who serves the slots from `from` to `to`, both included. */
export interface ClusterSlotRange {
  readonly from: number;
  readonly to: number;
  readonly master: ClusterSlotsNode;
  readonly replicas: ClusterSlotsNode[];
}

/** A connection among nodes. */
export interface ClusterLink {
  readonly direction: "to" | "from";
  readonly node: string;
  readonly "create-time": number;
  readonly events: string;
  readonly "send-buffer-allocated": number;
  readonly "send-buffer-used": number;
}

/** A node as {@link clusterShards} describes it. */
export interface ClusterShardNode {
  readonly id: string;
  readonly port?: number;
  readonly "tls-port"?: number;
  readonly ip: string;
  readonly endpoint: string | null;
  readonly hostname?: string;
  readonly role: "master" | "replica";
  readonly "replication-offset": number;
  readonly health: "online" | "failed" | "loading";
}

/** A primary and its replicas, with the slots that they serve. */
export interface ClusterShard {
  readonly slots: { readonly start: number; readonly end: number }[];
  readonly nodes: ClusterShardNode[];
}

/** How many nodes report that a node has failed. */
export function clusterCountFailureReports(nodeId: RedisArgument): Command<number> {
  return command(CLUSTER_COUNT_FAILURE_REPORTS, [nodeId]);
}

/** How many keys of a slot the node has. */
export function clusterCountKeysInSlot(slot: number): Command<number> {
  return command(CLUSTER_COUNTKEYSINSLOT, [slot]);
}

/** Up to `count` keys of a slot that the node has. */
export function clusterGetKeysInSlot(slot: number, count: number): Command<string[]> {
  return command(CLUSTER_GETKEYSINSLOT, [slot, count]);
}

/** State of the cluster as text, `name:value` in each line. */
export function clusterInfo(): Command<string> {
  return command(CLUSTER_INFO, []);
}

/** The slot of a key. */
export function clusterKeySlot(key: RedisArgument): Command<number> {
  return command(CLUSTER_KEYSLOT, [key]);
}

/** The node's connections to other nodes. */
export function clusterLinks(): Command<ClusterLink[]> {
  return command(CLUSTER_LINKS, [], (reply: readonly Mapping[]) =>
    reply.map((link) => toObject(link) as unknown as ClusterLink),
  );
}

/** The node's id. */
export function clusterMyId(): Command<string> {
  return command(CLUSTER_MYID, []);
}

/** The id of the node's shard. */
export function clusterMyShardId(): Command<string> {
  return command(CLUSTER_MYSHARDID, []);
}

/** All nodes as text, one in each line. */
export function clusterNodes(): Command<string> {
  return command(CLUSTER_NODES, []);
}

/** The replicas of a node, each as a line of {@link clusterNodes}. */
export function clusterReplicas(nodeId: RedisArgument): Command<string[]> {
  return command(CLUSTER_REPLICAS, [nodeId]);
}

/** All shards, with endpoints, roles and health of their nodes. */
export function clusterShards(): Command<ClusterShard[]> {
  return command(CLUSTER_SHARDS, [], (reply: readonly Mapping[]) => reply.map(toShard));
}

/** Who serves which slots. */
export function clusterSlots(): Command<ClusterSlotRange[]> {
  return command(CLUSTER_SLOTS, [], (reply: readonly RawSlotRange[]) =>
    reply.map(([from, to, master, ...replicas]) => ({
      from,
      to,
      master: toNode(master),
      replicas: replicas.map(toNode),
    })),
  );
}

type RawNode = readonly [host: string | null, port: number, id: string];
type RawSlotRange = readonly [from: number, to: number, master: RawNode, ...replicas: RawNode[]];

function toNode([host, port, id]: RawNode): ClusterSlotsNode {
  return { host, port, id };
}

function toShard(reply: Mapping): ClusterShard {
  const { slots, nodes } = toObject(reply) as { slots: number[]; nodes: Mapping[] };
  const ranges = [];
  for (let i = 0; i < slots.length; i += 2) {
    ranges.push({ start: slots[i] as number, end: slots[i + 1] as number });
  }
  return { slots: ranges, nodes: nodes.map((node) => toObject(node) as unknown as ClusterShardNode) };
}

import type { Command } from "../commands/command.ts";
import { RedoubtError } from "../errors.ts";

/**
 * Commands without a key: most can go to any primary; these mean the data of all of them, or make no sense without
 * saying which one. Source: the request and response policies of `COMMAND DOCS`/`COMMAND INFO`.
 */

/** Makes one reply of those of all primaries. */
export type Join = (replies: readonly unknown[]) => unknown;

const sum: Join = (replies) => (replies as number[]).reduce((total, each) => total + each, 0);
const least: Join = (replies) => Math.min(...(replies as number[]));
const first: Join = (replies) => replies[0];
const concatenated: Join = (replies) => (replies as unknown[][]).flat();
const union: Join = (replies) => [...new Set((replies as unknown[][]).flat())];
/** Each reply has one number for each thing asked for, all in the same order; what one lacks, the cluster lacks. */
const everywhere: Join = (replies) =>
  (replies as number[][]).reduce((known, each) => known.map((has, i) => Math.min(has, each[i] as number)));

const words = (names: string): readonly string[] => names.split("|");

const joins: ReadonlyMap<string, Join> = new Map<string, Join>([
  ["DBSIZE", sum],
  ["KEYS", concatenated],
  ["SCRIPT EXISTS", everywhere],
  ["WAIT", least],
  ...words(
    "CONFIG RESETSTAT|CONFIG SET|FLUSHALL|FLUSHDB|FUNCTION DELETE|FUNCTION FLUSH|FUNCTION LOAD|FUNCTION RESTORE|SCRIPT FLUSH|SCRIPT LOAD",
  ).map((name): [string, Join] => [name, first]),
  ["PUBSUB CHANNELS", union],
  ["PUBSUB NUMPAT", sum],
  ["PUBSUB SHARDCHANNELS", union],
]);

/** They are about one node or one connection, and any other would answer something else. */
const ofOneNode: ReadonlySet<string> = new Set(
  words(
    "BLESS SCAN|CLIENT TRACKING|CLUSTER FAILOVER|CLUSTER REPLICATE|CLUSTER RESET|FAILOVER|MONITOR|PSYNC|READONLY|READWRITE|REPLICAOF|SELECT|SHUTDOWN|SLAVEOF|SYNC",
  ),
);

/** How to join the replies of all primaries to a command; null: any primary will do. */
export function joinOf({ spec: { name } }: Command<unknown>): Join | null {
  return joins.get(name) ?? null;
}

/**
 * Refuses what only one node can be meant with.
 * @throws RedoubtError `TOPOLOGY_NODE_COMMAND`
 */
export function requireAnyNode({ spec: { name } }: Command<unknown>): void {
  if (!ofOneNode.has(name)) return;
  const message = `${name} is about one node, and a cluster has several: use nodeClient(node)`;
  throw new RedoubtError("TOPOLOGY_NODE_COMMAND", message, { command: name });
}

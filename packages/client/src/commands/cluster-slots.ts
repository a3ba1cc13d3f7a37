import { type OneOrMore, several } from "./argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, toObject } from "./decode.ts";

/** Changing a cluster: who serves which slots, who replicates whom. */

const CLUSTER_ADDSLOTS = spec("CLUSTER ADDSLOTS", { keys: null });
const CLUSTER_ADDSLOTSRANGE = spec("CLUSTER ADDSLOTSRANGE", { keys: null });
const CLUSTER_BUMPEPOCH = spec("CLUSTER BUMPEPOCH", { keys: null });
const CLUSTER_DELSLOTS = spec("CLUSTER DELSLOTS", { keys: null });
const CLUSTER_DELSLOTSRANGE = spec("CLUSTER DELSLOTSRANGE", { keys: null });
const CLUSTER_FAILOVER = spec("CLUSTER FAILOVER", { keys: null });
const CLUSTER_FLUSHSLOTS = spec("CLUSTER FLUSHSLOTS", { keys: null });
const CLUSTER_FORGET = spec("CLUSTER FORGET", { keys: null });
const CLUSTER_MEET = spec("CLUSTER MEET", { keys: null });
const CLUSTER_REPLICATE = spec("CLUSTER REPLICATE", { keys: null });
const CLUSTER_RESET = spec("CLUSTER RESET", { keys: null });
const CLUSTER_SAVECONFIG = spec("CLUSTER SAVECONFIG", { keys: null });
const CLUSTER_SET_CONFIG_EPOCH = spec("CLUSTER SET-CONFIG-EPOCH", { keys: null });
const CLUSTER_SETSLOT = spec("CLUSTER SETSLOT", { keys: null });
const CLUSTER_SLOT_STATS = spec("CLUSTER SLOT-STATS", { keys: null });

/** Slots from `start` to `end`, both included. */
export interface SlotRange {
  readonly start: number;
  readonly end: number;
}

/** Options of {@link clusterFailover}. */
export interface ClusterFailoverOptions {
  /** `FORCE`: without asking the primary; `TAKEOVER`: without asking the other primaries either. */
  readonly mode?: "FORCE" | "TAKEOVER" | undefined;
}

/** Options of {@link clusterReset}. */
export interface ClusterResetOptions {
  /** `HARD` makes a new node id, too. */
  readonly mode?: "HARD" | "SOFT" | undefined;
}

/** Which slots {@link clusterSlotStats} tells of: a range, or the first by some measure. */
export type SlotStatsSelection =
  | SlotRange
  | {
      readonly ORDERBY: "KEY-COUNT" | "CPU-USEC" | "NETWORK-BYTES-IN" | "NETWORK-BYTES-OUT" | "MEMORY-BYTES";
      readonly LIMIT?: number | undefined;
      readonly DIRECTION?: "ASC" | "DESC" | undefined;
    };

/** A slot and its measures, such as `key-count`. */
export interface SlotStats {
  readonly slot: number;
  readonly stats: Record<string, number>;
}

/** Gives slots to the node. */
export function clusterAddSlots(slots: OneOrMore<number>): Command<"OK"> {
  return command(CLUSTER_ADDSLOTS, [...several(CLUSTER_ADDSLOTS, "slots", slots)]);
}

/** {@link clusterAddSlots} for ranges. */
export function clusterAddSlotsRange(ranges: OneOrMore<SlotRange>): Command<"OK"> {
  return command(CLUSTER_ADDSLOTSRANGE, bounds(CLUSTER_ADDSLOTSRANGE, ranges));
}

/** Advances the node's configuration epoch; answers `BUMPED` or `STILL` and the epoch. */
export function clusterBumpEpoch(): Command<string> {
  return command(CLUSTER_BUMPEPOCH, []);
}

/** Takes slots from the node, as far as the node knows. */
export function clusterDelSlots(slots: OneOrMore<number>): Command<"OK"> {
  return command(CLUSTER_DELSLOTS, [...several(CLUSTER_DELSLOTS, "slots", slots)]);
}

/** {@link clusterDelSlots} for ranges. */
export function clusterDelSlotsRange(ranges: OneOrMore<SlotRange>): Command<"OK"> {
  return command(CLUSTER_DELSLOTSRANGE, bounds(CLUSTER_DELSLOTSRANGE, ranges));
}

/** Makes the replica that gets this the primary. */
export function clusterFailover(options: ClusterFailoverOptions = {}): Command<"OK"> {
  return command(CLUSTER_FAILOVER, options.mode === undefined ? [] : [options.mode]);
}

/** Takes all slots from the node. */
export function clusterFlushSlots(): Command<"OK"> {
  return command(CLUSTER_FLUSHSLOTS, []);
}

/** Removes another node from what the node knows. */
export function clusterForget(nodeId: RedisArgument): Command<"OK"> {
  return command(CLUSTER_FORGET, [nodeId]);
}

/** Introduces the node to another. */
export function clusterMeet(host: RedisArgument, port: number): Command<"OK"> {
  return command(CLUSTER_MEET, [host, port]);
}

/** Makes the node a replica of another. */
export function clusterReplicate(nodeId: RedisArgument): Command<"OK"> {
  return command(CLUSTER_REPLICATE, [nodeId]);
}

/** Makes the node forget the cluster. */
export function clusterReset(options: ClusterResetOptions = {}): Command<"OK"> {
  return command(CLUSTER_RESET, options.mode === undefined ? [] : [options.mode]);
}

/** Writes the node's view of the cluster to its disk. */
export function clusterSaveConfig(): Command<"OK"> {
  return command(CLUSTER_SAVECONFIG, []);
}

/** Sets the configuration epoch of a fresh node. */
export function clusterSetConfigEpoch(configEpoch: number): Command<"OK"> {
  return command(CLUSTER_SET_CONFIG_EPOCH, [configEpoch]);
}

/** Says of a slot that it comes from a node, goes to one, belongs to one, or rests (`STABLE`). */
export function clusterSetSlot(
  slot: number,
  state: "IMPORTING" | "MIGRATING" | "STABLE" | "NODE",
  nodeId?: RedisArgument,
): Command<"OK"> {
  return command(CLUSTER_SETSLOT, nodeId === undefined ? [slot, state] : [slot, state, nodeId]);
}

/** What slots of the node hold and cost. Redis 8.2, Valkey 8. */
export function clusterSlotStats(selection: SlotStatsSelection): Command<SlotStats[]> {
  const args: RedisArgument[] = [];
  if ("start" in selection) args.push("SLOTSRANGE", selection.start, selection.end);
  else {
    args.push("ORDERBY", selection.ORDERBY);
    if (selection.LIMIT !== undefined) args.push("LIMIT", selection.LIMIT);
    if (selection.DIRECTION !== undefined) args.push(selection.DIRECTION);
  }
  return command(CLUSTER_SLOT_STATS, args, (reply: readonly (readonly [number, Mapping])[]) =>
    reply.map(([slot, stats]) => ({ slot, stats: toObject<number>(stats) })),
  );
}

function bounds(of: CommandSpec, ranges: OneOrMore<SlotRange>): RedisArgument[] {
  return several(of, "ranges", ranges).flatMap(({ start, end }) => [start, end]);
}

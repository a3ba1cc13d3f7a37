/**
 * Every command, as one function each: only functions that make a `Command` are exported here as values, because the
 * client makes a method of each.
 */

export * from "./array.ts";
export * from "./array-search.ts";
export * from "./bitmap.ts";
export * from "./cluster.ts";
export * from "./cluster-slots.ts";
export * from "./connection.ts";
export * from "./connection-client.ts";
export type { ClientInfo } from "./connection-client-info.ts";
export * from "./connection-tracking.ts";
export type { ScanCommonOptions } from "./cursor.ts";
export type { Expiration, ExpireMode } from "./expiration.ts";
export * from "./generic.ts";
export * from "./generic-bless.ts";
export * from "./generic-expire.ts";
export * from "./generic-sort.ts";
export * from "./geo.ts";
export * from "./geo-radius.ts";
export type {
  GeoCoordinates,
  GeoReplyWith,
  GeoReplyWithMember,
  GeoSearchOptions,
  GeoUnits,
} from "./geo-reply.ts";
export * from "./hash.ts";
export * from "./hash-expire.ts";
export * from "./hash-import.ts";
export * from "./hyperloglog.ts";
export * from "./list.ts";
export * from "./list-move.ts";
export * from "./pubsub.ts";
export * from "./scripting.ts";
export * from "./scripting-function.ts";
export * from "./server.ts";
export * from "./server-acl.ts";
export * from "./server-command.ts";
export * from "./server-config.ts";
export * from "./server-hotkeys.ts";
export * from "./server-latency.ts";
export * from "./server-memory.ts";
export * from "./server-module.ts";
export * from "./server-replication.ts";
export * from "./server-slowlog.ts";
export * from "./set.ts";
export * from "./sorted-set.ts";
export * from "./sorted-set-combine.ts";
export type { SortedSetMember } from "./sorted-set-member.ts";
export * from "./sorted-set-pop.ts";
export * from "./sorted-set-range.ts";
export * from "./stream.ts";
export type {
  StreamDeletionPolicy,
  StreamDeletionReply,
  StreamMessage,
  StreamMessages,
  StreamTrim,
} from "./stream-entry.ts";
export * from "./stream-group.ts";
export * from "./stream-info.ts";
export * from "./stream-read.ts";
export * from "./string.ts";
export * from "./string-lcs.ts";
export * from "./vector-set.ts";

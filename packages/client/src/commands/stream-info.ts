import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, type Text, toObject } from "./decode.ts";
import { type RawEntry, type StreamMessage, toMessageOrNull } from "./stream-entry.ts";

const XINFO_CONSUMERS = spec("XINFO CONSUMERS", { readonly: true });
const XINFO_GROUPS = spec("XINFO GROUPS", { readonly: true });
const XINFO_STREAM = spec("XINFO STREAM", { readonly: true, shape: "object" });
const XPENDING = spec("XPENDING", { readonly: true });

/** A consumer of a group. */
export interface StreamConsumer {
  readonly name: string;
  /** Entries given to it and not acknowledged. */
  readonly pending: number;
  /** Milliseconds since it last asked, and (Redis 7.2) since it last got something: -1 never. */
  readonly idle: number;
  readonly inactive?: number;
}

/** A group of a stream. */
export interface StreamGroup {
  readonly name: string;
  readonly consumers: number;
  readonly pending: number;
  readonly "last-delivered-id": string;
  readonly "entries-read": number | null;
  /** How many entries the group has not read; null when unknown. */
  readonly lag: number | null;
}

/** A stream; newer servers say more. */
export interface StreamInfo {
  readonly length: number;
  readonly "radix-tree-keys": number;
  readonly "radix-tree-nodes": number;
  readonly "last-generated-id": string;
  readonly "max-deleted-entry-id": string;
  readonly "entries-added": number;
  readonly "recorded-first-entry-id": string;
  readonly groups: number;
  readonly "first-entry": StreamMessage | null;
  readonly "last-entry": StreamMessage | null;
  readonly [more: string]: unknown;
}

/** What a group's consumers have not acknowledged. */
export interface PendingSummary {
  readonly pending: number;
  readonly firstId: string | null;
  readonly lastId: string | null;
  readonly consumers: { readonly name: string; readonly deliveriesCounter: number }[] | null;
}

/** An entry that was given to a consumer and not acknowledged. */
export interface PendingEntry {
  readonly id: string;
  readonly consumer: string;
  readonly millisecondsSinceLastDelivery: number;
  readonly deliveriesCounter: number;
}

/** Options of {@link xPendingRange}. */
export interface XPendingRangeOptions {
  /** Given at least this long ago, milliseconds. */
  readonly IDLE?: number | undefined;
  readonly consumer?: RedisArgument | undefined;
}

/** The consumers of a group. */
export function xInfoConsumers(key: RedisArgument, group: RedisArgument): Command<StreamConsumer[]> {
  return command(XINFO_CONSUMERS, [key, group], toObjects<StreamConsumer>);
}

/** The groups of a stream. */
export function xInfoGroups(key: RedisArgument): Command<StreamGroup[]> {
  return command(XINFO_GROUPS, [key], toObjects<StreamGroup>);
}

/** What there is to know of a stream. */
export function xInfoStream(key: RedisArgument): Command<StreamInfo> {
  return command(XINFO_STREAM, [key], (reply: Record<string, unknown>) => {
    for (const entry of ["first-entry", "last-entry"])
      reply[entry] = toMessageOrNull(reply[entry] as RawEntry | null);
    return reply as unknown as StreamInfo;
  });
}

/** How much a group's consumers have not acknowledged. */
export function xPending(key: RedisArgument, group: RedisArgument): Command<PendingSummary> {
  return command(XPENDING, [key, group], ([pending, firstId, lastId, consumers]: RawSummary) => ({
    pending,
    firstId,
    lastId,
    consumers:
      consumers && consumers.map(([name, count]) => ({ name, deliveriesCounter: Number(String(count)) })),
  }));
}

/** What a group's consumers have not acknowledged, with ids from `start` to `end`, `count` at most. */
export function xPendingRange(
  key: RedisArgument,
  group: RedisArgument,
  start: RedisArgument,
  end: RedisArgument,
  count: number,
  options: XPendingRangeOptions = {},
): Command<PendingEntry[]> {
  const args = [key, group];
  if (options.IDLE !== undefined) args.push("IDLE", options.IDLE);
  args.push(start, end, count);
  if (options.consumer !== undefined) args.push(options.consumer);
  return command(XPENDING, args, (reply: readonly RawPending[]) =>
    reply.map(([id, consumer, millisecondsSinceLastDelivery, deliveriesCounter]) => ({
      id,
      consumer,
      millisecondsSinceLastDelivery,
      deliveriesCounter,
    })),
  );
}

type RawSummary = readonly [
  pending: number,
  firstId: string | null,
  lastId: string | null,
  consumers: readonly (readonly [name: string, count: Text | number])[] | null,
];
type RawPending = readonly [id: string, consumer: string, millis: number, deliveries: number];

function toObjects<Info>(reply: readonly Mapping[]): Info[] {
  return reply.map((each) => toObject(each) as unknown as Info);
}

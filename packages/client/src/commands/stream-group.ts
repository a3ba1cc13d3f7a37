import { counted, milliseconds, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import {
  type RawEntry,
  type StreamDeletionPolicy,
  type StreamDeletionReply,
  type StreamMessage,
  toMessageOrNull,
} from "./stream-entry.ts";

/** Groups of consumers: making them, and what was given to consumers and is not acknowledged. */

const XACK = spec("XACK");
const XACKDEL = spec("XACKDEL");
const XAUTOCLAIM = spec("XAUTOCLAIM");
const XCLAIM = spec("XCLAIM");
const XGROUP_CREATE = spec("XGROUP CREATE");
const XGROUP_CREATECONSUMER = spec("XGROUP CREATECONSUMER");
const XGROUP_DELCONSUMER = spec("XGROUP DELCONSUMER");
const XGROUP_DESTROY = spec("XGROUP DESTROY");
const XGROUP_SETID = spec("XGROUP SETID");
const XNACK = spec("XNACK");

/** Options of {@link xGroupCreate}. */
export interface XGroupCreateOptions {
  /** Make the stream, too. */
  readonly MKSTREAM?: boolean | undefined;
  /** How many entries the group counts as read. */
  readonly ENTRIESREAD?: number | undefined;
}

/** Options of {@link xGroupSetId}. */
export interface XGroupSetIdOptions {
  readonly ENTRIESREAD?: number | undefined;
}

/** Options of {@link xAutoClaim}. */
export interface XAutoClaimOptions {
  /** How many entries to look at; the server's default is 100. */
  readonly COUNT?: number | undefined;
}

/** Options of {@link xClaim}. */
export interface XClaimOptions {
  /** How long ago the entry counts as given, milliseconds; or when it was. */
  readonly IDLE?: number | undefined;
  readonly TIME?: number | Date | undefined;
  /** How often the entry counts as given. */
  readonly RETRYCOUNT?: number | undefined;
  /** Also what was given to nobody. */
  readonly FORCE?: boolean | undefined;
  readonly LASTID?: RedisArgument | undefined;
}

/** Options of {@link xNack}. */
export interface XNackOptions {
  readonly RETRYCOUNT?: number | undefined;
  readonly FORCE?: boolean | undefined;
}

/** What was claimed: where to go on, the entries (null for what Redis 6 found deleted), the ids found deleted. */
export interface XAutoClaimReply<Entry = StreamMessage | null> {
  readonly nextId: string;
  readonly messages: Entry[];
  readonly deletedMessages: string[];
}

/** Acknowledges entries; answers how many were due. */
export function xAck(key: RedisArgument, group: RedisArgument, id: OneOrMore): Command<number> {
  return command(XACK, [key, group, ...several(XACK, "id", id)]);
}

/** {@link xAck} that deletes the entries. Redis 8.2. */
export function xAckDel(
  key: RedisArgument,
  group: RedisArgument,
  id: OneOrMore,
  policy?: StreamDeletionPolicy,
): Command<StreamDeletionReply[]> {
  const args = policy === undefined ? [key, group] : [key, group, policy];
  return command(XACKDEL, [...args, "IDS", ...counted(XACKDEL, "id", id)]);
}

/** Gives this consumer what others have not acknowledged for `minIdleTime` milliseconds, from id `start` on. */
export function xAutoClaim(
  key: RedisArgument,
  group: RedisArgument,
  consumer: RedisArgument,
  minIdleTime: number,
  start: RedisArgument,
  { COUNT }: XAutoClaimOptions = {},
): Command<XAutoClaimReply> {
  const args = [key, group, consumer, minIdleTime, start];
  if (COUNT !== undefined) args.push("COUNT", COUNT);
  return command(XAUTOCLAIM, args, ([nextId, entries, deleted]: RawClaim<RawEntry | null>) => ({
    nextId,
    messages: entries.map(toMessageOrNull),
    deletedMessages: deleted as string[],
  }));
}

/** {@link xAutoClaim} that only tells the ids, and does not count as a delivery. */
export function xAutoClaimJustId(
  key: RedisArgument,
  group: RedisArgument,
  consumer: RedisArgument,
  minIdleTime: number,
  start: RedisArgument,
  options?: XAutoClaimOptions,
): Command<XAutoClaimReply<string>> {
  const { args } = xAutoClaim(key, group, consumer, minIdleTime, start, options);
  return command(XAUTOCLAIM, [...args, "JUSTID"], ([nextId, messages, deleted]: RawClaim<string>) => ({
    nextId,
    messages: messages as string[],
    deletedMessages: deleted as string[],
  }));
}

/** Gives this consumer entries that others have not acknowledged for `minIdleTime` milliseconds. */
export function xClaim(
  key: RedisArgument,
  group: RedisArgument,
  consumer: RedisArgument,
  minIdleTime: number,
  id: OneOrMore,
  options: XClaimOptions = {},
): Command<(StreamMessage | null)[]> {
  const args = [key, group, consumer, minIdleTime, ...several(XCLAIM, "id", id)];
  if (options.IDLE !== undefined) args.push("IDLE", options.IDLE);
  if (options.TIME !== undefined) args.push("TIME", milliseconds(options.TIME));
  if (options.RETRYCOUNT !== undefined) args.push("RETRYCOUNT", options.RETRYCOUNT);
  if (options.FORCE) args.push("FORCE");
  if (options.LASTID !== undefined) args.push("LASTID", options.LASTID);
  return command(XCLAIM, args, (reply: readonly (RawEntry | null)[]) => reply.map(toMessageOrNull));
}

/** {@link xClaim} that only tells the ids, and does not count as a delivery. */
export function xClaimJustId(
  key: RedisArgument,
  group: RedisArgument,
  consumer: RedisArgument,
  minIdleTime: number,
  id: OneOrMore,
  options?: XClaimOptions,
): Command<string[]> {
  const { args } = xClaim(key, group, consumer, minIdleTime, id, options);
  return command(XCLAIM, [...args, "JUSTID"]);
}

/** Makes a group that reads what comes after `id`: `"$"` from now on, `"0"` from the beginning. */
export function xGroupCreate(
  key: RedisArgument,
  group: RedisArgument,
  id: RedisArgument,
  options: XGroupCreateOptions = {},
): Command<"OK"> {
  const args = [key, group, id];
  if (options.MKSTREAM) args.push("MKSTREAM");
  if (options.ENTRIESREAD !== undefined) args.push("ENTRIESREAD", options.ENTRIESREAD);
  return command(XGROUP_CREATE, args);
}

/** Makes a consumer, which reading does by itself; answers 1, or 0 when there was one of this name. */
export function xGroupCreateConsumer(
  key: RedisArgument,
  group: RedisArgument,
  consumer: RedisArgument,
): Command<number> {
  return command(XGROUP_CREATECONSUMER, [key, group, consumer]);
}

/** Deletes a consumer; answers how many entries it had not acknowledged, which are lost to the group. */
export function xGroupDelConsumer(
  key: RedisArgument,
  group: RedisArgument,
  consumer: RedisArgument,
): Command<number> {
  return command(XGROUP_DELCONSUMER, [key, group, consumer]);
}

/** Deletes a group; answers 1 or 0. */
export function xGroupDestroy(key: RedisArgument, group: RedisArgument): Command<number> {
  return command(XGROUP_DESTROY, [key, group]);
}

/** Sets the id after which the group reads. */
export function xGroupSetId(
  key: RedisArgument,
  group: RedisArgument,
  id: RedisArgument,
  { ENTRIESREAD }: XGroupSetIdOptions = {},
): Command<"OK"> {
  const args = [key, group, id];
  return command(XGROUP_SETID, ENTRIESREAD === undefined ? args : [...args, "ENTRIESREAD", ENTRIESREAD]);
}

/** Gives entries back, unread (`SILENT`), failed, or never to be tried again (`FATAL`); answers how many. Redis 8.8. */
export function xNack(
  key: RedisArgument,
  group: RedisArgument,
  mode: "SILENT" | "FAIL" | "FATAL",
  id: OneOrMore,
  options: XNackOptions = {},
): Command<number> {
  const args = [key, group, mode, "IDS", ...counted(XNACK, "id", id)];
  if (options.RETRYCOUNT !== undefined) args.push("RETRYCOUNT", options.RETRYCOUNT);
  if (options.FORCE) args.push("FORCE");
  return command(XNACK, args);
}

/** Redis 6 does not tell what it found deleted. */
type RawClaim<Entry> = readonly [nextId: string, entries: readonly Entry[], deleted?: readonly string[]];

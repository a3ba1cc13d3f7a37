import { counted, type Entries, type OneOrMore, onlyOne, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import {
  messageArguments,
  type StreamDeletionPolicy,
  type StreamDeletionReply,
  type StreamMessage,
  type StreamTrim,
  toMessages,
  trimArguments,
} from "./stream-entry.ts";

const XADD = spec("XADD");
const XCFGSET = spec("XCFGSET");
const XDEL = spec("XDEL");
const XDELEX = spec("XDELEX");
const XLEN = spec("XLEN", { readonly: true });
const XRANGE = spec("XRANGE", { readonly: true });
const XREVRANGE = spec("XREVRANGE", { readonly: true });
const XSETID = spec("XSETID");
const XTRIM = spec("XTRIM");

/** Options of {@link xAdd}. */
export interface XAddOptions {
  readonly policy?: StreamDeletionPolicy | undefined;
  /** Refuse to add what this producer has added already: known by content, or by `iid`. Redis 8.6. */
  readonly IDMPAUTO?: { readonly pid: RedisArgument } | undefined;
  readonly IDMP?: { readonly pid: RedisArgument; readonly iid: RedisArgument } | undefined;
  readonly TRIM?: StreamTrim | undefined;
}

/** Options of {@link xTrim}. */
export interface XTrimOptions {
  /** `~`: about, which is faster. */
  readonly strategyModifier?: "=" | "~" | undefined;
  /** How many to drop at most; only with `~`. */
  readonly LIMIT?: number | undefined;
  readonly policy?: StreamDeletionPolicy | undefined;
}

/** Options of {@link xRange}. */
export interface XRangeOptions {
  readonly COUNT?: number | undefined;
}

/** Options of {@link xSetId}. */
export interface XSetIdOptions {
  /** How many entries were ever added. */
  readonly ENTRIESADDED?: number | undefined;
  readonly MAXDELETEDID?: RedisArgument | undefined;
}

/** How long and for how many ids a stream remembers what producers have added. */
export interface XCfgSetOptions {
  /** Seconds. */
  readonly IDMP_DURATION?: number | undefined;
  readonly IDMP_MAXSIZE?: number | undefined;
}

/** Adds an entry; `id` `"*"` lets the server number it. Answers the id. */
export function xAdd(
  key: RedisArgument,
  id: RedisArgument,
  message: Entries,
  options?: XAddOptions,
): Command<string> {
  return command(XADD, [key, ...addOptions(options), id, ...messageArguments(XADD, message)]);
}

/** {@link xAdd} unless the stream does not exist: then null. */
export function xAddNoMkStream(
  key: RedisArgument,
  id: RedisArgument,
  message: Entries,
  options?: XAddOptions,
): Command<string | null> {
  return command(XADD, [key, "NOMKSTREAM", ...addOptions(options), id, ...messageArguments(XADD, message)]);
}

/** Sets what the stream remembers of producers. Redis 8.6. */
export function xCfgSet(key: RedisArgument, options: XCfgSetOptions = {}): Command<"OK"> {
  const args = [key];
  if (options.IDMP_DURATION !== undefined) args.push("IDMP-DURATION", options.IDMP_DURATION);
  if (options.IDMP_MAXSIZE !== undefined) args.push("IDMP-MAXSIZE", options.IDMP_MAXSIZE);
  return command(XCFGSET, args);
}

/** Deletes entries; answers how many there were. */
export function xDel(key: RedisArgument, id: OneOrMore): Command<number> {
  return command(XDEL, [key, ...several(XDEL, "id", id)]);
}

/** {@link xDel} that minds groups. Redis 8.2. */
export function xDelEx(
  key: RedisArgument,
  id: OneOrMore,
  policy?: StreamDeletionPolicy,
): Command<StreamDeletionReply[]> {
  const args = policy === undefined ? [key] : [key, policy];
  return command(XDELEX, [...args, "IDS", ...counted(XDELEX, "id", id)]);
}

/** How many entries there are. */
export function xLen(key: RedisArgument): Command<number> {
  return command(XLEN, [key]);
}

/** The entries with ids from `start` to `end`, both included (`"(1-1"`: excluded; `"-"` and `"+"`: the ends). */
export function xRange(
  key: RedisArgument,
  start: RedisArgument,
  end: RedisArgument,
  options?: XRangeOptions,
): Command<StreamMessage[]> {
  return command(XRANGE, rangeArguments(key, start, end, options), toMessages);
}

/** {@link xRange} backwards: `start` is the higher id. */
export function xRevRange(
  key: RedisArgument,
  start: RedisArgument,
  end: RedisArgument,
  options?: XRangeOptions,
): Command<StreamMessage[]> {
  return command(XREVRANGE, rangeArguments(key, start, end, options), toMessages);
}

/** Sets the last id of a stream. */
export function xSetId(
  key: RedisArgument,
  lastId: RedisArgument,
  options: XSetIdOptions = {},
): Command<"OK"> {
  const args = [key, lastId];
  if (options.ENTRIESADDED !== undefined) args.push("ENTRIESADDED", options.ENTRIESADDED);
  if (options.MAXDELETEDID !== undefined) args.push("MAXDELETEDID", options.MAXDELETEDID);
  return command(XSETID, args);
}

/** Drops the oldest entries; answers how many. */
export function xTrim(
  key: RedisArgument,
  strategy: StreamTrim["strategy"],
  threshold: RedisArgument,
  { strategyModifier, LIMIT, policy }: XTrimOptions = {},
): Command<number> {
  return command(XTRIM, [
    key,
    ...trimArguments({ strategy, strategyModifier, threshold, limit: LIMIT, policy }),
  ]);
}

function addOptions(options: XAddOptions = {}): RedisArgument[] {
  const { policy, IDMPAUTO, IDMP, TRIM } = options;
  const args: RedisArgument[] = policy === undefined ? [] : [policy];
  const producer = onlyOne<readonly RedisArgument[]>(XADD, {
    IDMPAUTO: IDMPAUTO && ["IDMPAUTO", IDMPAUTO.pid],
    IDMP: IDMP && ["IDMP", IDMP.pid, IDMP.iid],
  });
  if (producer !== undefined) args.push(...producer);
  if (TRIM !== undefined) args.push(...trimArguments(TRIM));
  return args;
}

function rangeArguments(
  key: RedisArgument,
  start: RedisArgument,
  end: RedisArgument,
  { COUNT }: XRangeOptions = {},
): RedisArgument[] {
  return COUNT === undefined ? [key, start, end] : [key, start, end, "COUNT", COUNT];
}

import { type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";

const LINDEX = spec("LINDEX", { readonly: true });
const LINSERT = spec("LINSERT");
const LLEN = spec("LLEN", { readonly: true });
const LPOP = spec("LPOP");
const LPOS = spec("LPOS", { readonly: true });
const LPUSH = spec("LPUSH");
const LPUSHX = spec("LPUSHX");
const LRANGE = spec("LRANGE", { readonly: true });
const LREM = spec("LREM");
const LSET = spec("LSET");
const LTRIM = spec("LTRIM");
const RPOP = spec("RPOP");
const RPUSH = spec("RPUSH");
const RPUSHX = spec("RPUSHX");

/** Options of {@link lPos}. */
export interface LPosOptions {
  /** The first match to answer: 2 is the second from the left, -1 the first from the right. */
  readonly RANK?: number | undefined;
  /** Look at no more elements than this. */
  readonly MAXLEN?: number | undefined;
}

/** The element at a position, counted from 0, or from the end with -1; null beyond. */
export function lIndex(key: RedisArgument, index: number): Command<string | null> {
  return command(LINDEX, [key, index]);
}

/** Inserts next to the first `pivot`; answers the length, -1 without the pivot, 0 without the key. */
export function lInsert(
  key: RedisArgument,
  position: "BEFORE" | "AFTER",
  pivot: RedisArgument,
  element: RedisArgument,
): Command<number> {
  return command(LINSERT, [key, position, pivot, element]);
}

/** How many elements there are. */
export function lLen(key: RedisArgument): Command<number> {
  return command(LLEN, [key]);
}

/** Takes the first element; null without the key. */
export function lPop(key: RedisArgument): Command<string | null> {
  return command(LPOP, [key]);
}

/** Takes up to `count` elements from the left; null without the key. */
export function lPopCount(key: RedisArgument, count: number): Command<string[] | null> {
  return command(LPOP, [key, count]);
}

/** The position of an element; null when it is not there. */
export function lPos(
  key: RedisArgument,
  element: RedisArgument,
  options?: LPosOptions,
): Command<number | null> {
  return command(LPOS, lPosArguments(key, element, options));
}

/** Up to `count` positions of an element; 0 for all. */
export function lPosCount(
  key: RedisArgument,
  element: RedisArgument,
  count: number,
  options?: LPosOptions,
): Command<number[]> {
  return command(LPOS, [...lPosArguments(key, element, options), "COUNT", count]);
}

/** Adds elements on the left, one after the other; answers the length. */
export function lPush(key: RedisArgument, elements: OneOrMore): Command<number> {
  return command(LPUSH, [key, ...several(LPUSH, "elements", elements)]);
}

/** {@link lPush} on an existing list only. */
export function lPushX(key: RedisArgument, elements: OneOrMore): Command<number> {
  return command(LPUSHX, [key, ...several(LPUSHX, "elements", elements)]);
}

/** The elements from `start` to `stop`, both included; negative ones count from the end. */
export function lRange(key: RedisArgument, start: number, stop: number): Command<string[]> {
  return command(LRANGE, [key, start, stop]);
}

/** Removes up to `count` equal elements, from the right if negative, all if 0; answers how many. */
export function lRem(key: RedisArgument, count: number, element: RedisArgument): Command<number> {
  return command(LREM, [key, count, element]);
}

/** Replaces the element at a position. */
export function lSet(key: RedisArgument, index: number, element: RedisArgument): Command<"OK"> {
  return command(LSET, [key, index, element]);
}

/** Keeps only the elements from `start` to `stop`, both included. */
export function lTrim(key: RedisArgument, start: number, stop: number): Command<"OK"> {
  return command(LTRIM, [key, start, stop]);
}

/** Takes the last element; null without the key. */
export function rPop(key: RedisArgument): Command<string | null> {
  return command(RPOP, [key]);
}

/** Takes up to `count` elements from the right; null without the key. */
export function rPopCount(key: RedisArgument, count: number): Command<string[] | null> {
  return command(RPOP, [key, count]);
}

/** Adds elements on the right; answers the length. */
export function rPush(key: RedisArgument, element: OneOrMore): Command<number> {
  return command(RPUSH, [key, ...several(RPUSH, "element", element)]);
}

/** {@link rPush} on an existing list only. */
export function rPushX(key: RedisArgument, element: OneOrMore): Command<number> {
  return command(RPUSHX, [key, ...several(RPUSHX, "element", element)]);
}

function lPosArguments(
  key: RedisArgument,
  element: RedisArgument,
  options: LPosOptions = {},
): RedisArgument[] {
  const args = [key, element];
  if (options.RANK !== undefined) args.push("RANK", options.RANK);
  if (options.MAXLEN !== undefined) args.push("MAXLEN", options.MAXLEN);
  return args;
}

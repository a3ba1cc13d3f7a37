import { double } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { keysFrom } from "./keys.ts";
import { type SortedSetMember, toMembers } from "./sorted-set-member.ts";

/**
 * Ranges by position, by score (`"(1"` excludes, infinities allowed) or by byte order (`"[a"` includes, `"(a"` excludes,
 * `"-"` and `"+"` are the ends).
 */

const ZRANGE = spec("ZRANGE", { readonly: true });
const ZRANGEBYLEX = spec("ZRANGEBYLEX", { readonly: true });
const ZRANGEBYSCORE = spec("ZRANGEBYSCORE", { readonly: true });
const ZRANGESTORE = spec("ZRANGESTORE", { keys: keysFrom(0, 1) });
const ZREMRANGEBYLEX = spec("ZREMRANGEBYLEX");
const ZREMRANGEBYRANK = spec("ZREMRANGEBYRANK");
const ZREMRANGEBYSCORE = spec("ZREMRANGEBYSCORE");

/** Options of the older range commands. */
export interface ZRangeLimit {
  readonly LIMIT?: { readonly offset: number; readonly count: number } | undefined;
}

/** Options of {@link zRange}. */
export interface ZRangeOptions extends ZRangeLimit {
  /** What `min` and `max` are; positions by default. */
  readonly BY?: "SCORE" | "LEX" | undefined;
  /** From the highest down; `min` is then the upper bound for scores and byte order. */
  readonly REV?: boolean | undefined;
}

/** The members of a range. */
export function zRange(
  key: RedisArgument,
  min: RedisArgument,
  max: RedisArgument,
  options?: ZRangeOptions,
): Command<string[]> {
  return command(ZRANGE, [key, ...range(min, max, options)]);
}

/** {@link zRange} with the scores. */
export function zRangeWithScores(
  key: RedisArgument,
  min: RedisArgument,
  max: RedisArgument,
  options?: ZRangeOptions,
): Command<SortedSetMember[]> {
  return command(ZRANGE, [key, ...range(min, max, options), "WITHSCORES"], toMembers);
}

/** The members of a range of byte order. Redis advises {@link zRange} with `BY: "LEX"`. */
export function zRangeByLex(
  key: RedisArgument,
  min: RedisArgument,
  max: RedisArgument,
  options?: ZRangeLimit,
): Command<string[]> {
  return command(ZRANGEBYLEX, [key, ...range(min, max, options)]);
}

/** The members of a range of scores. Redis advises {@link zRange} with `BY: "SCORE"`. */
export function zRangeByScore(
  key: RedisArgument,
  min: RedisArgument,
  max: RedisArgument,
  options?: ZRangeLimit,
): Command<string[]> {
  return command(ZRANGEBYSCORE, [key, ...range(min, max, options)]);
}

/** {@link zRangeByScore} with the scores. */
export function zRangeByScoreWithScores(
  key: RedisArgument,
  min: RedisArgument,
  max: RedisArgument,
  options?: ZRangeLimit,
): Command<SortedSetMember[]> {
  return command(ZRANGEBYSCORE, [key, ...range(min, max, options), "WITHSCORES"], toMembers);
}

/** {@link zRange} into a sorted set; answers its size. */
export function zRangeStore(
  destination: RedisArgument,
  source: RedisArgument,
  min: RedisArgument,
  max: RedisArgument,
  options?: ZRangeOptions,
): Command<number> {
  return command(ZRANGESTORE, [destination, source, ...range(min, max, options)]);
}

/** Removes a range of byte order; answers how many members. */
export function zRemRangeByLex(key: RedisArgument, min: RedisArgument, max: RedisArgument): Command<number> {
  return command(ZREMRANGEBYLEX, [key, ...range(min, max)]);
}

/** Removes a range of positions; answers how many members. */
export function zRemRangeByRank(key: RedisArgument, start: number, stop: number): Command<number> {
  return command(ZREMRANGEBYRANK, [key, start, stop]);
}

/** Removes a range of scores; answers how many members. */
export function zRemRangeByScore(
  key: RedisArgument,
  min: RedisArgument,
  max: RedisArgument,
): Command<number> {
  return command(ZREMRANGEBYSCORE, [key, ...range(min, max)]);
}

function range(min: RedisArgument, max: RedisArgument, options: ZRangeOptions = {}): RedisArgument[] {
  const args = [double(min), double(max)];
  if (options.BY !== undefined) args.push(`BY${options.BY}`);
  if (options.REV) args.push("REV");
  if (options.LIMIT !== undefined) args.push("LIMIT", options.LIMIT.offset, options.LIMIT.count);
  return args;
}

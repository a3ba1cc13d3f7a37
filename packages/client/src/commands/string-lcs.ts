import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { keysFrom } from "./keys.ts";

const LCS = spec("LCS", { readonly: true, keys: keysFrom(0, 1) });
const LCS_IDX = spec("LCS", { readonly: true, shape: "object", keys: keysFrom(0, 1) });

/** First and last byte, both included. */
export type LcsRange = [start: number, end: number];

/** Options of {@link lcsIdx}. */
export interface LcsIdxOptions {
  /** Leave out matches shorter than this. */
  readonly MINMATCHLEN?: number | undefined;
}

/** Where two strings agree, from the end to the start, and how long the common subsequence is. */
export interface LcsIdxReply<Match> {
  readonly matches: Match[];
  readonly len: number;
}

/** The longest common subsequence of two strings. */
export function lcs(key1: RedisArgument, key2: RedisArgument): Command<string> {
  return command(LCS, [key1, key2]);
}

/** Its length in bytes. */
export function lcsLen(key1: RedisArgument, key2: RedisArgument): Command<number> {
  return command(LCS, [key1, key2, "LEN"]);
}

/** Its parts, as ranges of both strings. */
export function lcsIdx(
  key1: RedisArgument,
  key2: RedisArgument,
  options?: LcsIdxOptions,
): Command<LcsIdxReply<[LcsRange, LcsRange]>> {
  return command(LCS_IDX, idx(key1, key2, options));
}

/** Its parts, each with its length. */
export function lcsIdxWithMatchLen(
  key1: RedisArgument,
  key2: RedisArgument,
  options?: LcsIdxOptions,
): Command<LcsIdxReply<[LcsRange, LcsRange, len: number]>> {
  return command(LCS_IDX, [...idx(key1, key2, options), "WITHMATCHLEN"]);
}

function idx(key1: RedisArgument, key2: RedisArgument, options: LcsIdxOptions = {}): RedisArgument[] {
  const { MINMATCHLEN } = options;
  return MINMATCHLEN === undefined ? [key1, key2, "IDX"] : [key1, key2, "IDX", "MINMATCHLEN", MINMATCHLEN];
}

import { double, type OneOrMore, onlyOne, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type ScanCommonOptions, type ScanPage, scanArguments } from "./cursor.ts";
import { type Double, toNumber, toNumberOrNull, toNumbersOrNull } from "./decode.ts";
import { type SortedSetMember, toMembers } from "./sorted-set-member.ts";

const ZADD = spec("ZADD");
const ZCARD = spec("ZCARD", { readonly: true });
const ZCOUNT = spec("ZCOUNT", { readonly: true });
const ZINCRBY = spec("ZINCRBY");
const ZLEXCOUNT = spec("ZLEXCOUNT", { readonly: true });
const ZMSCORE = spec("ZMSCORE", { readonly: true });
const ZRANDMEMBER = spec("ZRANDMEMBER", { readonly: true });
const ZRANK = spec("ZRANK", { readonly: true });
const ZREM = spec("ZREM");
const ZREVRANK = spec("ZREVRANK", { readonly: true });
const ZSCAN = spec("ZSCAN", { readonly: true });
const ZSCORE = spec("ZSCORE", { readonly: true });

/** A member to add. */
export interface MemberToAdd {
  readonly value: RedisArgument;
  readonly score: number;
}

/** Options of {@link zAddIncr}. */
export interface ZAddIncrOptions {
  /** `NX`: only new members; `XX`: only existing ones. */
  readonly condition?: "NX" | "XX" | undefined;
  /** Change a score only to a lower (`LT`) or a higher one (`GT`). */
  readonly comparison?: "LT" | "GT" | undefined;
  /** Count changed members, too. */
  readonly CH?: boolean | undefined;
}

/** Options of {@link zAdd}: either `condition` or one of `NX` and `XX`, either `comparison` or one of `LT` and `GT`. */
export interface ZAddOptions extends ZAddIncrOptions {
  readonly NX?: boolean | undefined;
  readonly XX?: boolean | undefined;
  readonly LT?: boolean | undefined;
  readonly GT?: boolean | undefined;
}

/** Position of a member, counted from 0, and its score. */
export interface RankWithScore {
  readonly rank: number;
  readonly score: number;
}

/** A page of a sorted set. Go on with `cursor`, which is `"0"` at the end. */
export interface ZScanReply {
  readonly cursor: string;
  readonly members: SortedSetMember[];
}

/**
 * Adds members or changes their scores; answers how many are new (or, with `CH`, new or changed).
 * @throws RedoubtError CONFIG_INVALID_VALUE when options exclude each other or there are no members.
 */
export function zAdd(
  key: RedisArgument,
  members: OneOrMore<MemberToAdd>,
  options: ZAddOptions = {},
): Command<number> {
  return command(ZADD, [key, ...zAddOptions(options), ...zAddMembers(members)], toNumber);
}

/** Adds to the score of a member; answers the score, null when the options forbade it. */
export function zAddIncr(
  key: RedisArgument,
  members: OneOrMore<MemberToAdd>,
  options: ZAddIncrOptions = {},
): Command<number | null> {
  const args = [key, ...zAddOptions(options), "INCR", ...zAddMembers(members)];
  return command(ZADD, args, toNumberOrNull);
}

/** How many members there are. */
export function zCard(key: RedisArgument): Command<number> {
  return command(ZCARD, [key]);
}

/** How many members have a score from `min` to `max`, both included (`"(1"`: excluded). */
export function zCount(key: RedisArgument, min: RedisArgument, max: RedisArgument): Command<number> {
  return command(ZCOUNT, [key, double(min), double(max)]);
}

/** Adds to the score of a member; answers the score. */
export function zIncrBy(key: RedisArgument, increment: number, member: RedisArgument): Command<number> {
  return command(ZINCRBY, [key, double(increment), member], toNumber);
}

/** How many members lie between two in byte order: `"[a"` included, `"(a"` excluded, `"-"` and `"+"` the ends. */
export function zLexCount(key: RedisArgument, min: RedisArgument, max: RedisArgument): Command<number> {
  return command(ZLEXCOUNT, [key, min, max]);
}

/** The scores of several members; null for each that is absent. */
export function zmScore(key: RedisArgument, member: OneOrMore): Command<(number | null)[]> {
  return command(ZMSCORE, [key, ...several(ZMSCORE, "member", member)], toNumbersOrNull);
}

/** Some member; null without the key. */
export function zRandMember(key: RedisArgument): Command<string | null> {
  return command(ZRANDMEMBER, [key]);
}

/** Up to `count` different members; with a negative `count` exactly so many, with repeats. */
export function zRandMemberCount(key: RedisArgument, count: number): Command<string[]> {
  return command(ZRANDMEMBER, [key, count]);
}

/** {@link zRandMemberCount} with the scores. */
export function zRandMemberCountWithScores(key: RedisArgument, count: number): Command<SortedSetMember[]> {
  return command(ZRANDMEMBER, [key, count, "WITHSCORES"], toMembers);
}

/** Position of a member by rising score; null when it is absent. */
export function zRank(key: RedisArgument, member: RedisArgument): Command<number | null> {
  return command(ZRANK, [key, member]);
}

/** {@link zRank} with the score. Redis 7.2. */
export function zRankWithScore(key: RedisArgument, member: RedisArgument): Command<RankWithScore | null> {
  return command(ZRANK, [key, member, "WITHSCORE"], toRankWithScore);
}

/** Removes members; answers how many there were. */
export function zRem(key: RedisArgument, member: OneOrMore): Command<number> {
  return command(ZREM, [key, ...several(ZREM, "member", member)]);
}

/** Position of a member by falling score; null when it is absent. */
export function zRevRank(key: RedisArgument, member: RedisArgument): Command<number | null> {
  return command(ZREVRANK, [key, member]);
}

/** {@link zRevRank} with the score. Redis 7.2. */
export function zRevRankWithScore(key: RedisArgument, member: RedisArgument): Command<RankWithScore | null> {
  return command(ZREVRANK, [key, member, "WITHSCORE"], toRankWithScore);
}

/** Walks over the members: begin with cursor `"0"`. A member may come more than once. */
export function zScan(
  key: RedisArgument,
  cursor: RedisArgument,
  options?: ScanCommonOptions,
): Command<ZScanReply> {
  return command(ZSCAN, [key, ...scanArguments(cursor, options)], ([next, items]: ScanPage) => ({
    cursor: String(next),
    members: toMembers(items),
  }));
}

/** The score of a member; null when it is absent. */
export function zScore(key: RedisArgument, member: RedisArgument): Command<number | null> {
  return command(ZSCORE, [key, member], toNumberOrNull);
}

function zAddOptions(options: ZAddOptions): RedisArgument[] {
  const { condition, NX, XX, comparison, LT, GT, CH } = options;
  const args: RedisArgument[] = [];
  const existence = onlyOne(ZADD, { condition, NX: NX && "NX", XX: XX && "XX" });
  const order = onlyOne(ZADD, { comparison, LT: LT && "LT", GT: GT && "GT" });
  if (existence !== undefined) args.push(existence);
  if (order !== undefined) args.push(order);
  if (CH) args.push("CH");
  return args;
}

function zAddMembers(members: OneOrMore<MemberToAdd>): RedisArgument[] {
  const args: RedisArgument[] = [];
  for (const { score, value } of several(ZADD, "members", members)) args.push(double(score), value);
  return args;
}

function toRankWithScore(reply: [rank: number, score: Double] | null): RankWithScore | null {
  return reply && { rank: reply[0], score: toNumber(reply[1]) };
}

import { counted, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type ScanCommonOptions, type ScanPage, scanArguments } from "./cursor.ts";
import { keysCounted, keysFrom } from "./keys.ts";

const SADD = spec("SADD");
const SCARD = spec("SCARD", { readonly: true });
const SDIFF = spec("SDIFF", { readonly: true, keys: keysFrom(0) });
const SDIFFCARD = spec("SDIFFCARD", { readonly: true, keys: keysCounted(0) });
const SDIFFSTORE = spec("SDIFFSTORE", { keys: keysFrom(0) });
const SINTER = spec("SINTER", { readonly: true, keys: keysFrom(0) });
const SINTERCARD = spec("SINTERCARD", { readonly: true, keys: keysCounted(0) });
const SINTERSTORE = spec("SINTERSTORE", { keys: keysFrom(0) });
const SISMEMBER = spec("SISMEMBER", { readonly: true });
const SMEMBERS = spec("SMEMBERS", { readonly: true });
const SMISMEMBER = spec("SMISMEMBER", { readonly: true });
const SMOVE = spec("SMOVE", { keys: keysFrom(0, 1) });
const SPOP = spec("SPOP");
const SRANDMEMBER = spec("SRANDMEMBER", { readonly: true });
const SREM = spec("SREM");
const SSCAN = spec("SSCAN", { readonly: true });
const SUNION = spec("SUNION", { readonly: true, keys: keysFrom(0) });
const SUNIONCARD = spec("SUNIONCARD", { readonly: true, keys: keysCounted(0) });
const SUNIONSTORE = spec("SUNIONSTORE", { keys: keysFrom(0) });

/** Options of the commands that only count. */
export interface CardOptions {
  /** Stop counting here. */
  readonly LIMIT?: number | undefined;
}

/** Options of {@link sUnionCard}. */
export interface SUnionCardOptions extends CardOptions {
  /** An estimate is enough. */
  readonly APPROX?: boolean | undefined;
}

/** A page of a set. Go on with `cursor`, which is `"0"` at the end. */
export interface SScanReply {
  readonly cursor: string;
  readonly members: string[];
}

/** Adds members; answers how many are new. */
export function sAdd(key: RedisArgument, members: OneOrMore): Command<number> {
  return command(SADD, [key, ...several(SADD, "members", members)]);
}

/** How many members there are. */
export function sCard(key: RedisArgument): Command<number> {
  return command(SCARD, [key]);
}

/** The members of the first set that none of the others has. */
export function sDiff(keys: OneOrMore): Command<string[]> {
  return command(SDIFF, [...several(SDIFF, "keys", keys)]);
}

/** How many members {@link sDiff} would give. */
export function sDiffCard(keys: OneOrMore, options: CardOptions = {}): Command<number> {
  const args = counted(SDIFFCARD, "keys", keys);
  if (options.LIMIT !== undefined) args.push("LIMIT", options.LIMIT);
  return command(SDIFFCARD, args);
}

/** {@link sDiff} into a set; answers its size. */
export function sDiffStore(destination: RedisArgument, keys: OneOrMore): Command<number> {
  return command(SDIFFSTORE, [destination, ...several(SDIFFSTORE, "keys", keys)]);
}

/** The members that all sets have. */
export function sInter(keys: OneOrMore): Command<string[]> {
  return command(SINTER, [...several(SINTER, "keys", keys)]);
}

/** How many members {@link sInter} would give. */
export function sInterCard(keys: OneOrMore, options: CardOptions | number = {}): Command<number> {
  const args = counted(SINTERCARD, "keys", keys);
  const limit = typeof options === "number" ? options : options.LIMIT;
  if (limit !== undefined) args.push("LIMIT", limit);
  return command(SINTERCARD, args);
}

/** {@link sInter} into a set; answers its size. */
export function sInterStore(destination: RedisArgument, keys: OneOrMore): Command<number> {
  return command(SINTERSTORE, [destination, ...several(SINTERSTORE, "keys", keys)]);
}

/** 1 if it is a member, else 0. */
export function sIsMember(key: RedisArgument, member: RedisArgument): Command<number> {
  return command(SISMEMBER, [key, member]);
}

/** All members, in no order. */
export function sMembers(key: RedisArgument): Command<string[]> {
  return command(SMEMBERS, [key]);
}

/** {@link sIsMember} for several. */
export function smIsMember(key: RedisArgument, members: OneOrMore): Command<number[]> {
  return command(SMISMEMBER, [key, ...several(SMISMEMBER, "members", members)]);
}

/** Moves a member to another set; answers 1, or 0 when it was not there. */
export function sMove(
  source: RedisArgument,
  destination: RedisArgument,
  member: RedisArgument,
): Command<number> {
  return command(SMOVE, [source, destination, member]);
}

/** Takes some member; null without the key. */
export function sPop(key: RedisArgument): Command<string | null> {
  return command(SPOP, [key]);
}

/** Takes up to `count` members. */
export function sPopCount(key: RedisArgument, count: number): Command<string[]> {
  return command(SPOP, [key, count]);
}

/** Some member, which stays; null without the key. */
export function sRandMember(key: RedisArgument): Command<string | null> {
  return command(SRANDMEMBER, [key]);
}

/** Up to `count` different members; with a negative `count` exactly so many, with repeats. */
export function sRandMemberCount(key: RedisArgument, count: number): Command<string[]> {
  return command(SRANDMEMBER, [key, count]);
}

/** Removes members; answers how many there were. */
export function sRem(key: RedisArgument, members: OneOrMore): Command<number> {
  return command(SREM, [key, ...several(SREM, "members", members)]);
}

/** Walks over the members: begin with cursor `"0"`. A member may come more than once. */
export function sScan(
  key: RedisArgument,
  cursor: RedisArgument,
  options?: ScanCommonOptions,
): Command<SScanReply> {
  return command(SSCAN, [key, ...scanArguments(cursor, options)], ([next, items]: ScanPage) => ({
    cursor: String(next),
    members: items as string[],
  }));
}

/** The members that any of the sets has. */
export function sUnion(keys: OneOrMore): Command<string[]> {
  return command(SUNION, [...several(SUNION, "keys", keys)]);
}

/** How many members {@link sUnion} would give. */
export function sUnionCard(keys: OneOrMore, options: SUnionCardOptions = {}): Command<number> {
  const args = counted(SUNIONCARD, "keys", keys);
  if (options.APPROX) args.push("APPROX");
  if (options.LIMIT !== undefined) args.push("LIMIT", options.LIMIT);
  return command(SUNIONCARD, args);
}

/** {@link sUnion} into a set; answers its size. */
export function sUnionStore(destination: RedisArgument, keys: OneOrMore): Command<number> {
  return command(SUNIONSTORE, [destination, ...several(SUNIONSTORE, "keys", keys)]);
}

import { counted, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Double, toNumber } from "./decode.ts";
import { keysCounted, keysFrom } from "./keys.ts";
import { type SortedSetMember, toMemberOrNull, toMembers } from "./sorted-set-member.ts";

/** Taking members out, and waiting for them: `timeout` in seconds (0: for ever), null when it is over. */

const BZMPOP = spec("BZMPOP", { blocking: true, keys: keysCounted(1) });
const BZPOPMAX = spec("BZPOPMAX", { blocking: true, keys: keysFrom(0, -2) });
const BZPOPMIN = spec("BZPOPMIN", { blocking: true, keys: keysFrom(0, -2) });
const ZMPOP = spec("ZMPOP", { keys: keysCounted(0) });
const ZPOPMAX = spec("ZPOPMAX");
const ZPOPMIN = spec("ZPOPMIN");

/** An end of a sorted set. */
export type SortedSetSide = "MIN" | "MAX";

/** Options of {@link zmPop}. */
export interface ZMPopOptions {
  /** How many members at most; default 1. */
  readonly COUNT?: number | undefined;
}

/** Members, and the sorted set that they came from. */
export interface PoppedMembers {
  readonly key: string;
  readonly members: SortedSetMember[];
}

/** A member, and the sorted set that it came from. */
export interface PoppedMember extends SortedSetMember {
  readonly key: string;
}

/** {@link zmPop} that waits for a member. */
export function bzmPop(
  timeout: number,
  keys: OneOrMore,
  side: SortedSetSide,
  options: ZMPopOptions = {},
): Command<PoppedMembers | null> {
  const args = [timeout, ...counted(BZMPOP, "keys", keys), side];
  if (options.COUNT !== undefined) args.push("COUNT", options.COUNT);
  return command(BZMPOP, args, toPoppedMembers);
}

/** Takes the highest member of the first sorted set that has one, waiting for it. */
export function bzPopMax(keys: OneOrMore, timeout: number): Command<PoppedMember | null> {
  return command(BZPOPMAX, [...several(BZPOPMAX, "keys", keys), timeout], toPoppedMember);
}

/** Takes the lowest member of the first sorted set that has one, waiting for it. */
export function bzPopMin(keys: OneOrMore, timeout: number): Command<PoppedMember | null> {
  return command(BZPOPMIN, [...several(BZPOPMIN, "keys", keys), timeout], toPoppedMember);
}

/** Takes members of the first sorted set that has any; null when none has. */
export function zmPop(
  keys: OneOrMore,
  side: SortedSetSide,
  options: ZMPopOptions = {},
): Command<PoppedMembers | null> {
  const args = [...counted(ZMPOP, "keys", keys), side];
  if (options.COUNT !== undefined) args.push("COUNT", options.COUNT);
  return command(ZMPOP, args, toPoppedMembers);
}

/** Takes the member with the highest score; null without the key. */
export function zPopMax(key: RedisArgument): Command<SortedSetMember | null> {
  return command(ZPOPMAX, [key], toMemberOrNull);
}

/** Takes up to `count` members, the highest first. */
export function zPopMaxCount(key: RedisArgument, count: number): Command<SortedSetMember[]> {
  return command(ZPOPMAX, [key, count], toMembers);
}

/** Takes the member with the lowest score; null without the key. */
export function zPopMin(key: RedisArgument): Command<SortedSetMember | null> {
  return command(ZPOPMIN, [key], toMemberOrNull);
}

/** Takes up to `count` members, the lowest first. */
export function zPopMinCount(key: RedisArgument, count: number): Command<SortedSetMember[]> {
  return command(ZPOPMIN, [key, count], toMembers);
}

function toPoppedMembers(reply: [key: string, members: unknown[]] | null): PoppedMembers | null {
  return reply && { key: reply[0], members: toMembers(reply[1]) };
}

function toPoppedMember(reply: [key: string, value: string, score: Double] | null): PoppedMember | null {
  return reply && { key: reply[0], value: reply[1], score: toNumber(reply[2]) };
}

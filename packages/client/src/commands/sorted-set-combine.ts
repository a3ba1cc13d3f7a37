import { counted, double, invalid, type OneOrMore, several } from "./argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import { destinationAndKeys, keysCounted } from "./keys.ts";
import type { CardOptions } from "./set.ts";
import { type SortedSetMember, toMembers } from "./sorted-set-member.ts";

/** Difference, intersection and union of sorted sets; plain sets count as members with score 1. */

const ZDIFF = spec("ZDIFF", { readonly: true, keys: keysCounted(0) });
const ZDIFFSTORE = spec("ZDIFFSTORE", { keys: destinationAndKeys(1) });
const ZINTER = spec("ZINTER", { readonly: true, keys: keysCounted(0) });
const ZINTERCARD = spec("ZINTERCARD", { readonly: true, keys: keysCounted(0) });
const ZINTERSTORE = spec("ZINTERSTORE", { keys: destinationAndKeys(1) });
const ZUNION = spec("ZUNION", { readonly: true, keys: keysCounted(0) });
const ZUNIONSTORE = spec("ZUNIONSTORE", { keys: destinationAndKeys(1) });

/** A key whose scores are multiplied. */
export interface WeightedKey {
  readonly key: RedisArgument;
  readonly weight: number;
}

/** Keys, either all of them with weights or none. */
export type ZKeys = OneOrMore | OneOrMore<WeightedKey>;

/** How the scores of a member in several sets become one; default `SUM`. */
export interface ZCombineOptions {
  readonly AGGREGATE?: "SUM" | "MIN" | "MAX" | "COUNT" | undefined;
}

/** The members of the first sorted set that none of the others has. */
export function zDiff(keys: OneOrMore): Command<string[]> {
  return command(ZDIFF, counted(ZDIFF, "keys", keys));
}

/** {@link zDiff} with the scores. */
export function zDiffWithScores(keys: OneOrMore): Command<SortedSetMember[]> {
  return command(ZDIFF, [...counted(ZDIFF, "keys", keys), "WITHSCORES"], toMembers);
}

/** {@link zDiff} into a sorted set; answers its size. */
export function zDiffStore(destination: RedisArgument, inputKeys: OneOrMore): Command<number> {
  return command(ZDIFFSTORE, [destination, ...counted(ZDIFFSTORE, "inputKeys", inputKeys)]);
}

/** The members that all sorted sets have. */
export function zInter(keys: ZKeys, options?: ZCombineOptions): Command<string[]> {
  return command(ZINTER, combined(ZINTER, keys, options));
}

/** {@link zInter} with the scores. */
export function zInterWithScores(keys: ZKeys, options?: ZCombineOptions): Command<SortedSetMember[]> {
  return command(ZINTER, [...combined(ZINTER, keys, options), "WITHSCORES"], toMembers);
}

/** How many members {@link zInter} would give. */
export function zInterCard(keys: OneOrMore, options: CardOptions | number = {}): Command<number> {
  const args = counted(ZINTERCARD, "keys", keys);
  const limit = typeof options === "number" ? options : options.LIMIT;
  if (limit !== undefined) args.push("LIMIT", limit);
  return command(ZINTERCARD, args);
}

/** {@link zInter} into a sorted set; answers its size. */
export function zInterStore(
  destination: RedisArgument,
  keys: ZKeys,
  options?: ZCombineOptions,
): Command<number> {
  return command(ZINTERSTORE, [destination, ...combined(ZINTERSTORE, keys, options)]);
}

/** The members that any of the sorted sets has. */
export function zUnion(keys: ZKeys, options?: ZCombineOptions): Command<string[]> {
  return command(ZUNION, combined(ZUNION, keys, options));
}

/** {@link zUnion} with the scores. */
export function zUnionWithScores(keys: ZKeys, options?: ZCombineOptions): Command<SortedSetMember[]> {
  return command(ZUNION, [...combined(ZUNION, keys, options), "WITHSCORES"], toMembers);
}

/** {@link zUnion} into a sorted set; answers its size. */
export function zUnionStore(
  destination: RedisArgument,
  keys: ZKeys,
  options?: ZCombineOptions,
): Command<number> {
  return command(ZUNIONSTORE, [destination, ...combined(ZUNIONSTORE, keys, options)]);
}

function combined(of: CommandSpec, keys: ZKeys, options: ZCombineOptions = {}): RedisArgument[] {
  const list = several<RedisArgument | WeightedKey>(of, "keys", keys);
  const args: RedisArgument[] = [list.length];
  const weights: RedisArgument[] = [];
  for (const item of list) {
    if (isWeighted(item)) {
      args.push(item.key);
      weights.push(double(item.weight));
    } else args.push(item);
  }
  if (weights.length > 0) {
    if (weights.length < list.length) throw invalid(of, "keys", "must all have a weight, or none");
    args.push("WEIGHTS", ...weights);
  }
  if (options.AGGREGATE !== undefined) args.push("AGGREGATE", options.AGGREGATE);
  return args;
}

function isWeighted(key: RedisArgument | WeightedKey): key is WeightedKey {
  return typeof key === "object" && "weight" in key;
}

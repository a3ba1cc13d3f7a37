import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { type Double, toNumber } from "../decode.ts";

/** Completing what a user types: dictionaries of suggestions, which are keys. */

const SUGADD = spec("FT.SUGADD");
const SUGDEL = spec("FT.SUGDEL");
const SUGGET = spec("FT.SUGGET", { readonly: true });
const SUGLEN = spec("FT.SUGLEN", { readonly: true });

/** Options of {@link sugAdd}. */
export interface SugAddOptions {
  /** Add to the score instead of setting it. */
  readonly INCR?: boolean | undefined;
  readonly PAYLOAD?: RedisArgument | undefined;
}

/** Options of {@link sugGet}. */
export interface SugGetOptions {
  /** The prefix may have an error. */
  readonly FUZZY?: boolean | undefined;
  /** Default 5. */
  readonly MAX?: number | undefined;
}

/** Adds a suggestion; answers how many there are. */
export function sugAdd(
  key: RedisArgument,
  string: RedisArgument,
  score: number,
  { INCR, PAYLOAD }: SugAddOptions = {},
): Command<number> {
  const args = [key, string, score];
  if (INCR) args.push("INCR");
  return command(SUGADD, PAYLOAD === undefined ? args : [...args, "PAYLOAD", PAYLOAD]);
}

/** Removes a suggestion; answers 1 or 0. */
export function sugDel(key: RedisArgument, string: RedisArgument): Command<number> {
  return command(SUGDEL, [key, string]);
}

/** The suggestions that begin so; null without any. */
export function sugGet(
  key: RedisArgument,
  prefix: RedisArgument,
  options?: SugGetOptions,
): Command<string[] | null> {
  return command(SUGGET, prefixArguments(key, prefix, options));
}

/** {@link sugGet} with payloads. */
export function sugGetWithPayloads(
  key: RedisArgument,
  prefix: RedisArgument,
  options?: SugGetOptions,
): Command<{ readonly suggestion: string; readonly payload: string | null }[] | null> {
  return command(
    SUGGET,
    [...prefixArguments(key, prefix, options), "WITHPAYLOADS"],
    (reply: readonly string[] | null) =>
      everyFew(reply, 2, ([suggestion, payload]) => ({
        suggestion: suggestion as string,
        payload: payload as string | null,
      })),
  );
}

/** {@link sugGet} with scores. */
export function sugGetWithScores(
  key: RedisArgument,
  prefix: RedisArgument,
  options?: SugGetOptions,
): Command<{ readonly suggestion: string; readonly score: number }[] | null> {
  return command(
    SUGGET,
    [...prefixArguments(key, prefix, options), "WITHSCORES"],
    (reply: readonly unknown[] | null) =>
      everyFew(reply, 2, ([suggestion, score]) => ({
        suggestion: suggestion as string,
        score: toNumber(score as Double),
      })),
  );
}

/** {@link sugGet} with scores and payloads. */
export function sugGetWithScoresWithPayloads(
  key: RedisArgument,
  prefix: RedisArgument,
  options?: SugGetOptions,
): Command<
  { readonly suggestion: string; readonly score: number; readonly payload: string | null }[] | null
> {
  return command(
    SUGGET,
    [...prefixArguments(key, prefix, options), "WITHSCORES", "WITHPAYLOADS"],
    (reply: readonly unknown[] | null) =>
      everyFew(reply, 3, ([suggestion, score, payload]) => ({
        suggestion: suggestion as string,
        score: toNumber(score as Double),
        payload: payload as string | null,
      })),
  );
}

/** How many suggestions there are. */
export function sugLen(key: RedisArgument): Command<number> {
  return command(SUGLEN, [key]);
}

function prefixArguments(
  key: RedisArgument,
  prefix: RedisArgument,
  { FUZZY, MAX }: SugGetOptions = {},
): RedisArgument[] {
  const args = [key, prefix];
  if (FUZZY) args.push("FUZZY");
  return MAX === undefined ? args : [...args, "MAX", MAX];
}

/** Items of a flat list, `size` values each. */
function everyFew<Item>(
  reply: readonly unknown[] | null,
  size: number,
  make: (values: readonly unknown[]) => Item,
): Item[] | null {
  if (reply === null) return null;
  const items: Item[] = [];
  for (let i = 0; i < reply.length; i += size) items.push(make(reply.slice(i, i + size)));
  return items;
}

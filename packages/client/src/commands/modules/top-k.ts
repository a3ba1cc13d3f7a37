import { type OneOrMore, several } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { type Double, pairs, toBooleans, toNumber } from "../decode.ts";
import type { ItemIncrement } from "./count-min-sketch.ts";

/** The most frequent items of a stream: `client.topK`. */

const ADD = spec("TOPK.ADD");
const COUNT = spec("TOPK.COUNT", { readonly: true });
const INCRBY = spec("TOPK.INCRBY");
const INFO = spec("TOPK.INFO", { readonly: true, shape: "object" });
const LIST = spec("TOPK.LIST", { readonly: true });
const QUERY = spec("TOPK.QUERY", { readonly: true });
const RESERVE = spec("TOPK.RESERVE");

/** How exact; the server's defaults are 8, 7 and 0.9. */
export interface TopKReserveOptions {
  readonly width: number;
  readonly depth: number;
  readonly decay: number;
}

/** What there is to know of a list. */
export interface TopKInfo {
  readonly k: number;
  readonly width: number;
  readonly depth: number;
  readonly decay: number;
}

/** Counts items; answers for each what it drove out of the list, or null. */
export function add(key: RedisArgument, items: OneOrMore): Command<(string | null)[]> {
  return command(ADD, [key, ...several(ADD, "items", items)]);
}

/** About how often items were seen. Redis no longer advises it. */
export function count(key: RedisArgument, items: OneOrMore): Command<number[]> {
  return command(COUNT, [key, ...several(COUNT, "items", items)]);
}

/** {@link add} for items that were seen several times. */
export function incrBy(key: RedisArgument, items: OneOrMore<ItemIncrement>): Command<(string | null)[]> {
  return command(INCRBY, [
    key,
    ...several(INCRBY, "items", items).flatMap(({ item, incrementBy }) => [item, incrementBy]),
  ]);
}

/** What there is to know of a list. */
export function info(key: RedisArgument): Command<TopKInfo> {
  return command(INFO, [key], (reply: Record<string, Double>) => {
    reply["decay"] = toNumber(reply["decay"] as Double);
    return reply as unknown as TopKInfo;
  });
}

/** The most frequent items. */
export function list(key: RedisArgument): Command<string[]> {
  return command(LIST, [key]);
}

/** {@link list} with the counts. */
export function listWithCount(
  key: RedisArgument,
): Command<{ readonly item: string; readonly count: number }[]> {
  return command(LIST, [key, "WITHCOUNT"], (reply: readonly unknown[]) =>
    pairs(reply, (item: string, count: number) => ({ item, count })),
  );
}

/** Whether items are in the list. */
export function query(key: RedisArgument, items: OneOrMore): Command<boolean[]> {
  return command(QUERY, [key, ...several(QUERY, "items", items)], toBooleans);
}

/** Makes a list of so many items. */
export function reserve(key: RedisArgument, topK: number, options?: TopKReserveOptions): Command<"OK"> {
  const args = [key, topK];
  if (options !== undefined) args.push(options.width, options.depth, options.decay);
  return command(RESERVE, args);
}

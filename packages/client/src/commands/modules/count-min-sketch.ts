import { invalid, type OneOrMore, several } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { destinationAndKeys } from "../keys.ts";

/** Count-min sketches, `client.cms`: about how often items were seen. */

const INCRBY = spec("CMS.INCRBY");
const INFO = spec("CMS.INFO", { readonly: true, shape: "object" });
const INITBYDIM = spec("CMS.INITBYDIM");
const INITBYPROB = spec("CMS.INITBYPROB");
const MERGE = spec("CMS.MERGE", { keys: destinationAndKeys(1) });
const QUERY = spec("CMS.QUERY", { readonly: true });

/** An item, and how many more times it was seen. */
export interface ItemIncrement {
  readonly item: RedisArgument;
  readonly incrementBy: number;
}

/** What there is to know of a sketch. */
export interface CountMinSketchInfo {
  readonly width: number;
  readonly depth: number;
  readonly count: number;
}

/** Options of {@link initByDim} and {@link initByProb}. */
export interface CountMinSketchOptions {
  /** Width of a counter, bytes. Redis 8.8. */
  readonly CELL_SIZE?: number | undefined;
}

/** A sketch whose counts are multiplied. */
export interface WeightedSketch {
  readonly name: RedisArgument;
  readonly weight: number;
}

/** Counts items; answers their counts. */
export function incrBy(key: RedisArgument, items: OneOrMore<ItemIncrement>): Command<number[]> {
  return command(INCRBY, [
    key,
    ...several(INCRBY, "items", items).flatMap(({ item, incrementBy }) => [item, incrementBy]),
  ]);
}

/** What there is to know of a sketch. */
export function info(key: RedisArgument): Command<CountMinSketchInfo> {
  return command(INFO, [key]);
}

/** Makes a sketch of so many counters in so many rows. */
export function initByDim(
  key: RedisArgument,
  width: number,
  depth: number,
  options?: CountMinSketchOptions,
): Command<"OK"> {
  return command(INITBYDIM, [key, width, depth, ...cellSize(options)]);
}

/** Makes a sketch that overestimates by `error` of all counts, with `probability`. */
export function initByProb(
  key: RedisArgument,
  error: number,
  probability: number,
  options?: CountMinSketchOptions,
): Command<"OK"> {
  return command(INITBYPROB, [key, error, probability, ...cellSize(options)]);
}

/** Adds up sketches, either all with weights or none. */
export function merge(
  destination: RedisArgument,
  source: readonly RedisArgument[] | readonly WeightedSketch[],
): Command<"OK"> {
  const list = several<RedisArgument | WeightedSketch>(MERGE, "source", source);
  const weighted = list.filter(isWeighted);
  if (weighted.length > 0 && weighted.length < list.length)
    throw invalid(MERGE, "source", "must all have a weight, or none");
  const names = list.map((each) => (isWeighted(each) ? each.name : each));
  const weights = weighted.length === 0 ? [] : ["WEIGHTS", ...weighted.map(({ weight }) => weight)];
  return command(MERGE, [destination, names.length, ...names, ...weights]);
}

/** The counts of items. */
export function query(key: RedisArgument, items: OneOrMore): Command<number[]> {
  return command(QUERY, [key, ...several(QUERY, "items", items)]);
}

function cellSize({ CELL_SIZE }: CountMinSketchOptions = {}): RedisArgument[] {
  return CELL_SIZE === undefined ? [] : ["CELL_SIZE", CELL_SIZE];
}

function isWeighted(source: RedisArgument | WeightedSketch): source is WeightedSketch {
  return typeof source === "object" && "weight" in source;
}

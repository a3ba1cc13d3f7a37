import { counted, type OneOrMore, several } from "../argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "../command.ts";
import { toNumber, toNumbers } from "../decode.ts";
import { destinationAndKeys } from "../keys.ts";

/** t-digests, `client.tDigest`: quantiles of a stream of numbers. NaN where there are none yet. */

const ADD = spec("TDIGEST.ADD");
const BYRANK = spec("TDIGEST.BYRANK", { readonly: true });
const BYREVRANK = spec("TDIGEST.BYREVRANK", { readonly: true });
const CDF = spec("TDIGEST.CDF", { readonly: true });
const CREATE = spec("TDIGEST.CREATE");
const INFO = spec("TDIGEST.INFO", { readonly: true, shape: "object" });
const MAX = spec("TDIGEST.MAX", { readonly: true });
const MERGE = spec("TDIGEST.MERGE", { keys: destinationAndKeys(1) });
const MIN = spec("TDIGEST.MIN", { readonly: true });
const QUANTILE = spec("TDIGEST.QUANTILE", { readonly: true });
const RANK = spec("TDIGEST.RANK", { readonly: true });
const RESET = spec("TDIGEST.RESET");
const REVRANK = spec("TDIGEST.REVRANK", { readonly: true });
const TRIMMED_MEAN = spec("TDIGEST.TRIMMED_MEAN", { readonly: true });

/** Options of {@link create}. */
export interface TDigestCreateOptions {
  /** Accuracy for memory; default 100. */
  readonly COMPRESSION?: number | undefined;
}

/** Options of {@link merge}. */
export interface TDigestMergeOptions extends TDigestCreateOptions {
  /** Forget what the destination holds. */
  readonly OVERRIDE?: boolean | undefined;
}

/** What there is to know of a digest. */
export interface TDigestInfo {
  readonly Compression: number;
  readonly Capacity: number;
  readonly "Merged nodes": number;
  readonly "Unmerged nodes": number;
  readonly "Merged weight": number;
  readonly "Unmerged weight": number;
  readonly Observations: number;
  readonly "Total compressions": number;
  readonly "Memory usage": number;
}

/** Adds numbers. */
export function add(key: RedisArgument, values: readonly number[]): Command<"OK"> {
  return command(ADD, numbers(ADD, "values", key, values));
}

/** The numbers of these ranks, counted from 0. */
export function byRank(key: RedisArgument, ranks: readonly number[]): Command<number[]> {
  return command(BYRANK, numbers(BYRANK, "ranks", key, ranks), toNumbers);
}

/** {@link byRank} counted from the greatest. */
export function byRevRank(key: RedisArgument, ranks: readonly number[]): Command<number[]> {
  return command(BYREVRANK, numbers(BYREVRANK, "ranks", key, ranks), toNumbers);
}

/** For each value: which part of the numbers is not greater. */
export function cdf(key: RedisArgument, values: readonly number[]): Command<number[]> {
  return command(CDF, numbers(CDF, "values", key, values), toNumbers);
}

/** Makes a digest. */
export function create(key: RedisArgument, { COMPRESSION }: TDigestCreateOptions = {}): Command<"OK"> {
  return command(CREATE, COMPRESSION === undefined ? [key] : [key, "COMPRESSION", COMPRESSION]);
}

/** What there is to know of a digest. */
export function info(key: RedisArgument): Command<TDigestInfo> {
  return command(INFO, [key]);
}

/** The greatest number. */
export function max(key: RedisArgument): Command<number> {
  return command(MAX, [key], toNumber);
}

/** Adds digests to another. */
export function merge(
  destination: RedisArgument,
  source: OneOrMore,
  options: TDigestMergeOptions = {},
): Command<"OK"> {
  const args = [destination, ...counted(MERGE, "source", source)];
  if (options.COMPRESSION !== undefined) args.push("COMPRESSION", options.COMPRESSION);
  if (options.OVERRIDE) args.push("OVERRIDE");
  return command(MERGE, args);
}

/** The least number. */
export function min(key: RedisArgument): Command<number> {
  return command(MIN, [key], toNumber);
}

/** The numbers below which these parts of all lie, from 0 to 1. */
export function quantile(key: RedisArgument, quantiles: readonly number[]): Command<number[]> {
  return command(QUANTILE, numbers(QUANTILE, "quantiles", key, quantiles), toNumbers);
}

/** For each value: how many numbers are less; -1 below all, -2 without any. */
export function rank(key: RedisArgument, values: readonly number[]): Command<number[]> {
  return command(RANK, numbers(RANK, "values", key, values));
}

/** Forgets all numbers. */
export function reset(key: RedisArgument): Command<"OK"> {
  return command(RESET, [key]);
}

/** For each value: how many numbers are greater. */
export function revRank(key: RedisArgument, values: readonly number[]): Command<number[]> {
  return command(REVRANK, numbers(REVRANK, "values", key, values));
}

/** The mean of the numbers between two quantiles. */
export function trimmedMean(
  key: RedisArgument,
  lowCutPercentile: number,
  highCutPercentile: number,
): Command<number> {
  return command(TRIMMED_MEAN, [key, lowCutPercentile, highCutPercentile], toNumber);
}

function numbers(
  of: CommandSpec,
  option: string,
  key: RedisArgument,
  values: readonly number[],
): RedisArgument[] {
  return [key, ...several(of, option, values)];
}

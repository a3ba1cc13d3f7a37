import { counted, type OneOrMore } from "../argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "../command.ts";
import { type Double, toNumbers } from "../decode.ts";
import { keysCounted } from "../keys.ts";
import {
  asTimestamp,
  type MultiSample,
  type Sample,
  type Timestamp,
  toMultiSamples,
  toSamples,
} from "./time-series-sample.ts";
import {
  type NRangeOptions,
  type RangeMultiOptions,
  type RangeOptions,
  rangeArguments,
} from "./time-series-window.ts";

/** The samples of a time series from one time to another, both included. */

const NRANGE = spec("TS.NRANGE", { readonly: true, keys: keysCounted(0) });
const NREVRANGE = spec("TS.NREVRANGE", { readonly: true, keys: keysCounted(0) });
const RANGE = spec("TS.RANGE", { readonly: true });
const READ_BLOCK = spec("TS.READ", { readonly: true, blocking: true });
const READ = spec("TS.READ", { readonly: true });
const REVRANGE = spec("TS.REVRANGE", { readonly: true });

/** Options of {@link read}. */
export interface TsReadOptions {
  /** How long to wait (0: for ever), and for how many samples (default 1). */
  readonly BLOCK?: { readonly milliseconds: number; readonly minCount?: number | undefined } | undefined;
  readonly MAX_COUNT?: number | undefined;
}

/** The samples of several series side by side: at each time one value of each, NaN where there is none. */
export function nRange(
  keys: OneOrMore,
  from: Timestamp,
  to: Timestamp,
  options?: NRangeOptions,
): Command<MultiSample[]> {
  return pivoted(NRANGE, keys, from, to, options);
}

/** {@link nRange} backwards. */
export function nRevRange(
  keys: OneOrMore,
  from: Timestamp,
  to: Timestamp,
  options?: NRangeOptions,
): Command<MultiSample[]> {
  return pivoted(NREVRANGE, keys, from, to, options);
}

/** The samples of a series. */
export function range(
  key: RedisArgument,
  from: Timestamp,
  to: Timestamp,
  options?: RangeOptions,
): Command<Sample[]> {
  return command(RANGE, [key, ...rangeArguments(from, to, options)], toSamples);
}

/** {@link range} with several aggregations. */
export function rangeMultiAggr(
  key: RedisArgument,
  from: Timestamp,
  to: Timestamp,
  options: RangeMultiOptions,
): Command<MultiSample[]> {
  return command(RANGE, [key, ...rangeArguments(from, to, options)], toMultiSamples);
}

/** The samples from a time on, waiting for them if asked to. `-` the first, `+` the last, `$` those to come. Redis 8.8. */
export function read(
  key: RedisArgument,
  timestamp: Timestamp,
  { BLOCK, MAX_COUNT }: TsReadOptions = {},
): Command<Sample[]> {
  const args = [key, asTimestamp(timestamp)];
  if (BLOCK !== undefined) args.push("BLOCK", BLOCK.milliseconds, BLOCK.minCount ?? 1);
  if (MAX_COUNT !== undefined) args.push("MAX_COUNT", MAX_COUNT);
  return command(BLOCK === undefined ? READ : READ_BLOCK, args, toSamples);
}

/** {@link range} backwards. */
export function revRange(
  key: RedisArgument,
  from: Timestamp,
  to: Timestamp,
  options?: RangeOptions,
): Command<Sample[]> {
  return command(REVRANGE, [key, ...rangeArguments(from, to, options)], toSamples);
}

/** {@link rangeMultiAggr} backwards. */
export function revRangeMultiAggr(
  key: RedisArgument,
  from: Timestamp,
  to: Timestamp,
  options: RangeMultiOptions,
): Command<MultiSample[]> {
  return command(REVRANGE, [key, ...rangeArguments(from, to, options)], toMultiSamples);
}

function pivoted(
  of: CommandSpec,
  keys: OneOrMore,
  from: Timestamp,
  to: Timestamp,
  options?: NRangeOptions,
): Command<MultiSample[]> {
  return command(
    of,
    [...counted(of, "keys", keys), ...rangeArguments(from, to, options)],
    (reply: readonly (readonly [number, readonly Double[]])[]) =>
      reply.map(([timestamp, values]) => ({ timestamp, values: toNumbers(values) })),
  );
}

import type { RedisArgument } from "../command.ts";
import { type AggregationType, asTimestamp, type Timestamp } from "./time-series-sample.ts";

/** Which samples a range of a time series is about, and how they become fewer. */

/** Options of every range. */
export interface RangeFilterOptions {
  /** Of a compacted series, also what is not complete yet. */
  readonly LATEST?: boolean | undefined;
  readonly FILTER_BY_TS?: readonly Timestamp[] | undefined;
  readonly FILTER_BY_VALUE?: { readonly min: number; readonly max: number } | undefined;
  readonly COUNT?: number | undefined;
  /** Where buckets begin; default 0. Only with `AGGREGATION`. */
  readonly ALIGN?: Timestamp | undefined;
}

/** The buckets whose samples become one. */
export interface Buckets {
  /** Milliseconds. */
  readonly timeBucket: number;
  /** Which time of the bucket to tell: its beginning (default), middle or end. */
  readonly BUCKETTIMESTAMP?: "-" | "~" | "+" | undefined;
  /** Tell also of empty buckets. */
  readonly EMPTY?: boolean | undefined;
}

/** Options of ranges with one aggregation or none. */
export interface RangeOptions extends RangeFilterOptions {
  readonly AGGREGATION?: (Buckets & { readonly type: AggregationType }) | undefined;
}

/** Options of ranges with several aggregations at once. Redis 8.6. */
export interface RangeMultiOptions extends RangeFilterOptions {
  readonly AGGREGATION: Buckets & { readonly types: readonly AggregationType[] };
}

/** Options of ranges of several series side by side: for each its aggregations. */
export interface NRangeOptions extends RangeFilterOptions {
  readonly AGGREGATION?: (Buckets & { readonly types: readonly (readonly AggregationType[])[] }) | undefined;
}

/** Times and options as arguments. */
export function rangeArguments(
  from: Timestamp,
  to: Timestamp,
  options: RangeOptions | RangeMultiOptions | NRangeOptions = {},
): RedisArgument[] {
  const { LATEST, FILTER_BY_TS, FILTER_BY_VALUE, COUNT, ALIGN, AGGREGATION } = options;
  const args = [asTimestamp(from), asTimestamp(to)];
  if (LATEST) args.push("LATEST");
  if (FILTER_BY_TS !== undefined) args.push("FILTER_BY_TS", ...FILTER_BY_TS.map(asTimestamp));
  if (FILTER_BY_VALUE !== undefined) args.push("FILTER_BY_VALUE", FILTER_BY_VALUE.min, FILTER_BY_VALUE.max);
  if (COUNT !== undefined) args.push("COUNT", COUNT);
  if (AGGREGATION === undefined) return args;
  if (ALIGN !== undefined) args.push("ALIGN", asTimestamp(ALIGN));
  args.push("AGGREGATION", ...aggregators(AGGREGATION), AGGREGATION.timeBucket);
  if (AGGREGATION.BUCKETTIMESTAMP !== undefined) args.push("BUCKETTIMESTAMP", AGGREGATION.BUCKETTIMESTAMP);
  if (AGGREGATION.EMPTY) args.push("EMPTY");
  return args;
}

type Aggregation = NonNullable<(RangeOptions | RangeMultiOptions | NRangeOptions)["AGGREGATION"]>;

/** One word for one series: several aggregations are joined by commas. */
function aggregators(aggregation: Aggregation): string[] {
  if ("type" in aggregation) return [aggregation.type];
  const { types } = aggregation;
  return Array.isArray(types[0]) ? types.map((each) => String(each)) : [types.join(",")];
}

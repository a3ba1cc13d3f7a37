import { type OneOrMore, several } from "../argument.ts";
import type { CommandSpec, RedisArgument } from "../command.ts";
import { type Mapping, type Text, toObject } from "../decode.ts";
import {
  filterArguments,
  type MultiSample,
  type RawSample,
  type Sample,
  type Timestamp,
  toMultiSamples,
  toSamples,
} from "./time-series-sample.ts";
import { type RangeMultiOptions, type RangeOptions, rangeArguments } from "./time-series-window.ts";

/** Ranges over several series, found by their labels: what to ask, and how to read it. */

/** Makes one series of all with the same value of a label. */
export interface GroupBy {
  readonly label: RedisArgument;
  readonly REDUCE:
    | "AVG"
    | "SUM"
    | "MIN"
    | "MAX"
    | "RANGE"
    | "COUNT"
    | "COUNTNAN"
    | "COUNTALL"
    | "STD.P"
    | "STD.S"
    | "VAR.P"
    | "VAR.S";
}

/** Leaves out series without samples in the range. */
export interface ExcludeEmpty {
  readonly EXCLUDEEMPTY?: boolean | undefined;
}

/** Labels; null for those asked for that a series does not have. */
export type SeriesLabels = Record<string, string | null>;

/** A series with its labels. */
export interface LabelledSamples {
  readonly labels: SeriesLabels;
  readonly samples: Sample[];
}

/** A series of several aggregations with its labels. */
export interface LabelledMultiSamples {
  readonly labels: SeriesLabels;
  readonly samples: MultiSample[];
}

/** A group with its label and the keys that it was made of. */
export interface GroupedSamples extends LabelledSamples {
  readonly sources: string[];
}

/** What follows a range: which labels to tell, which series, how to group them. */
export interface SeriesQuery {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly filter: OneOrMore;
  readonly options: ((RangeOptions | RangeMultiOptions) & ExcludeEmpty) | undefined;
  /** Tell all labels, or some. */
  readonly withLabels?: true;
  readonly labels?: OneOrMore;
  readonly groupBy?: GroupBy;
}

/** The query as arguments. */
export function queryArguments(of: CommandSpec, query: SeriesQuery): RedisArgument[] {
  const { from, to, filter, options, withLabels, labels, groupBy } = query;
  const args = rangeArguments(from, to, options);
  if (options?.EXCLUDEEMPTY && groupBy === undefined) args.push("EXCLUDEEMPTY");
  if (withLabels) args.push("WITHLABELS");
  if (labels !== undefined) args.push(...selectedLabels(of, labels));
  args.push(...filterArguments(of, filter));
  if (groupBy !== undefined) args.push("GROUPBY", groupBy.label, "REDUCE", groupBy.REDUCE);
  return args;
}

/** Some labels as arguments. */
export function selectedLabels(of: CommandSpec, labels: OneOrMore): RedisArgument[] {
  return ["SELECTED_LABELS", ...several(of, "selectedLabels", labels)];
}

/** A series as it comes: what RESP2 puts after its key, and RESP3 below it. Its samples are last in both. */
export type RawSeries = readonly [labels: Mapping, ...more: unknown[]];

/** A list of `[key, …]` in RESP2, a Map in RESP3. */
export type RawSeriesByKey =
  | readonly (readonly [key: Text, ...series: RawSeries])[]
  | ReadonlyMap<Text, RawSeries>;

/** A reader of replies, which reads each series with `read`. */
export function seriesBy<Series>(read: (series: RawSeries, protocol: 2 | 3) => Series) {
  return (reply: RawSeriesByKey, protocol: 2 | 3): Record<string, Series> => {
    const object: Record<string, Series> = Object.create(null);
    const entries = Array.isArray(reply)
      ? reply.map(([key, ...series]): [Text, RawSeries] => [key, series as never])
      : (reply as ReadonlyMap<Text, RawSeries>);
    for (const [key, series] of entries) object[String(key)] = read(series, protocol);
    return object;
  };
}

/** The labels of a series. */
export function labelsOf([labels]: RawSeries): SeriesLabels {
  return toObject(labels);
}

/** What comes last of a series: its samples, or its one sample. */
export function lastOf<Value = readonly RawSample[]>(series: RawSeries): Value {
  return series.at(-1) as Value;
}

/** Reads the samples alone. */
export const samples = seriesBy((series) => toSamples(lastOf(series)));

/** Reads the samples of several aggregations alone. */
export const multiSamples = seriesBy((series) => toMultiSamples(lastOf(series)));

/** Reads the samples of groups. */
export const groups = seriesBy((series) => ({ samples: toSamples(lastOf(series)) }));

/** Reads labels and samples. */
export const labelled = seriesBy((series) => ({
  labels: labelsOf(series),
  samples: toSamples(lastOf(series)),
}));

/** Reads labels and samples of several aggregations. */
export const labelledMulti = seriesBy((series) => ({
  labels: labelsOf(series),
  samples: toMultiSamples(lastOf(series)),
}));

/** Reads groups with what they were made of. RESP2 hides that behind two labels of its own, joined by commas. */
export const grouped = seriesBy((series, protocol): GroupedSamples => {
  const labels = labelsOf(series);
  const samples = toSamples(lastOf(series));
  if (protocol === 3) {
    const { sources } = toObject<string[]>(series[2] as Mapping);
    return { labels, sources: sources as string[], samples };
  }
  const { __reducer__, __source__, ...own } = labels;
  return { labels: own, sources: String(__source__).split(","), samples };
});

import type { OneOrMore } from "../argument.ts";
import { type Command, command, spec } from "../command.ts";
import type { MultiSample, Sample, Timestamp } from "./time-series-sample.ts";
import {
  type ExcludeEmpty,
  type GroupBy,
  type GroupedSamples,
  grouped,
  groups,
  type LabelledMultiSamples,
  type LabelledSamples,
  labelled,
  labelledMulti,
  multiSamples,
  queryArguments,
  samples,
} from "./time-series-series.ts";
import type { RangeMultiOptions, RangeOptions } from "./time-series-window.ts";

/** The ranges over several series backwards. */

const MREVRANGE = spec("TS.MREVRANGE", { keys: null, readonly: true });

/** The samples of all series that the filter finds, the newest first. */
export function mRevRange(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  options?: RangeOptions & ExcludeEmpty,
): Command<Record<string, Sample[]>> {
  return command(MREVRANGE, queryArguments(MREVRANGE, { from, to, filter, options }), samples);
}

/** {@link mRevRange} of groups. */
export function mRevRangeGroupBy(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  groupBy: GroupBy,
  options?: RangeOptions,
): Command<Record<string, { readonly samples: Sample[] }>> {
  return command(MREVRANGE, queryArguments(MREVRANGE, { from, to, filter, options, groupBy }), groups);
}

/** {@link mRevRange} of several aggregations. */
export function mRevRangeMultiAggr(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  options: RangeMultiOptions & ExcludeEmpty,
): Command<Record<string, MultiSample[]>> {
  return command(MREVRANGE, queryArguments(MREVRANGE, { from, to, filter, options }), multiSamples);
}

/** {@link mRevRange} with some labels. */
export function mRevRangeSelectedLabels(
  from: Timestamp,
  to: Timestamp,
  labels: OneOrMore,
  filter: OneOrMore,
  options?: RangeOptions & ExcludeEmpty,
): Command<Record<string, LabelledSamples>> {
  return command(MREVRANGE, queryArguments(MREVRANGE, { from, to, filter, options, labels }), labelled);
}

/** {@link mRevRange} of groups with some labels. */
export function mRevRangeSelectedLabelsGroupBy(
  from: Timestamp,
  to: Timestamp,
  labels: OneOrMore,
  filter: OneOrMore,
  groupBy: GroupBy,
  options?: RangeOptions,
): Command<Record<string, LabelledSamples>> {
  return command(
    MREVRANGE,
    queryArguments(MREVRANGE, { from, to, filter, options, labels, groupBy }),
    labelled,
  );
}

/** {@link mRevRange} of several aggregations with some labels. */
export function mRevRangeSelectedLabelsMultiAggr(
  from: Timestamp,
  to: Timestamp,
  labels: OneOrMore,
  filter: OneOrMore,
  options: RangeMultiOptions & ExcludeEmpty,
): Command<Record<string, LabelledMultiSamples>> {
  return command(MREVRANGE, queryArguments(MREVRANGE, { from, to, filter, options, labels }), labelledMulti);
}

/** {@link mRevRange} with all labels. */
export function mRevRangeWithLabels(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  options?: RangeOptions & ExcludeEmpty,
): Command<Record<string, LabelledSamples>> {
  return command(
    MREVRANGE,
    queryArguments(MREVRANGE, { from, to, filter, options, withLabels: true }),
    labelled,
  );
}

/** {@link mRevRange} of groups with all labels, and the keys that they were made of. */
export function mRevRangeWithLabelsGroupBy(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  groupBy: GroupBy,
  options?: RangeOptions,
): Command<Record<string, GroupedSamples>> {
  return command(
    MREVRANGE,
    queryArguments(MREVRANGE, { from, to, filter, options, withLabels: true, groupBy }),
    grouped,
  );
}

/** {@link mRevRange} of several aggregations with all labels. */
export function mRevRangeWithLabelsMultiAggr(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  options: RangeMultiOptions & ExcludeEmpty,
): Command<Record<string, LabelledMultiSamples>> {
  return command(
    MREVRANGE,
    queryArguments(MREVRANGE, { from, to, filter, options, withLabels: true }),
    labelledMulti,
  );
}

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

/** Ranges over several series at once, found by their labels. Answers are by key, or by `label=value` of the group. */

const MRANGE = spec("TS.MRANGE", { keys: null, readonly: true });

/** The samples of all series that the filter finds. */
export function mRange(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  options?: RangeOptions & ExcludeEmpty,
): Command<Record<string, Sample[]>> {
  return command(MRANGE, queryArguments(MRANGE, { from, to, filter, options }), samples);
}

/** {@link mRange} of groups. */
export function mRangeGroupBy(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  groupBy: GroupBy,
  options?: RangeOptions,
): Command<Record<string, { readonly samples: Sample[] }>> {
  return command(MRANGE, queryArguments(MRANGE, { from, to, filter, options, groupBy }), groups);
}

/** {@link mRange} of several aggregations. */
export function mRangeMultiAggr(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  options: RangeMultiOptions & ExcludeEmpty,
): Command<Record<string, MultiSample[]>> {
  return command(MRANGE, queryArguments(MRANGE, { from, to, filter, options }), multiSamples);
}

/** {@link mRange} with some labels. */
export function mRangeSelectedLabels(
  from: Timestamp,
  to: Timestamp,
  labels: OneOrMore,
  filter: OneOrMore,
  options?: RangeOptions & ExcludeEmpty,
): Command<Record<string, LabelledSamples>> {
  return command(MRANGE, queryArguments(MRANGE, { from, to, filter, options, labels }), labelled);
}

/** {@link mRange} of groups with some labels. */
export function mRangeSelectedLabelsGroupBy(
  from: Timestamp,
  to: Timestamp,
  labels: OneOrMore,
  filter: OneOrMore,
  groupBy: GroupBy,
  options?: RangeOptions,
): Command<Record<string, LabelledSamples>> {
  return command(MRANGE, queryArguments(MRANGE, { from, to, filter, options, labels, groupBy }), labelled);
}

/** {@link mRange} of several aggregations with some labels. */
export function mRangeSelectedLabelsMultiAggr(
  from: Timestamp,
  to: Timestamp,
  labels: OneOrMore,
  filter: OneOrMore,
  options: RangeMultiOptions & ExcludeEmpty,
): Command<Record<string, LabelledMultiSamples>> {
  return command(MRANGE, queryArguments(MRANGE, { from, to, filter, options, labels }), labelledMulti);
}

/** {@link mRange} with all labels. */
export function mRangeWithLabels(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  options?: RangeOptions & ExcludeEmpty,
): Command<Record<string, LabelledSamples>> {
  return command(MRANGE, queryArguments(MRANGE, { from, to, filter, options, withLabels: true }), labelled);
}

/** {@link mRange} of groups with all labels, and the keys that they were made of. */
export function mRangeWithLabelsGroupBy(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  groupBy: GroupBy,
  options?: RangeOptions,
): Command<Record<string, GroupedSamples>> {
  return command(
    MRANGE,
    queryArguments(MRANGE, { from, to, filter, options, withLabels: true, groupBy }),
    grouped,
  );
}

/** {@link mRange} of several aggregations with all labels. */
export function mRangeWithLabelsMultiAggr(
  from: Timestamp,
  to: Timestamp,
  filter: OneOrMore,
  options: RangeMultiOptions & ExcludeEmpty,
): Command<Record<string, LabelledMultiSamples>> {
  return command(
    MRANGE,
    queryArguments(MRANGE, { from, to, filter, options, withLabels: true }),
    labelledMulti,
  );
}

import type { OneOrMore } from "../argument.ts";
import { type Command, type CommandSpec, command } from "../command.ts";
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

/**
 * Ranges over several series at once, found by their labels. Answers are by key, or by `label=value` of the group.
 * @param of `TS.MRANGE` or `TS.MREVRANGE`, which differ in the direction only
 */
export function multiRange(of: CommandSpec) {
  return {
    /** The samples of all series that the filter finds. */
    plain: (
      from: Timestamp,
      to: Timestamp,
      filter: OneOrMore,
      options?: RangeOptions & ExcludeEmpty,
    ): Command<Record<string, Sample[]>> => {
      return command(of, queryArguments(of, { from, to, filter, options }), samples);
    },

    /** `plain` of groups. */
    groupBy: (
      from: Timestamp,
      to: Timestamp,
      filter: OneOrMore,
      groupBy: GroupBy,
      options?: RangeOptions,
    ): Command<Record<string, { readonly samples: Sample[] }>> => {
      return command(of, queryArguments(of, { from, to, filter, options, groupBy }), groups);
    },

    /** `plain` of several aggregations. */
    multiAggr: (
      from: Timestamp,
      to: Timestamp,
      filter: OneOrMore,
      options: RangeMultiOptions & ExcludeEmpty,
    ): Command<Record<string, MultiSample[]>> => {
      return command(of, queryArguments(of, { from, to, filter, options }), multiSamples);
    },

    /** `plain` with some labels. */
    selectedLabels: (
      from: Timestamp,
      to: Timestamp,
      labels: OneOrMore,
      filter: OneOrMore,
      options?: RangeOptions & ExcludeEmpty,
    ): Command<Record<string, LabelledSamples>> => {
      return command(of, queryArguments(of, { from, to, filter, options, labels }), labelled);
    },

    /** `plain` of groups with some labels. */
    selectedLabelsGroupBy: (
      from: Timestamp,
      to: Timestamp,
      labels: OneOrMore,
      filter: OneOrMore,
      groupBy: GroupBy,
      options?: RangeOptions,
    ): Command<Record<string, LabelledSamples>> => {
      return command(of, queryArguments(of, { from, to, filter, options, labels, groupBy }), labelled);
    },

    /** `plain` of several aggregations with some labels. */
    selectedLabelsMultiAggr: (
      from: Timestamp,
      to: Timestamp,
      labels: OneOrMore,
      filter: OneOrMore,
      options: RangeMultiOptions & ExcludeEmpty,
    ): Command<Record<string, LabelledMultiSamples>> => {
      return command(of, queryArguments(of, { from, to, filter, options, labels }), labelledMulti);
    },

    /** `plain` with all labels. */
    withLabels: (
      from: Timestamp,
      to: Timestamp,
      filter: OneOrMore,
      options?: RangeOptions & ExcludeEmpty,
    ): Command<Record<string, LabelledSamples>> => {
      return command(of, queryArguments(of, { from, to, filter, options, withLabels: true }), labelled);
    },

    /** `plain` of groups with all labels, and the keys that they were made of. */
    withLabelsGroupBy: (
      from: Timestamp,
      to: Timestamp,
      filter: OneOrMore,
      groupBy: GroupBy,
      options?: RangeOptions,
    ): Command<Record<string, GroupedSamples>> => {
      return command(
        of,
        queryArguments(of, { from, to, filter, options, withLabels: true, groupBy }),
        grouped,
      );
    },

    /** `plain` of several aggregations with all labels. */
    withLabelsMultiAggr: (
      from: Timestamp,
      to: Timestamp,
      filter: OneOrMore,
      options: RangeMultiOptions & ExcludeEmpty,
    ): Command<Record<string, LabelledMultiSamples>> => {
      return command(of, queryArguments(of, { from, to, filter, options, withLabels: true }), labelledMulti);
    },
  };
}

import { spec } from "../command.ts";
import { multiRange } from "./time-series-multi-range.ts";

/** Ranges over several series at once. */

const ranges = multiRange(spec("TS.MRANGE", { keys: null, readonly: true }));

/** The samples of all series that the filter finds. */
export const mRange: typeof ranges.plain = ranges.plain;

/** {@link mRange} of groups. */
export const mRangeGroupBy: typeof ranges.groupBy = ranges.groupBy;

/** {@link mRange} of several aggregations. */
export const mRangeMultiAggr: typeof ranges.multiAggr = ranges.multiAggr;

/** {@link mRange} with some labels. */
export const mRangeSelectedLabels: typeof ranges.selectedLabels = ranges.selectedLabels;

/** {@link mRange} of groups with some labels. */
export const mRangeSelectedLabelsGroupBy: typeof ranges.selectedLabelsGroupBy = ranges.selectedLabelsGroupBy;

/** {@link mRange} of several aggregations with some labels. */
export const mRangeSelectedLabelsMultiAggr: typeof ranges.selectedLabelsMultiAggr =
  ranges.selectedLabelsMultiAggr;

/** {@link mRange} with all labels. */
export const mRangeWithLabels: typeof ranges.withLabels = ranges.withLabels;

/** {@link mRange} of groups with all labels, and the keys that they were made of. */
export const mRangeWithLabelsGroupBy: typeof ranges.withLabelsGroupBy = ranges.withLabelsGroupBy;

/** {@link mRange} of several aggregations with all labels. */
export const mRangeWithLabelsMultiAggr: typeof ranges.withLabelsMultiAggr = ranges.withLabelsMultiAggr;

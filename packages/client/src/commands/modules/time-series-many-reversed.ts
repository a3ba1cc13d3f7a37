import { spec } from "../command.ts";
import { multiRange } from "./time-series-multi-range.ts";

/** The ranges over several series backwards. */

const ranges = multiRange(spec("TS.MREVRANGE", { keys: null, readonly: true }));

/** The samples of all series that the filter finds, the newest first. */
export const mRevRange: typeof ranges.plain = ranges.plain;

/** {@link mRevRange} of groups. */
export const mRevRangeGroupBy: typeof ranges.groupBy = ranges.groupBy;

/** {@link mRevRange} of several aggregations. */
export const mRevRangeMultiAggr: typeof ranges.multiAggr = ranges.multiAggr;

/** {@link mRevRange} with some labels. */
export const mRevRangeSelectedLabels: typeof ranges.selectedLabels = ranges.selectedLabels;

/** {@link mRevRange} of groups with some labels. */
export const mRevRangeSelectedLabelsGroupBy: typeof ranges.selectedLabelsGroupBy =
  ranges.selectedLabelsGroupBy;

/** {@link mRevRange} of several aggregations with some labels. */
export const mRevRangeSelectedLabelsMultiAggr: typeof ranges.selectedLabelsMultiAggr =
  ranges.selectedLabelsMultiAggr;

/** {@link mRevRange} with all labels. */
export const mRevRangeWithLabels: typeof ranges.withLabels = ranges.withLabels;

/** {@link mRevRange} of groups with all labels, and the keys that they were made of. */
export const mRevRangeWithLabelsGroupBy: typeof ranges.withLabelsGroupBy = ranges.withLabelsGroupBy;

/** {@link mRevRange} of several aggregations with all labels. */
export const mRevRangeWithLabelsMultiAggr: typeof ranges.withLabelsMultiAggr = ranges.withLabelsMultiAggr;

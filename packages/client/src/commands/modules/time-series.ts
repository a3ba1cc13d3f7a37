/** Time series: `client.ts`. */
export * from "./time-series-info.ts";
export * from "./time-series-latest.ts";
export * from "./time-series-many.ts";
export * from "./time-series-many-reversed.ts";
export * from "./time-series-range.ts";
export type { AggregationType, Labels, MultiSample, Sample, Timestamp } from "./time-series-sample.ts";
export type {
  GroupBy,
  GroupedSamples,
  LabelledMultiSamples,
  LabelledSamples,
  SeriesLabels,
} from "./time-series-series.ts";
export type { NRangeOptions, RangeMultiOptions, RangeOptions } from "./time-series-window.ts";
export * from "./time-series-write.ts";

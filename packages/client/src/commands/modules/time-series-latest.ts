import type { OneOrMore } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { filterArguments, type RawSample, type Sample, toSampleOrNull } from "./time-series-sample.ts";
import { labelsOf, lastOf, type SeriesLabels, selectedLabels, seriesBy } from "./time-series-series.ts";

/** The last sample of a time series, or of several that are found by their labels. */

const GET = spec("TS.GET", { readonly: true });
const MGET = spec("TS.MGET", { keys: null, readonly: true });

/** Options of the commands for last samples. */
export interface TsGetOptions {
  /** Of a compacted series, also what is not complete yet. */
  readonly LATEST?: boolean | undefined;
}

/** The last sample of a series; null when it has none. */
export interface LatestSample {
  readonly sample: Sample | null;
}

/** {@link LatestSample} with labels. */
export interface LabelledSample extends LatestSample {
  readonly labels: SeriesLabels;
}

/** The last sample of a series; null when it has none. */
export function get(key: RedisArgument, options: TsGetOptions = {}): Command<Sample | null> {
  return command(GET, options.LATEST ? [key, "LATEST"] : [key], toSampleOrNull);
}

/** The last samples of all series that the filter finds, by key. */
export function mGet(filter: OneOrMore, options?: TsGetOptions): Command<Record<string, LatestSample>> {
  return command(MGET, [...latest(options), ...filterArguments(MGET, filter)], toLatest);
}

/** {@link mGet} with all labels. */
export function mGetWithLabels(
  filter: OneOrMore,
  options?: TsGetOptions,
): Command<Record<string, LabelledSample>> {
  const args = [...latest(options), "WITHLABELS", ...filterArguments(MGET, filter)];
  return command(MGET, args, toLabelled);
}

/** {@link mGet} with some labels. */
export function mGetSelectedLabels(
  filter: OneOrMore,
  labels: OneOrMore,
  options?: TsGetOptions,
): Command<Record<string, LabelledSample>> {
  const args = [...latest(options), ...selectedLabels(MGET, labels), ...filterArguments(MGET, filter)];
  return command(MGET, args, toLabelled);
}

const toLatest = seriesBy((series) => ({ sample: toSampleOrNull(lastOf<RawSample>(series)) }));

const toLabelled = seriesBy((series) => ({
  labels: labelsOf(series),
  sample: toSampleOrNull(lastOf<RawSample>(series)),
}));

function latest({ LATEST }: TsGetOptions = {}): RedisArgument[] {
  return LATEST ? ["LATEST"] : [];
}

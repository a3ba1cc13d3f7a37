import { type OneOrMore, several } from "../argument.ts";
import type { CommandSpec, RedisArgument } from "../command.ts";
import { type Double, toNumber, toNumbers } from "../decode.ts";

/** What the commands of time series have in common: times, samples, labels. */

/** Milliseconds since 1970, a date, or a word: `*` now, `-` and `+` the ends. */
export type Timestamp = number | Date | string;

/** A value and its time. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly value: number;
}

/** Several values of one time: one for each aggregation. */
export interface MultiSample {
  readonly timestamp: number;
  readonly values: number[];
}

/** Names and values by which series are found. */
export type Labels = Readonly<Record<string, RedisArgument>>;

/** How values become one. */
export type AggregationType =
  | "AVG"
  | "FIRST"
  | "LAST"
  | "MIN"
  | "MAX"
  | "SUM"
  | "RANGE"
  | "COUNT"
  | "COUNTNAN"
  | "COUNTALL"
  | "STD.P"
  | "STD.S"
  | "VAR.P"
  | "VAR.S"
  | "TWA";

/** A sample as it comes. */
export type RawSample = readonly [timestamp: number, ...values: Double[]];

/** A time as an argument. */
export function asTimestamp(time: Timestamp): RedisArgument {
  return time instanceof Date ? time.getTime() : time;
}

/** Labels as arguments, or nothing. */
export function labelArguments(labels: Labels | undefined): RedisArgument[] {
  return labels === undefined ? [] : ["LABELS", ...Object.entries(labels).flat()];
}

/** Filters such as `area=london` as arguments. */
export function filterArguments(of: CommandSpec, filter: OneOrMore): RedisArgument[] {
  return ["FILTER", ...several(of, "filter", filter)];
}

/** Reads a sample. */
export function toSample([timestamp, value]: RawSample): Sample {
  return { timestamp, value: toNumber(value as Double) };
}

/** Reads a sample, or null from an empty list. */
export function toSampleOrNull(reply: RawSample | readonly []): Sample | null {
  return reply.length === 0 ? null : toSample(reply as RawSample);
}

/** Reads samples. */
export function toSamples(reply: readonly RawSample[]): Sample[] {
  return reply.map(toSample);
}

/** Reads samples of several values. */
export function toMultiSamples(reply: readonly RawSample[]): MultiSample[] {
  return reply.map(([timestamp, ...values]) => ({ timestamp, values: toNumbers(values) }));
}

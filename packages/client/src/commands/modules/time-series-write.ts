import { type OneOrMore, several } from "../argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "../command.ts";
import { keysFrom } from "../keys.ts";
import {
  type AggregationType,
  asTimestamp,
  type Labels,
  labelArguments,
  type Timestamp,
} from "./time-series-sample.ts";

/** Making time series and adding to them. */

const ADD = spec("TS.ADD");
const ALTER = spec("TS.ALTER");
const CREATE = spec("TS.CREATE");
const CREATERULE = spec("TS.CREATERULE", { keys: keysFrom(0, 1) });
const DECRBY = spec("TS.DECRBY");
const DEL = spec("TS.DEL");
const DELETERULE = spec("TS.DELETERULE", { keys: keysFrom(0, 1) });
const INCRBY = spec("TS.INCRBY");
const MADD = spec("TS.MADD", { keys: keysFrom(0, -1, 3) });

/** What to do with a second sample at the same time. */
export type DuplicatePolicy = "BLOCK" | "FIRST" | "LAST" | "MIN" | "MAX" | "SUM";

/** How a series is kept. */
export interface TsAlterOptions {
  /** How old samples may be, milliseconds; 0: any age. */
  readonly RETENTION?: number | undefined;
  /** Bytes. */
  readonly CHUNK_SIZE?: number | undefined;
  readonly DUPLICATE_POLICY?: DuplicatePolicy | undefined;
  readonly LABELS?: Labels | undefined;
  /** Ignore samples that differ so little from the last. */
  readonly IGNORE?: { readonly maxTimeDiff: number; readonly maxValDiff: number } | undefined;
}

/** Options of {@link create}. */
export interface TsCreateOptions extends TsAlterOptions {
  readonly ENCODING?: "COMPRESSED" | "UNCOMPRESSED" | undefined;
}

/** Options of {@link add}; they count when it makes the series. */
export interface TsAddOptions extends Omit<TsCreateOptions, "DUPLICATE_POLICY"> {
  /** For this sample only. */
  readonly ON_DUPLICATE?: DuplicatePolicy | undefined;
}

/** Options of {@link incrBy} and {@link decrBy}; they count when it makes the series. */
export interface TsIncrByOptions extends Omit<TsAlterOptions, "DUPLICATE_POLICY"> {
  /** Default: now. */
  readonly TIMESTAMP?: Timestamp | undefined;
  readonly UNCOMPRESSED?: boolean | undefined;
}

/** A sample for a series. */
export interface TsSampleToAdd {
  readonly key: RedisArgument;
  readonly timestamp: Timestamp;
  readonly value: number;
}

/** Adds a sample, making the series if need be; answers its time. */
export function add(
  key: RedisArgument,
  timestamp: Timestamp,
  value: number,
  options: TsAddOptions = {},
): Command<number> {
  const { RETENTION, ENCODING, CHUNK_SIZE, ON_DUPLICATE, LABELS, IGNORE } = options;
  return command(ADD, [
    key,
    asTimestamp(timestamp),
    value,
    ...named({ RETENTION, ENCODING, CHUNK_SIZE, ON_DUPLICATE }),
    ...labelArguments(LABELS),
    ...ignore(IGNORE),
  ]);
}

/** Changes how a series is kept. */
export function alter(key: RedisArgument, options: TsAlterOptions = {}): Command<"OK"> {
  return command(ALTER, [key, ...kept(options)]);
}

/** Makes a series. */
export function create(key: RedisArgument, options: TsCreateOptions = {}): Command<"OK"> {
  return command(CREATE, [key, ...kept(options)]);
}

/** Keeps another series of the aggregated samples of one, in buckets of so many milliseconds. */
export function createRule(
  sourceKey: RedisArgument,
  destinationKey: RedisArgument,
  aggregationType: AggregationType,
  bucketDuration: number,
  alignTimestamp?: number,
): Command<"OK"> {
  const args = [sourceKey, destinationKey, "AGGREGATION", aggregationType, bucketDuration];
  return command(CREATERULE, alignTimestamp === undefined ? args : [...args, alignTimestamp]);
}

/** {@link incrBy} downwards. */
export function decrBy(key: RedisArgument, value: number, options?: TsIncrByOptions): Command<number> {
  return changed(DECRBY, key, value, options);
}

/** Deletes the samples from one time to another, both included; answers how many. */
export function del(key: RedisArgument, from: Timestamp, to: Timestamp): Command<number> {
  return command(DEL, [key, asTimestamp(from), asTimestamp(to)]);
}

/** Ends what {@link createRule} began. */
export function deleteRule(sourceKey: RedisArgument, destinationKey: RedisArgument): Command<"OK"> {
  return command(DELETERULE, [sourceKey, destinationKey]);
}

/** Adds a sample that is so much more than the last; answers its time. */
export function incrBy(key: RedisArgument, value: number, options?: TsIncrByOptions): Command<number> {
  return changed(INCRBY, key, value, options);
}

/** Adds samples to existing series; answers their times, with an error in the place of each that failed. */
export function mAdd(toAdd: OneOrMore<TsSampleToAdd>): Command<(number | Error)[]> {
  return command(
    MADD,
    several(MADD, "toAdd", toAdd).flatMap(({ key, timestamp, value }) => [
      key,
      asTimestamp(timestamp),
      value,
    ]),
  );
}

function changed(
  of: CommandSpec,
  key: RedisArgument,
  value: number,
  options: TsIncrByOptions = {},
): Command<number> {
  const { TIMESTAMP, RETENTION, UNCOMPRESSED, CHUNK_SIZE, LABELS, IGNORE } = options;
  const args = [key, value];
  if (TIMESTAMP !== undefined) args.push("TIMESTAMP", asTimestamp(TIMESTAMP));
  args.push(...named({ RETENTION }));
  if (UNCOMPRESSED) args.push("UNCOMPRESSED");
  args.push(...named({ CHUNK_SIZE }), ...labelArguments(LABELS), ...ignore(IGNORE));
  return command(of, args);
}

function kept(options: TsCreateOptions): RedisArgument[] {
  const { RETENTION, ENCODING, CHUNK_SIZE, DUPLICATE_POLICY, LABELS, IGNORE } = options;
  return [
    ...named({ RETENTION, ENCODING, CHUNK_SIZE, DUPLICATE_POLICY }),
    ...labelArguments(LABELS),
    ...ignore(IGNORE),
  ];
}

function named(options: Readonly<Record<string, RedisArgument | undefined>>): RedisArgument[] {
  const args: RedisArgument[] = [];
  for (const [name, value] of Object.entries(options)) if (value !== undefined) args.push(name, value);
  return args;
}

function ignore(options: TsAlterOptions["IGNORE"]): RedisArgument[] {
  return options === undefined ? [] : ["IGNORE", options.maxTimeDiff, options.maxValDiff];
}

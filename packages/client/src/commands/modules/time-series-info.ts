import { type OneOrMore, several } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { type Double, type Mapping, toNumber, toObject } from "../decode.ts";
import { filterArguments } from "./time-series-sample.ts";

/** What there is to know of time series, and which there are. */

const INFO = spec("TS.INFO", { readonly: true, shape: "object" });
const QUERYINDEX = spec("TS.QUERYINDEX", { keys: null, readonly: true });
const QUERYLABELS = spec("TS.QUERYLABELS", { keys: null, readonly: true });

/** What there is to know of a series. */
export interface TsInfo {
  readonly totalSamples: number;
  /** Bytes. */
  readonly memoryUsage: number;
  readonly firstTimestamp: number;
  readonly lastTimestamp: number;
  /** Milliseconds. */
  readonly retentionTime: number;
  readonly chunkCount: number;
  readonly chunkSize: number;
  readonly chunkType: string;
  readonly duplicatePolicy: string | null;
  readonly labels: { readonly name: string; readonly value: string }[];
  readonly sourceKey: string | null;
  /** The series that are kept of this one. */
  readonly rules: {
    readonly key: string;
    readonly timeBucket: number;
    readonly aggregationType: string;
  }[];
  readonly ignoreMaxTimeDiff?: number;
  readonly ignoreMaxValDiff?: number;
}

/** {@link TsInfo} with how its samples are kept. */
export interface TsInfoDebug extends TsInfo {
  readonly keySelfName: string;
  readonly chunks: {
    readonly startTimestamp: number;
    readonly endTimestamp: number;
    readonly samples: number;
    readonly size: number;
    readonly bytesPerSample: string;
  }[];
}

/** What there is to know of a series. */
export function info(key: RedisArgument): Command<TsInfo> {
  return command(INFO, [key], toInfo);
}

/** {@link info} with how its samples are kept. */
export function infoDebug(key: RedisArgument): Command<TsInfoDebug> {
  return command(INFO, [key, "DEBUG"], (reply: RawInfo) => {
    const { Chunks, ...more } = toInfo(reply) as TsInfo & { readonly Chunks: readonly Mapping[] };
    const chunks = Chunks.map((each) => {
      const chunk = toObject(each);
      return { ...chunk, bytesPerSample: String(chunk["bytesPerSample"]) };
    });
    return { ...more, chunks } as unknown as TsInfoDebug;
  });
}

/** The keys of all series that the filter finds. */
export function queryIndex(filter: OneOrMore): Command<string[]> {
  return command(QUERYINDEX, [...several(QUERYINDEX, "filter", filter)]);
}

/** The names of all labels, of the series that the filter finds. Redis 8.8. */
export function queryLabels(filter?: OneOrMore): Command<string[]> {
  return command(QUERYLABELS, ["LABELS", ...found(filter)]);
}

/** The values of a label, of the series that the filter finds. Redis 8.8. */
export function queryLabelValues(label: RedisArgument, filter?: OneOrMore): Command<string[]> {
  return command(QUERYLABELS, ["VALUES", label, ...found(filter)]);
}

function found(filter: OneOrMore | undefined): RedisArgument[] {
  return filter === undefined ? [] : filterArguments(QUERYLABELS, filter);
}

type RawInfo = Record<string, unknown>;

/** Labels and rules are lists of lists in RESP2, Maps in RESP3. */
function toInfo(reply: RawInfo): TsInfo {
  const rules = entriesOf(reply["rules"] as Mapping | undefined);
  const difference = reply["ignoreMaxValDiff"] as Double | undefined;
  return {
    ...reply,
    labels: entriesOf(reply["labels"] as Mapping | undefined).map(([name, value]) => ({ name, value })),
    rules: rules.map(([key, ...more]) => {
      const [timeBucket, aggregationType] = Array.isArray(more[0]) ? more[0] : more;
      return { key, timeBucket, aggregationType };
    }),
    ...(difference !== undefined && { ignoreMaxValDiff: toNumber(difference) }),
  } as unknown as TsInfo;
}

function entriesOf(reply: Mapping | undefined): readonly (readonly unknown[])[] {
  return Array.from((reply ?? []) as Iterable<readonly unknown[]>);
}

import { type Command, command, spec } from "./command.ts";
import { type Mapping, toObject } from "./decode.ts";

const LATENCY_DOCTOR = spec("LATENCY DOCTOR", { keys: null });
const LATENCY_GRAPH = spec("LATENCY GRAPH", { keys: null });
const LATENCY_HISTOGRAM = spec("LATENCY HISTOGRAM", { keys: null, shape: "object" });
const LATENCY_HISTORY = spec("LATENCY HISTORY", { keys: null });
const LATENCY_LATEST = spec("LATENCY LATEST", { keys: null });
const LATENCY_RESET = spec("LATENCY RESET", { keys: null });

/** What the latency monitor watches. */
export type LatencyEvent =
  | "active-defrag-cycle"
  | "aof-fstat"
  | "aof-fsync-always"
  | "aof-stat"
  | "aof-rewrite-diff-write"
  | "aof-rename"
  | "aof-write"
  | "aof-write-active-child"
  | "aof-write-alone"
  | "aof-write-pending-fsync"
  | "command"
  | "expire-cycle"
  | "eviction-cycle"
  | "eviction-del"
  | "eviction-lazyfree"
  | "fast-command"
  | "fork"
  | "rdb-unlink-temp-file"
  | "while-blocked-cron";

/** Calls of a command, and how many took at most so many microseconds. */
export interface LatencyHistogram {
  readonly calls: number;
  readonly histogram_usec: Record<string, number>;
}

/** Advice about latency, in words. */
export function latencyDoctor(): Command<string> {
  return command(LATENCY_DOCTOR, []);
}

/** A drawing of an event's latencies. */
export function latencyGraph(event: LatencyEvent): Command<string> {
  return command(LATENCY_GRAPH, [event]);
}

/** How long commands take, by name; all of them when none is named. */
export function latencyHistogram(...commands: string[]): Command<Record<string, LatencyHistogram>> {
  return command(LATENCY_HISTOGRAM, commands, (reply: Record<string, Mapping>) => {
    const histograms: Record<string, LatencyHistogram> = Object.create(null);
    for (const name of Object.keys(reply)) histograms[name] = toHistogram(reply[name] as Mapping);
    return histograms;
  });
}

/** Times and latencies of an event: Unix time in seconds, milliseconds. */
export function latencyHistory(event: LatencyEvent): Command<[timestamp: number, latency: number][]> {
  return command(LATENCY_HISTORY, [event]);
}

/** The latest latency of each event: its name, Unix time in seconds, milliseconds now, milliseconds at worst. */
export function latencyLatest(): Command<
  [name: string, timestamp: number, latestLatency: number, allTimeLatency: number][]
> {
  return command(LATENCY_LATEST, []);
}

/** Forgets the latencies of events, of all when none is named; answers of how many. */
export function latencyReset(...events: LatencyEvent[]): Command<number> {
  return command(LATENCY_RESET, events);
}

function toHistogram(reply: Mapping): LatencyHistogram {
  const { calls, histogram_usec } = toObject(reply);
  return { calls: calls as number, histogram_usec: toObject<number>(histogram_usec as Mapping) };
}

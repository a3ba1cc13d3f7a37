import { availableParallelism } from "node:os";
import { busyPart } from "./busy.ts";
import { lineup, rawSocket } from "./clients/lineup.ts";
import { isDisturbed, type Measurement, type Profile, type Result, type Transport } from "./measurement.ts";
import { median } from "./probes/quantile.ts";
import type { Shape } from "./shapes/shape.ts";
import { shapes } from "./shapes/table.ts";

/** The medians of one participant in one row. */
export interface Summary extends Measurement {
  readonly contender: string;
  readonly version: string;
  /** How far the rounds lie apart, as a part of the median. */
  readonly spread: number;
}

/** One row: everybody in one shape over one transport. */
export interface Row {
  readonly name: string;
  readonly shape: Shape;
  readonly transport: Transport;
  readonly all: readonly Summary[];
  /** Version of the Node that it was measured on, where that is not the one of all the others. */
  readonly node: string | null;
  /** Where Redoubt's time went, looked at after it had been measured. */
  readonly profile?: Profile;
}

const figures = [
  "clientMicros",
  "clientCpus",
  "serverCpus",
  "allServersCpus",
  "otherCpus",
  "residentMiB",
  "p50Micros",
  "p99Micros",
  "loopP99Millis",
  "retainedKiB",
] as const;

/** All results of one shape over one transport: medians over the rounds, participants in the order of their first result. */
export function summarise(results: readonly [Result, ...Result[]], node: string | null): Row {
  const [{ shape, transport }] = results;
  const names = [...new Set(results.map(({ contender }) => contender))];
  const all = names.map((name) => medians(results.filter(({ contender }) => contender === name)));
  return { name: shape, shape: shapes[shape] as Shape, transport, all, node };
}

/** Of what was disturbed nothing is used, as long as there is something else. */
function medians(all: readonly Result[]): Summary {
  const [{ contender, version }] = all as [Result];
  const undisturbed = all.filter((result) => !isDisturbed(result));
  const results = undisturbed.length > 0 ? undisturbed : all;
  const values = results.map(({ value }) => value);
  const value = median(values);
  const others = figures.flatMap((name) => {
    const known = results.flatMap((result) => result[name] ?? []);
    return known.length === 0 ? [] : [[name, median(known)] as const];
  });
  const spread = (Math.max(...values) - Math.min(...values)) / value;
  const { profile } = results[0] as Result;
  return {
    contender,
    version,
    value,
    spread,
    ...(profile !== undefined && { profile }),
    ...Object.fromEntries(others),
  };
}

/** The best of the peers, in any of their settings. */
export function bestPeer(row: Row): Summary | undefined {
  const more = row.shape.better === "more";
  return peers(row).toSorted((a, b) => (more ? b.value - a.value : a.value - b.value))[0];
}

function peers({ all }: Row): Summary[] {
  return all.filter(({ contender }) => lineup[contender]?.peer === true);
}

/** How much better one is than another; above 1: better. */
export function ratio(
  { shape }: Pick<Row, "shape">,
  one: Measurement | undefined,
  other: Measurement | undefined,
): number | null {
  if (one === undefined || other === undefined) return null;
  return shape.better === "more" ? one.value / other.value : other.value / one.value;
}

export function find({ all }: Row, contender: string): Summary | undefined {
  return all.find((each) => each.contender === contender);
}

/** Redoubt in a row: against the best peer, against the bare socket, and what had to be reached. */
export interface Standing {
  readonly ours: Summary;
  readonly best: Summary | undefined;
  readonly overPeer: number | null;
  readonly ofRaw: number | null;
  /** CPU time per command of the thriftiest peer to ours: hardly blurred by others on the machine. */
  readonly overPeerCpu: number | null;
  /** Whether both goals are reached; null where there is none, or nothing to compare with. */
  readonly reached: boolean | null;
}

/** @returns null when Redoubt is not in the row */
export function standing(row: Row): Standing | null {
  const ours = find(row, "redoubt");
  if (ours === undefined) return null;
  const best = bestPeer(row);
  const overPeer = ratio(row, ours, best);
  const ofRaw = ratio(row, ours, find(row, rawSocket));
  const thriftiest = Math.min(
    ...peers(row).map(({ clientMicros = Number.POSITIVE_INFINITY }) => clientMicros),
  );
  const overPeerCpu =
    ours.clientMicros === undefined || !Number.isFinite(thriftiest) ? null : thriftiest / ours.clientMicros;
  const goal = row.shape.goal[row.transport];
  const verdicts = [
    [overPeer, goal.peer],
    [ofRaw, goal.raw],
  ].flatMap(([is, due]) => (is == null || due == null ? [] : is >= due));
  const reached = verdicts.length === 0 ? null : verdicts.every(Boolean);
  return { ours, best, overPeer, ofRaw, overPeerCpu, reached };
}

/** Who could do no more: whoever kept a core busy, or all together the machine. */
export function bottleneck({ clientCpus, serverCpus, allServersCpus = serverCpus }: Summary): string {
  if (clientCpus === undefined || serverCpus === undefined || Number.isNaN(serverCpus)) return "–";
  if (serverCpus >= busyPart && serverCpus >= clientCpus) return "server";
  if (clientCpus >= busyPart) return "client";
  return clientCpus + (allServersCpus ?? 0) >= busyPart * availableParallelism() ? "machine" : "latency";
}

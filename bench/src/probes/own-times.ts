import type { Profiler, Runtime } from "node:inspector/promises";
import { basename } from "node:path";
import type { Profile } from "../measurement.ts";

/** How many functions are named. */
const named = 20;

/** What a function belongs to, by its name and the file that it is in. */
export type Kind = readonly [kind: string, fits: (name: string, url: string) => boolean];

/** Kinds that every program of Node has; what belongs to none of them is its own. */
export const nodeKinds: readonly Kind[] = [
  ["garbage collector", (name) => name === "(garbage collector)"],
  ["native, on its own: reading, decrypting, the event loop", (name) => name === "(program)"],
  ["native, writing: encrypting, the kernel's send", (name, url) => url === "" && name.startsWith("write")],
  ["native, called: strings, memory, sockets", (_name, url) => url === ""],
  ["Node's JavaScript", (_name, url) => url.startsWith("node:")],
];

/** A span of the monotonic clock, µs, as samples of V8 are stamped. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Now, on the clock of samples: all processes of a machine have the same. */
export function sampleClock(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/**
 * Where the time of one or several processes went, in itself and not in what was called.
 * @param kinds the first that fits is it; the last one must fit all
 * @param span only samples from then. Default: all
 */
export function ownTimes(
  profiles: readonly Profiler.Profile[],
  kinds: readonly Kind[],
  span: Span = { from: 0, to: Number.POSITIVE_INFINITY },
): Profile {
  const busy = profiles.flatMap((profile) => framesIn(profile, span));
  const kindOf = ({ functionName, url }: Runtime.CallFrame): string =>
    (kinds.find(([, fits]) => fits(functionName, url)) as Kind)[0];
  return { kinds: shares(busy, kindOf), functions: shares(busy, nameOf).slice(0, named) };
}

/** Where a process was at each sample, when it was not idle. */
function framesIn(
  { nodes, samples = [], timeDeltas = [], startTime }: Profiler.Profile,
  { from, to }: Span,
): Runtime.CallFrame[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  let time = startTime;
  return samples.flatMap((id, i) => {
    time += timeDeltas[i] ?? 0;
    const frame = frames.get(id);
    return frame === undefined || frame.functionName === "(idle)" || time < from || time > to ? [] : frame;
  });
}

function nameOf({ functionName, url, lineNumber }: Runtime.CallFrame): string {
  const place = url === "" ? "" : ` ${basename(url)}:${lineNumber + 1}`;
  return `${functionName || "(anonymous)"}${place}`;
}

function shares(
  frames: readonly Runtime.CallFrame[],
  by: (frame: Runtime.CallFrame) => string,
): [string, number][] {
  const counts = new Map<string, number>();
  for (const frame of frames) counts.set(by(frame), (counts.get(by(frame)) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [name, (count / frames.length) * 100]);
}

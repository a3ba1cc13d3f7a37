import { type Profiler, type Runtime, Session } from "node:inspector/promises";
import { basename } from "node:path";
import type { Profile } from "../measurement.ts";

/** How often it is looked where the program is, µs. */
const interval = 200;

/** How many functions are named. */
const named = 20;

/** What a function belongs to, by its name and the file that it is in; the first that fits. */
const kinds: readonly (readonly [kind: string, fits: (name: string, url: string) => boolean])[] = [
  ["garbage collector", (name) => name === "(garbage collector)"],
  ["native, on its own: reading, decrypting, the event loop", (name) => name === "(program)"],
  ["native, writing: encrypting, the kernel's send", (name, url) => url === "" && name.startsWith("write")],
  ["native, called: strings, memory, sockets", (_name, url) => url === ""],
  ["Node's JavaScript", (_name, url) => url.startsWith("node:")],
  ["the caller", (_name, url) => url.includes("/bench/dist/")],
  ["the client", () => true],
];

/** What a profile tells shares of, in the order in which it is told. */
export const kindsOfWork: readonly string[] = kinds.map(([kind]) => kind);

/**
 * Begins to look where this process spends its time.
 *
 * @returns ends it, and tells
 */
export async function startProfile(): Promise<() => Promise<Profile>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval });
  await session.post("Profiler.start");
  return async () => {
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    return ownTimes(profile);
  };
}

function ownTimes({ nodes, samples = [] }: Profiler.Profile): Profile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const busy = samples
    .flatMap((id) => frames.get(id) ?? [])
    .filter(({ functionName }) => functionName !== "(idle)");
  const kindOf = ({ functionName, url }: Runtime.CallFrame): string =>
    (kinds.find(([, fits]) => fits(functionName, url)) as (typeof kinds)[0])[0];
  return { kinds: shares(busy, kindOf), functions: shares(busy, nameOf).slice(0, named) };
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

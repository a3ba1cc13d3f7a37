import { type Profiler, Session } from "node:inspector/promises";
import { basename } from "node:path";

/** How often it is looked where the program is, µs. */
const interval = 200;

/** How many functions are named. */
const named = 20;

/**
 * Begins to look where this process spends its time.
 *
 * @returns ends it; resolves with a line for each function with the most time of its own, as part of the time in which
 *   something was done
 */
export async function startProfile(): Promise<() => Promise<string[]>> {
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

function ownTimes({ nodes, samples = [] }: Profiler.Profile): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const counts = new Map<string, number>();
  let busy = 0;
  for (const id of samples) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === "(idle)") continue;
    busy++;
    const { functionName, url, lineNumber } = frame;
    const place = url === "" ? "" : ` ${basename(url)}:${lineNumber + 1}`;
    const name = `${functionName || "(anonymous)"}${place}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, named)
    .map(([name, count]) => `${((count / busy) * 100).toFixed(1).padStart(5)} % ${name}`);
}

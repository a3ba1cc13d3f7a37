import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

/** The part of V8's `.cpuprofile` that is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Ids of nodes, one for each sample. */
  readonly samples: readonly number[];
}

/** How many functions are named. */
const named = 25;

/**
 * Prints in which functions a process spent its time, for each profile of a folder in the order of the measurements, then
 * removes the folder.
 */
export function printProfiles(folder: string): void {
  for (const file of readdirSync(folder).sort()) {
    console.log(`\n${file}`);
    for (const line of ownTimes(JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile))
      console.log(`  ${line}`);
  }
  rmSync(folder, { recursive: true });
}

/** The functions with the most time of their own, as parts of the time in which something was done. */
function ownTimes({ nodes, samples }: CpuProfile): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const counts = new Map<string, number>();
  let busy = 0;
  for (const id of samples) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === "(idle)") continue;
    busy++;
    const { functionName, url, lineNumber } = frame;
    const name = `${functionName || "(anonymous)"}${url === "" ? "" : ` ${basename(url)}:${lineNumber + 1}`}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, named)
    .map(([name, count]) => `${((count / busy) * 100).toFixed(1).padStart(5)} % ${name}`);
}

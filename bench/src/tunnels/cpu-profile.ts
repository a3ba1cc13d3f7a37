import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { Profiler } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Profile } from "../measurement.ts";
import { type Kind, nodeKinds, ownTimes, type Span, sampleClock } from "../probes/own-times.ts";
import type { Ground, Start } from "./contender.ts";
import type { Program } from "./program.ts";

/** How often it is looked where each process is, µs. */
const interval = "500";

const kinds: readonly Kind[] = [...nodeKinds, ["the tunnel's JavaScript", () => true]];

/**
 * Starts one of ours once more, and looks where its processes spend their time under a load.
 * @returns null where it left no profile
 */
export async function profileUnder(
  start: Start,
  ground: Ground,
  load: (program: Program) => Promise<void>,
): Promise<Profile | null> {
  const folder = mkdtempSync(join(tmpdir(), "redoubt-profile-"));
  try {
    await using program = await start(ground, [
      "--cpu-prof",
      `--cpu-prof-dir=${folder}`,
      `--cpu-prof-interval=${interval}`,
    ]);
    const from = sampleClock();
    await load(program);
    const span: Span = { from, to: sampleClock() };
    await program.end();
    const profiles = readdirSync(folder).map(
      (name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Profiler.Profile,
    );
    const found = ownTimes(profiles, kinds, span);
    return found.kinds.length === 0 ? null : found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

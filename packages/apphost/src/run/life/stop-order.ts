import type { ResourceRun } from "./resource-run.ts";

/**
 * In which order resources are stopped: those first that need others. Runs of one group do not need each other, unless they
 * need each other mutually.
 * @returns groups, the first to stop first
 */
export function orderOfStopping(
  runs: readonly ResourceRun[],
  needs: (run: ResourceRun) => readonly ResourceRun[],
): ResourceRun[][] {
  const depths = new Map<ResourceRun, number>();
  const under = new Set<ResourceRun>();
  const depthOf = (run: ResourceRun): number => {
    const known = depths.get(run);
    if (known !== undefined) return known;
    // Two programs may refer to each other: neither is first then.
    if (under.has(run)) return 0;
    under.add(run);
    const depth = Math.max(-1, ...needs(run).map(depthOf)) + 1;
    under.delete(run);
    depths.set(run, depth);
    return depth;
  };
  const groups: ResourceRun[][] = [];
  for (const run of runs) (groups[depthOf(run)] ??= []).push(run);
  return groups.reverse().filter((group) => group !== undefined);
}

/**
 * A circle of resources that wait for each other, each for the next one, and the last for the first; none: null.
 */
export function circleOf(
  runs: readonly ResourceRun[],
  waits: (run: ResourceRun) => readonly ResourceRun[],
): ResourceRun[] | null {
  const done = new Set<ResourceRun>();
  const path: ResourceRun[] = [];
  const visit = (run: ResourceRun): ResourceRun[] | null => {
    if (done.has(run)) return null;
    const at = path.indexOf(run);
    if (at >= 0) return path.slice(at);
    path.push(run);
    for (const next of waits(run)) {
      const circle = visit(next);
      if (circle !== null) return circle;
    }
    path.pop();
    done.add(run);
    return null;
  };
  for (const run of runs) {
    const circle = visit(run);
    if (circle !== null) return circle;
  }
  return null;
}

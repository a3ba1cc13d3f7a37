import { find, ratio, summarise } from "./comparison.ts";
import type { Result } from "./measurement.ts";
import { median } from "./probes/quantile.ts";

/**
 * How much better build B is than build A in one shape. Each round gives a ratio of two neighbours in time; what is told is
 * their median, and how far they lie apart: a difference smaller than that is none.
 */
export function compareBuilds(results: readonly [Result, ...Result[]]): string {
  const row = summarise(results, null);
  const after = new Map(
    results.flatMap((result) => (result.contender === "B" ? [[result.round, result]] : [])),
  );
  const ratios = results
    .filter(({ contender }) => contender === "A")
    .flatMap((before) => ratio(row, after.get(before.round), before) ?? []);
  const [a, b] = [find(row, "A"), find(row, "B")];
  return [
    `${row.transport} ${row.name}`.padEnd(16),
    `B/A ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
    `A ${Math.round(a?.value ?? 0)} B ${Math.round(b?.value ?? 0)} ${row.shape.unit}`,
    `client µs/op ${a?.clientMicros?.toFixed(3) ?? "–"} → ${b?.clientMicros?.toFixed(3) ?? "–"}`,
  ].join("  ");
}

import { rawSocket } from "./clients/lineup.ts";
import { bottleneck, type Row, type Standing, type Summary, standing } from "./comparison.ts";
import type { Profile } from "./measurement.ts";
import { whyBelow } from "./reason.ts";
import type { Shape } from "./shapes/shape.ts";

const fixed = (value: number | null | undefined, digits: number): string =>
  value == null || Number.isNaN(value) ? "–" : value.toFixed(digits);

/** A figure with its unit, as short as it can be told: `2.17 M/s`, `123 KiB`. */
export function amount(value: number, { unit }: Pick<Shape, "unit">): string {
  if (unit !== "ops/s") return `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M/s`;
  if (value >= 1000) return `${(value / 1000).toFixed(value >= 10_000 ? 0 : 1)} k/s`;
  return `${value.toFixed(0)}/s`;
}

/** One row of the comparison, a line for each participant. */
export function printRow(row: Row): void {
  console.log(`\n${row.transport}: ${row.shape.title} (${row.name})`);
  for (const each of row.all) {
    console.log(`  ${describe(each, row)}`);
    for (const line of profileLines(each.profile)) console.log(`      ${line}`);
  }
  const found = standing(row);
  if (found === null) return;
  console.log(`  ${describeStanding(row, found)}`);
  const why = whyBelow(row);
  if (why !== null) console.log(`  why: ${why}`);
}

/** A line for each kind of work and each function. */
function profileLines(profile: Profile | undefined): string[] {
  return [...(profile?.kinds ?? []), ...(profile?.functions ?? [])].map(
    ([name, percent]) => `${percent.toFixed(1).padStart(5)} % ${name}`,
  );
}

function describe(each: Summary, row: Row): string {
  const parts = [
    each.contender.padEnd(17),
    amount(each.value, row.shape).padStart(10),
    `±${fixed(each.spread * 50, 0)} %`.padStart(6),
  ];
  if (each.clientCpus !== undefined)
    parts.push(
      `client ${fixed(each.clientMicros, 2)} µs/op`,
      `CPUs ${fixed(each.clientCpus, 2)} + server ${fixed(each.serverCpus, 2)} + others ${fixed(each.otherCpus, 2)}`,
      `${fixed(each.residentMiB, 0)} MiB`,
      `loop p99 ${fixed(each.loopP99Millis, 1)} ms`,
      `limit: ${bottleneck(each)}`,
    );
  if (each.p50Micros !== undefined)
    parts.push(`p50 ${fixed(each.p50Micros, 0)} µs p99 ${fixed(each.p99Micros, 0)} µs`);
  if (each.retainedKiB !== undefined) parts.push(`retained ${fixed(each.retainedKiB, 0)} KiB`);
  return parts.join("  ");
}

function describeStanding(row: Row, { best, overPeer, ofRaw, overPeerCpu, reached }: Standing): string {
  const { peer, raw } = row.shape.goal[row.transport];
  const parts: string[] = [];
  if (best !== undefined)
    parts.push(`${fixed(overPeer, 2)} × ${best.contender}${peer === undefined ? "" : ` (goal ${peer})`}`);
  if (ofRaw !== null)
    parts.push(`${fixed(ofRaw, 2)} of ${rawSocket}${raw === undefined ? "" : ` (goal ${raw})`}`);
  if (overPeerCpu !== null) parts.push(`CPU per op ${fixed(overPeerCpu, 2)} × less`);
  if (reached !== null) parts.push(reached ? "reached" : "NOT REACHED");
  return parts.length === 0 ? "nothing to compare with" : `→ ${parts.join(", ")}`;
}

/** All rows in one line each: what is below its goal stands out. */
export function printSummary(rows: readonly Row[]): void {
  console.log("\nRedoubt against the best peer in any setting, and against the bare socket");
  for (const row of rows) {
    const found = standing(row);
    if (found === null) continue;
    console.log(
      `  ${row.transport} ${row.name.padEnd(10)} ${amount(found.ours.value, row.shape).padStart(10)}  ${describeStanding(row, found)}`,
    );
  }
}

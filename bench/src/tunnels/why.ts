import { busyText } from "./busy-watch.ts";
import { contenders, type Mode } from "./contender.ts";
import { bestRival } from "./goals.ts";
import { direct } from "./measurement.ts";
import { type ConnectFigures, type Figures, isRival, type ShapeRow } from "./summary.ts";
import type { TimeSpent } from "./time-spent.ts";

/** Functions that are named. */
const named = 5;

/** Why one of ours misses a goal in a load, out of what was measured in the same run. */
export function whyMissed(row: ShapeRow, own: Figures): string {
  const best = bestRival(row);
  const straight = row.figures.find(({ contender }) => contender === direct);
  const parts: string[] = [];
  if (own.busy) parts.push(busyText(own.busy, processesOf(row.mode, own.contender)));
  if (straight !== undefined && row.goal !== null && best !== undefined) {
    const times = straight.perSecond / best.perSecond;
    if (times < row.goal)
      parts.push(`without anything in between it is ${times.toFixed(2)} times the best of the three`);
  }
  const costs = row.figures
    .filter((one) => one === own || isRival(one.contender))
    .map((one) => `${one.contender} ${one.cpuPerMillion.toFixed(1)}`);
  parts.push(`CPU per command, µs: ${costs.join(", ")}`);
  return [...parts, ...looked(own.why)].join("; ");
}

/** The same for connections a second. */
export function whySlow(rows: readonly ConnectFigures[], own: ConnectFigures, resumed: boolean): string {
  const busy = resumed ? own.busyResumed : own.busy;
  const costs = rows
    .filter((one) => one === own || isRival(one.contender))
    .map((one) => `${one.contender} ${(resumed ? one.cpuPerConnectResumed : one.cpuPerConnect).toFixed(2)}`);
  return [
    ...(busy ? [busyText(busy, processesOf(own.mode, own.contender))] : []),
    `CPU per connection, ms: ${costs.join(", ")}`,
    ...looked(resumed ? own.whyResumed : own.why),
  ].join("; ");
}

function processesOf(mode: Mode, name: string): number {
  return contenders.find((one) => one.mode === mode && one.name === name)?.processes ?? 1;
}

function looked(why: TimeSpent | undefined): string[] {
  if (why === undefined) return ["it was not looked at where the time goes"];
  const { hotSpots, profile } = why;
  const parts: string[] = [];
  if (hotSpots !== null)
    parts.push(`samples: ${list(hotSpots.kinds)}, most in ${list(hotSpots.functions.slice(0, named), "`")}`);
  if (profile !== null) {
    const functions = profile.functions.filter(([name]) => !name.startsWith("(")).slice(0, named);
    parts.push(`profile: ${list(profile.kinds)}, most in ${list(functions, "`")}`);
  }
  return parts.length === 0 ? ["where the time goes could not be looked at"] : parts;
}

function list(shares: readonly (readonly [string, number])[], code = ""): string {
  return shares
    .filter(([, percent]) => percent >= 1)
    .map(([what, percent]) => `${code}${what}${code} ${percent.toFixed(0)} %`)
    .join(", ");
}

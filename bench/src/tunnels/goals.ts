import { direct } from "./measurement.ts";
import { loadShapes } from "./shape.ts";
import { type ConnectFigures, type Figures, isRival, ratio, type ShapeRow } from "./summary.ts";

/** One thing that one of ours is to reach. */
export interface Goal {
  readonly what: string;
  /** `≥ 1.50` */
  readonly aim: string;
  readonly measured: number;
  readonly isReached: boolean;
}

/** With so many clients a tunnel is to take less CPU than the best, and with so many more to answer in half its time. */
const [manyClients, veryManyClients] = [50, 500];

const least = (what: string, aim: number, measured: number): Goal[] =>
  Number.isNaN(measured) ? [] : [{ what, aim: `≥ ${aim.toFixed(2)}`, measured, isReached: measured >= aim }];
const most = (what: string, aim: number, measured: number): Goal[] =>
  Number.isNaN(measured) ? [] : [{ what, aim: `≤ ${aim.toFixed(2)}`, measured, isReached: measured <= aim }];

/** What one of ours is to reach in a load; nothing where there is nobody to compare it with. */
export function goalsOf(row: ShapeRow, own: Figures): Goal[] {
  const rivals = row.figures.filter(({ contender }) => isRival(contender));
  if (own.contender === direct || isRival(own.contender) || rivals.length === 0) return [];
  if (own.contender !== "Redoubt tunnel") {
    const stunnel = rivals.find(({ contender }) => contender === "stunnel");
    return least("commands/s, to stunnel", 1, own.perSecond / (stunnel?.perSecond ?? Number.NaN));
  }
  if (row.goal === null) return [];
  const clients = loadShapes.find(({ name }) => name === row.shape)?.clients ?? 0;
  const best = bestRival(row);
  const leastCpu = Math.min(...rivals.map(({ cpuPerMillion }) => cpuPerMillion));
  return [
    ...least("commands/s, to the best of the three", row.goal, ratio(row, own)),
    ...(clients >= manyClients
      ? most("CPU, to the least of the three", 1, own.cpuPerMillion / leastCpu)
      : []),
    ...(clients >= veryManyClients && best !== undefined
      ? most("p99, to that of the best", 0.5, own.p99 / best.p99)
      : []),
  ];
}

/** Who of the three carried out most. */
export function bestRival(row: ShapeRow): Figures | undefined {
  return row.figures
    .filter(({ contender }) => isRival(contender))
    .toSorted((one, other) => other.perSecond - one.perSecond)[0];
}

/** Connections a second that one of ours is to reach: without resumption, and with. */
export function connectGoalsOf(
  rows: readonly ConnectFigures[],
  own: ConnectFigures,
): { readonly fresh: Goal[]; readonly resumed: Goal[] } {
  const stunnel = rows.find(({ contender }) => contender === "stunnel");
  if (isRival(own.contender) || stunnel === undefined) return { fresh: [], resumed: [] };
  return {
    fresh: least("new sessions/s, to stunnel", 1, own.connects / stunnel.connects),
    resumed: least("connections/s, to stunnel", 1, own.connectsResumed / stunnel.connectsResumed),
  };
}

/** Whether all of them are reached. */
export function areReached(goals: readonly Goal[]): boolean {
  return goals.every(({ isReached }) => isReached);
}

import type { Busy } from "./busy-watch.ts";
import type { Mode } from "./contender.ts";
import { direct, type Measured, type MeasuredConnects } from "./measurement.ts";
import { loadShapes } from "./shape.ts";
import type { TimeSpent } from "./time-spent.ts";

/** Medians of one contender in one shape. */
export interface Figures {
  readonly contender: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuPerMillion: number;
  /** Null where that was not measured. */
  readonly busy: Busy | null;
  /** Where one of ours that missed a goal spent its time. */
  readonly why?: TimeSpent;
}

/** One shape in one mode. */
export interface ShapeRow {
  readonly mode: Mode;
  readonly shape: string;
  readonly goal: number | null;
  readonly figures: readonly Figures[];
}

/** Medians of one contender that do not depend on a shape. */
export interface ConnectFigures extends Omit<MeasuredConnects, "round"> {
  readonly why?: TimeSpent;
  readonly whyResumed?: TimeSpent;
}

/** Medians of what was measured, in the order of the shapes. */
export function summarise(measured: readonly Measured[]): ShapeRow[] {
  const modes = [...new Set(measured.map(({ mode }) => mode))];
  return modes.flatMap((mode) =>
    loadShapes.flatMap(({ name, goal }) => {
      const rows = measured.filter((row) => row.mode === mode && row.shape === name);
      if (rows.length === 0) return [];
      const names = [...new Set(rows.map(({ contender }) => contender))];
      const figures = names.map((contender): Figures => {
        const own = rows.filter((row) => row.contender === contender);
        return {
          contender,
          perSecond: median(own.map(({ found }) => found.perSecond)),
          p50: median(own.map(({ found }) => found.p50)),
          p99: median(own.map(({ found }) => found.p99)),
          cpuPerMillion: median(own.map((row) => row.cpuPerMillion)),
          busy: medianBusy(own.map(({ busy }) => busy)),
        };
      });
      return [{ mode, shape: name, goal, figures }];
    }),
  );
}

/** Medians of connections a second, and of memory. */
export function summariseConnects(measured: readonly MeasuredConnects[]): ConnectFigures[] {
  const keys = [...new Set(measured.map(({ mode, contender }) => `${mode} ${contender}`))];
  return keys.flatMap((key) => {
    const own = measured.filter(({ mode, contender }) => `${mode} ${contender}` === key);
    const [first] = own;
    if (first === undefined) return [];
    const of = (pick: (row: MeasuredConnects) => number): number => median(own.map(pick));
    return [
      {
        mode: first.mode,
        contender: first.contender,
        connects: of((row) => row.connects),
        connectsResumed: of((row) => row.connectsResumed),
        cpuPerConnect: of((row) => row.cpuPerConnect),
        cpuPerConnectResumed: of((row) => row.cpuPerConnectResumed),
        busy: medianBusy(own.map(({ busy }) => busy)),
        busyResumed: medianBusy(own.map(({ busyResumed }) => busyResumed)),
        memory: of((row) => row.memory),
      },
    ];
  });
}

/** Whether a contender is one of the three that ours are measured against. */
export function isRival(name: string): boolean {
  return name !== direct && !name.startsWith("Redoubt");
}

/** Throughput as a ratio to the best of the three; NaN without any of them. */
export function ratio(row: ShapeRow, own: Figures): number {
  return (
    own.perSecond /
    Math.max(...row.figures.filter(({ contender }) => isRival(contender)).map((one) => one.perSecond))
  );
}

function medianBusy(found: readonly (Busy | null)[]): Busy | null {
  const known = found.filter((busy) => busy !== null);
  if (known.length === 0) return null;
  const of = (who: keyof Busy): number => median(known.map((busy) => busy[who]));
  return { own: of("own"), redis: of("redis"), load: of("load"), others: of("others") };
}

function median(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = known.length >> 1;
  if (known.length === 0) return Number.NaN;
  return known.length % 2 === 1
    ? (known[middle] as number)
    : ((known[middle - 1] as number) + (known[middle] as number)) / 2;
}

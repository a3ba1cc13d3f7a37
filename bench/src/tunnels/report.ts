import type { Mode } from "./contender.ts";
import type { HotSpots } from "./hot-spots.ts";
import { direct } from "./measurement.ts";
import { loadShapes } from "./shape.ts";
import { type ConnectFigures, type Figures, isRival, ratio, type ShapeRow } from "./summary.ts";

const titles: Readonly<Record<Mode, string>> = {
  client: "In front of a TLS Redis: plain text comes in",
  terminator: "As a terminator: TLS comes in, plain Redis is behind",
};

/** The figures as tables of Markdown. */
export function tunnelReport(rows: readonly ShapeRow[], connects: readonly ConnectFigures[]): string {
  const modes = [...new Set([...rows, ...connects].map(({ mode }) => mode))];
  return modes
    .map((mode) => {
      const own = rows.filter((row) => row.mode === mode);
      const open = connects.filter((row) => row.mode === mode);
      return [
        `## ${titles[mode]}`,
        ...(own.length === 0 ? [] : [loadTable(own), goals(own)]),
        ...(open.length === 0 ? [] : [connectTable(mode, open)]),
      ].join("\n\n");
    })
    .join("\n\n");
}

function loadTable(rows: readonly ShapeRow[]): string {
  const lines = rows.flatMap((row) =>
    row.figures.map((one, i) => {
      const straight = row.figures.find(({ contender }) => contender === direct);
      const added = (value: number, base = 0) =>
        one.contender === direct ? ms(value) : `+${ms(Math.max(0, value - base))}`;
      return [
        i === 0 ? row.shape : "",
        one.contender,
        count(one.perSecond),
        one.contender === direct ? "" : times(ratio(row, one)),
        added(one.p50, straight?.p50),
        added(one.p99, straight?.p99),
        Number.isNaN(one.cpuPerMillion) ? "" : one.cpuPerMillion.toFixed(1),
      ];
    }),
  );
  const head = [
    "load",
    "through",
    "commands/s",
    "to the best of the three",
    "p50 ms",
    "p99 ms",
    "CPU s per million",
  ];
  return table(head, lines);
}

/** One thing that one of ours is to reach in one load. */
interface Goal {
  readonly what: string;
  readonly aim: string;
  readonly measured: number;
  readonly isReached: boolean;
}

/** With so many clients a tunnel is to take less CPU than the best, and with so many more to answer in half its time. */
const [manyClients, veryManyClients] = [50, 500];

function goalsOf(row: ShapeRow, own: Figures): Goal[] {
  const rivals = row.figures.filter(({ contender }) => isRival(contender));
  if (own.contender === direct || isRival(own.contender) || rivals.length === 0) return [];
  const least = (what: string, aim: number, measured: number): Goal[] =>
    Number.isNaN(measured) ? [] : [{ what, aim: `≥ ${times(aim)}`, measured, isReached: measured >= aim }];
  const most = (what: string, aim: number, measured: number): Goal[] =>
    Number.isNaN(measured) ? [] : [{ what, aim: `≤ ${times(aim)}`, measured, isReached: measured <= aim }];
  if (own.contender !== "Redoubt tunnel") {
    const stunnel = rivals.find(({ contender }) => contender === "stunnel");
    return least("commands/s, to stunnel", 1, own.perSecond / (stunnel?.perSecond ?? Number.NaN));
  }
  if (row.goal === null) return [];
  const clients = loadShapes.find(({ name }) => name === row.shape)?.clients ?? 0;
  const best = rivals.reduce((one, other) => (other.perSecond > one.perSecond ? other : one));
  const leastCpu = Math.min(...rivals.map(({ cpuPerMillion }) => cpuPerMillion));
  return [
    ...least("commands/s, to the best of the three", row.goal, ratio(row, own)),
    ...(clients >= manyClients
      ? most("CPU, to the least of the three", 1, own.cpuPerMillion / leastCpu)
      : []),
    ...(clients >= veryManyClients ? most("p99, to that of the best", 0.5, own.p99 / best.p99) : []),
  ];
}

/** Which of our rows reach what was aimed at, and why those that do not miss it. */
function goals(rows: readonly ShapeRow[]): string {
  const found = rows.flatMap((row) =>
    row.figures.flatMap((own) => goalsOf(row, own).map((goal) => ({ row, own, goal }))),
  );
  const lines = found.map(({ row, own, goal }) => [
    row.shape,
    own.contender,
    goal.what,
    goal.aim,
    times(goal.measured),
    goal.isReached ? "yes" : "no",
  ]);
  const missed = [...new Set(found.filter(({ goal }) => !goal.isReached).map(({ own }) => own))];
  const why = missed.map((own) => {
    const shape = rows.find(({ figures }) => figures.includes(own))?.shape ?? "";
    return `- *Why*, ${shape}, ${own.contender}: ${spentOn(own)}`;
  });
  const head = ["load", "of ours", "what", "aimed at", "measured", "reached"];
  return [table(head, lines), ...(why.length === 0 ? [] : [why.join("\n")])].join("\n\n");
}

function spentOn({ hotSpots }: Figures): string {
  if (hotSpots === null) return "no samples could be taken.";
  const list = (shares: HotSpots["kinds"], code: string): string =>
    shares
      .filter(([, percent]) => percent >= 1)
      .map(([what, percent]) => `${code}${what}${code} ${percent.toFixed(0)} %`)
      .join(", ");
  return `${list(hotSpots.kinds, "")}. Most in single functions: ${list(hotSpots.functions, "`")}.`;
}

function connectTable(mode: Mode, rows: readonly ConnectFigures[]): string {
  const resumed = mode === "terminator" ? "resumed/s" : "connections/s, as it comes";
  const fresh = mode === "terminator" ? "new sessions/s" : "connections/s, without resumption";
  const head = ["through", fresh, "CPU ms each", resumed, "CPU ms each", "KiB per idle connection"];
  const lines = rows.map((row) => [
    row.contender,
    count(row.connects),
    hundredths(row.cpuPerConnect),
    count(row.connectsResumed),
    hundredths(row.cpuPerConnectResumed),
    (row.memory / 1024).toFixed(1),
  ]);
  return table(head, lines);
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map((_, i) => (i < 2 ? "---" : "---:"));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function count(value: number): string {
  return Number.isNaN(value) ? "" : Math.round(value).toLocaleString("en");
}

const hundredths = (value: number): string => (Number.isNaN(value) ? "" : value.toFixed(2));
const times = (value: number): string => value.toFixed(2);
const ms = (value: number): string => value.toFixed(2);

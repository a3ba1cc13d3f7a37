import type { Mode } from "./contender.ts";
import { areReached, connectGoalsOf, type Goal, goalsOf } from "./goals.ts";
import { direct } from "./measurement.ts";
import { type ConnectFigures, ratio, type ShapeRow } from "./summary.ts";
import { whyMissed, whySlow } from "./why.ts";

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
        ...(own.length === 0 ? [] : [loadTable(own)]),
        ...(open.length === 0 ? [] : [connectTable(mode, open)]),
        ...goals(own, open),
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

/** Which of our rows reach what was aimed at, and why those that do not miss it. */
function goals(rows: readonly ShapeRow[], connects: readonly ConnectFigures[]): string[] {
  const lines: string[][] = [];
  const why: string[] = [];
  const note = (load: string, contender: string, found: readonly Goal[], reason: () => string): void => {
    for (const { what, aim, measured, isReached } of found)
      lines.push([load, contender, what, aim, times(measured), isReached ? "yes" : "no"]);
    if (!areReached(found)) why.push(`- *Why*, ${load}, ${contender}: ${reason()}.`);
  };
  for (const row of rows)
    for (const own of row.figures)
      note(row.shape, own.contender, goalsOf(row, own), () => whyMissed(row, own));
  for (const own of connects) {
    const { fresh, resumed } = connectGoalsOf(connects, own);
    note("connections without resumption", own.contender, fresh, () => whySlow(connects, own, false));
    note("connections as they come", own.contender, resumed, () => whySlow(connects, own, true));
  }
  if (lines.length === 0) return [];
  const head = ["load", "of ours", "what", "aimed at", "measured", "reached"];
  return [table(head, lines), ...(why.length === 0 ? [] : [why.join("\n")])];
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

import type { Mode } from "./contender.ts";
import { direct } from "./measurement.ts";
import { type ConnectFigures, type Figures, isRival, ratio, type ShapeRow } from "./summary.ts";

const titles: Readonly<Record<Mode, string>> = {
  client: "In front of a TLS Redis: plain text comes in",
  terminator: "As a terminator: TLS comes in, plain Redis is behind",
};

/** The figures as tables of Markdown. */
export function tunnelReport(rows: readonly ShapeRow[], connects: readonly ConnectFigures[]): string {
  const modes = [...new Set(rows.map(({ mode }) => mode))];
  return modes
    .map((mode) => {
      const own = rows.filter((row) => row.mode === mode);
      const open = connects.filter((row) => row.mode === mode);
      return [
        `## ${titles[mode]}`,
        loadTable(own),
        goals(own),
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

/** Which of our rows reach what was aimed at. */
function goals(rows: readonly ShapeRow[]): string {
  const lines = rows.flatMap((row) => {
    const rivals = row.figures.filter(({ contender }) => isRival(contender));
    const stunnel = rivals.find(({ contender }) => contender === "stunnel");
    return row.figures.flatMap((own: Figures): string[][] => {
      if (own.contender === direct || isRival(own.contender) || rivals.length === 0) return [];
      const relay = own.contender !== "Redoubt tunnel";
      const [goal, base] = relay ? [1, stunnel?.perSecond ?? Number.NaN] : [row.goal, Number.NaN];
      const reached = relay ? own.perSecond / base : ratio(row, own);
      if (goal === null || Number.isNaN(reached)) return [];
      const against = relay ? "stunnel" : "the best of the three";
      return [
        [
          row.shape,
          own.contender,
          against,
          times(goal),
          times(reached),
          reached >= goal ? "yes" : "no",
          spentOn(own),
        ],
      ];
    });
  });
  return table(
    ["load", "of ours", "against", "aimed at", "measured", "reached", "its CPU time is spent on"],
    lines,
  );
}

function spentOn({ hotSpots }: Figures): string {
  return (hotSpots ?? [])
    .filter(([, percent]) => percent >= 1)
    .map(([what, percent]) => `${what} ${percent.toFixed(0)} %`)
    .join(", ");
}

function connectTable(mode: Mode, rows: readonly ConnectFigures[]): string {
  const terminator = mode === "terminator";
  const head = terminator
    ? ["through", "new sessions/s", "CPU ms each", "resumed/s", "CPU ms each", "KiB per idle connection"]
    : ["through", "connections/s", "CPU ms each", "KiB per idle connection"];
  const lines = rows.map((row) => [
    row.contender,
    count(row.connects),
    row.cpuPerConnect.toFixed(2),
    ...(terminator ? [count(row.connectsResumed), row.cpuPerConnectResumed.toFixed(2)] : []),
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

const times = (value: number): string => value.toFixed(2);
const ms = (value: number): string => value.toFixed(2);

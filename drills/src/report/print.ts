import type { Performance } from "../perform.ts";
import { type Figures, figuresOf } from "./figures.ts";

/** The columns of the table, and which figure is in each. */
const columns = {
  drill: ({ drill }) => drill,
  answered: ({ figures }) => figures["answered"],
  rejected: ({ figures }) => figures["rejected"],
  unsettled: ({ figures }) => figures["never settled"],
  wrong: ({ figures }) => figures["given to the wrong caller"],
  "longest wait": ({ figures }) => figures["longest time without an answer"],
  descriptors: ({ figures }) => figures["descriptors"],
  memory: ({ figures }) => figures["memory"],
  verdict: ({ verdict }) => verdict,
} satisfies Record<string, (figures: Figures) => string | undefined>;

/** Prints the table, a line for each drill, and below it what is wrong. */
export function print(performances: readonly Performance[]): void {
  const all = performances.map(figuresOf);
  const rows = [
    Object.keys(columns),
    ...all.map((figures) => Object.values(columns).map((cell) => cell(figures) ?? "–")),
  ];
  const widths = Object.keys(columns).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  for (const row of rows)
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  for (const { drill, findings } of all) for (const finding of findings) console.log(`${drill}: ${finding}`);
}

import { lineup } from "../clients/lineup.ts";
import { bestPeer, find, type Row, ratio } from "../comparison.ts";
import { amount } from "../print.ts";

/** Who has a bar, in which colour; the colours can be told apart on white and on black, and without red or green. */
const colours: Readonly<Record<string, string>> = {
  redoubt: "#0f766e",
  "redis-no-timeout": "#c2410c",
  ioredis: "#7c3aed",
  ioredis5: "#a78bfa",
  glide: "#64748b",
};

const left = 270;
const width = 900;
const barHeight = 9;
const gap = 14;
const top = 56;
/** About, of the letters of the legend. */
const letterWidth = 6.5;
/** Room for the figure behind a bar. */
const figureWidth = 70;

const escape = (text: string): string => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);

/** Bars of commands per second over TLS; in each row the longest is the best, so that rows can be compared. */
export function drawChart(all: readonly Row[]): string {
  const rows = all.filter(
    ({ transport, shape, name }) => transport === "tls" && shape.unit === "ops/s" && name !== "seq",
  );
  const names = Object.keys(colours).filter((name) => rows.some((row) => find(row, name)));
  const rowHeight = names.length * barHeight + gap;
  const height = top + rows.length * rowHeight;
  const body = rows.map((row, i) => drawRow(row, names, top + i * rowHeight));
  let next = 16;
  const legend = names.map((name) => {
    const title = escape(lineup[name]?.title ?? name);
    const x = next;
    next += 44 + title.length * letterWidth;
    return `<rect x="${x}" y="20" width="12" height="12" fill="${colours[name]}"/><text x="${x + 18}" y="30">${title}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    "<title>Commands per second over TLS</title>",
    `<style>text { fill: #1f2937 } .figure { font-size: 9px } @media (prefers-color-scheme: dark) { text { fill: #e5e7eb } }</style>`,
    ...legend,
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

function drawRow(row: Row, names: readonly string[], y: number): string {
  const longest = Math.max(...names.map((name) => find(row, name)?.value ?? 0));
  const scale = (width - left - figureWidth) / longest;
  const bars = names.flatMap((name, i) => {
    const found = find(row, name);
    if (found === undefined) return [];
    const at = y + i * barHeight;
    const length = (found.value * scale).toFixed(1);
    return [
      `<rect x="${left}" y="${at}" width="${length}" height="${barHeight - 1}" fill="${colours[name]}"/>`,
      `<text class="figure" x="${(left + Number(length) + 4).toFixed(1)}" y="${at + barHeight - 1.5}">${amount(found.value, row.shape)}</text>`,
    ];
  });
  const over = ratio(row, find(row, "redoubt"), bestPeer(row));
  const middle = y + (names.length * barHeight) / 2 + 4;
  const title = `${row.shape.title}${over === null ? "" : ` · ${over.toFixed(1)} ×`}`;
  return [`<text x="${left - 10}" y="${middle}" text-anchor="end">${escape(title)}</text>`, ...bars].join(
    "\n",
  );
}

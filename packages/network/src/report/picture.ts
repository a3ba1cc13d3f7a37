import type { FlowVerdict } from "../judge/flow.ts";
import type { CacheJudgement } from "../judge/judge.ts";
import { type Verdict, worst } from "../judge/verdict.ts";
import { subnetName } from "../model/resource-id.ts";
import type { NetworkReport } from "./check.ts";

const colours = { allowed: "#1a7f37", denied: "#cf222e", "cannot tell": "#9a6700" } as const satisfies Record<
  Verdict,
  string
>;
const width = 1040;
const rowHeight = 64;
const box = { width: 250, height: 44 };
const middle = { left: 395, width: 250 };

/** Everything between a cache and one other end, in one direction. */
interface Edge {
  readonly name: string;
  readonly direction: string;
  readonly verdict: Verdict;
  /** Ports that do not get through. */
  readonly ports: string;
}

/** A check as an SVG: each cache in its subnet, who comes in at its left, what it needs at its right; broken flows in red. */
export function picture({ judgement }: NetworkReport): string {
  let top = 20;
  const parts: string[] = [];
  for (const one of judgement.caches) {
    const { height, svg } = panel(one, top);
    parts.push(svg);
    top += height;
  }
  const height = Math.max(top, 60);
  const body = parts.length === 0 ? text(20, 36, "no cache in these exports", "start") : parts.join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Flows of caches">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    body,
    "</svg>\n",
  ].join("");
}

function panel({ cache, flows }: CacheJudgement, top: number): { height: number; svg: string } {
  const [left, right] = ["Inbound", "Outbound"].map((direction) =>
    edgesOf(flows.filter(({ flow }) => flow.direction === direction)),
  );
  const rows = Math.max(left?.length ?? 0, right?.length ?? 0, 1);
  const height = rows * rowHeight + 60;
  const centre = top + 30 + (rows * rowHeight) / 2;
  const place = cache.subnetId === null ? "private endpoint" : subnetName(cache.subnetId);
  const svg = [
    `<rect x="${middle.left - 20}" y="${top + 8}" width="${middle.width + 40}" height="${rows * rowHeight + 34}" rx="8" fill="#f6f8fa" stroke="#8c959f" stroke-dasharray="5 4"/>`,
    text(middle.left - 8, top + 26, place, "start", "#57606a"),
    `<rect x="${middle.left}" y="${centre - 24}" width="${middle.width}" height="48" rx="6" fill="#ffffff" stroke="#24292f" stroke-width="1.5"/>`,
    text(middle.left + middle.width / 2, centre + 5, cache.name, "middle", "#24292f", true),
    ...(left ?? []).map((edge, index) => drawn(edge, top + 36 + index * rowHeight, centre, "left")),
    ...(right ?? []).map((edge, index) => drawn(edge, top + 36 + index * rowHeight, centre, "right")),
  ];
  return { height, svg: svg.join("") };
}

function edgesOf(flows: readonly FlowVerdict[]): Edge[] {
  const names = new Map<string, FlowVerdict[]>();
  for (const one of flows) names.set(one.flow.remoteName, [...(names.get(one.flow.remoteName) ?? []), one]);
  return [...names].map(([name, all]) => {
    // What a cache can do without does not colour the picture, unless there is nothing else.
    const needed = all.filter(({ flow }) => !flow.optional);
    const judged = needed.length === 0 ? all : needed;
    const verdict = worst(judged.map((one) => one.verdict));
    const broken = judged
      .filter((one) => one.verdict !== "allowed")
      .map(({ flow }) => portText(flow.ports, flow.protocol));
    return {
      name,
      direction: judged[0]?.flow.direction ?? "",
      verdict,
      ports: [...new Set(broken)].join(", "),
    };
  });
}

function portText({ from, to }: { from: number; to: number }, protocol: string): string {
  return `${protocol.toLowerCase()}/${from === to ? from : `${from}-${to}`}`;
}

function drawn({ name, verdict, ports }: Edge, top: number, centre: number, side: "left" | "right"): string {
  const colour = colours[verdict];
  const x = side === "left" ? 20 : width - 20 - box.width;
  const y = top + box.height / 2;
  const [from, to] = side === "left" ? [x + box.width, middle.left] : [middle.left + middle.width, x];
  const dash = verdict === "allowed" ? "" : ` stroke-dasharray="${verdict === "denied" ? "7 4" : "2 4"}"`;
  const [startY, endY] = side === "left" ? [y, centre] : [centre, y];
  return [
    `<rect x="${x}" y="${top}" width="${box.width}" height="${box.height}" rx="6" fill="#ffffff" stroke="${colour}" stroke-width="1.5"/>`,
    text(x + 10, top + 18, shortened(name, 34), "start"),
    text(
      x + 10,
      top + 35,
      verdict === "allowed" ? "allowed" : `${verdict}: ${shortened(ports, 28)}`,
      "start",
      colour,
    ),
    `<line x1="${from}" y1="${startY}" x2="${to - 6}" y2="${endY}" stroke="${colour}" stroke-width="${verdict === "allowed" ? 1.5 : 2.5}"${dash}/>`,
    `<path d="M${to} ${endY} l-9 -5 l0 10 z" fill="${colour}"/>`,
  ].join("");
}

function text(x: number, y: number, words: string, anchor: string, colour = "#24292f", bold = false): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}"${bold ? ' font-weight="600"' : ""}>${escaped(words)}</text>`;
}

function shortened(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`;
}

/** A text as part of XML or HTML. */
export function escaped(words: string): string {
  return words
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

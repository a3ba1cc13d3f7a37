import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchFolder } from "../clients/contender.ts";
import type { Row } from "../comparison.ts";
import { drawChart } from "./chart.ts";
import type { Circumstances } from "./circumstances.ts";
import { houseFormat } from "./house-format.ts";
import { formatReport } from "./markdown.ts";
import { allRows, fromJson, joined, toJson } from "./record.ts";

const docs = join(benchFolder, "../docs");

/** Between these the page is made; the rest of it is written. */
const begin = "<!-- measured: npm run bench -->";
const end = "<!-- end of what was measured -->";

/**
 * Puts the figures into `docs/performance.md` (between its markers), `.json` and `.svg`. They take the place of the same rows
 * measured before; the others stay.
 *
 * @throws Error when the page lacks its markers
 */
export function publish(rows: readonly Row[], circumstances: Circumstances): void {
  const page = join(docs, "performance.md");
  const figures = join(docs, "performance.json");
  const text = readFileSync(page, "utf8");
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before === -1 || after < before) throw new Error(`${page} lacks the lines ${begin} and ${end}`);
  const known = existsSync(figures) ? fromJson(readFileSync(figures, "utf8")) : [];
  // Read back, so that the page is made of what stands in the file.
  const json = toJson(joined(known, { rows, circumstances }));
  const parts = fromJson(json);
  const made = `${begin}\n\n${formatReport(parts)}\n`;
  writeFileSync(figures, houseFormat(json, figures));
  writeFileSync(page, text.slice(0, before) + made + text.slice(after));
  writeFileSync(join(docs, "performance.svg"), drawChart(allRows(parts).filter(({ node }) => node === null)));
}

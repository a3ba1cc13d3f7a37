import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchFolder } from "../clients/contender.ts";
import type { Row } from "../comparison.ts";
import { drawChart } from "./chart.ts";
import type { Circumstances } from "./circumstances.ts";
import { formatReport } from "./markdown.ts";

const docs = join(benchFolder, "../docs");

/** Between these the page is made; the rest of it is written. */
const begin = "<!-- measured: npm run bench -->";
const end = "<!-- end of what was measured -->";

/**
 * Puts the figures into `docs/performance.md` (between its markers), `.json` and `.svg`.
 *
 * @throws Error when the page lacks its markers
 */
export function publish(rows: readonly Row[], circumstances: Circumstances): void {
  const page = join(docs, "performance.md");
  const text = readFileSync(page, "utf8");
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before === -1 || after < before) throw new Error(`${page} lacks the lines ${begin} and ${end}`);
  const made = `${begin}\n\n${formatReport(rows, circumstances)}\n`;
  writeFileSync(page, text.slice(0, before) + made + text.slice(after));
  writeFileSync(join(docs, "performance.svg"), drawChart(rows));
  writeFileSync(join(docs, "performance.json"), `${JSON.stringify(toJson(rows, circumstances), null, 2)}\n`);
}

/** Stable names for programs that read the figures: medians by row and client. */
function toJson(rows: readonly Row[], circumstances: Circumstances): unknown {
  return {
    ...circumstances,
    rows: rows.map(({ name, transport, shape: { title, unit, better, goal }, all }) => ({
      name,
      transport,
      title,
      unit,
      better,
      goal: goal[transport],
      clients: all.map((summary) =>
        Object.fromEntries(
          Object.entries({ ...summary, hotSpots: undefined }).map(([key, value]: [string, unknown]) => [
            key,
            typeof value === "number" ? Number(value.toPrecision(4)) : value,
          ]),
        ),
      ),
    })),
  };
}

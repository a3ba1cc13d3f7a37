import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { houseFormat } from "../report/house-format.ts";
import { type TunnelPlan, warmUp } from "./measurement.ts";
import { tunnelReport } from "./report.ts";
import { loadShapes } from "./shape.ts";
import type { ConnectFigures, ShapeRow } from "./summary.ts";

const docs = fileURLToPath(new URL("../../../docs", import.meta.url));

/** Rows and when they were measured. */
interface Published {
  readonly machine: string;
  readonly node: string;
  readonly rows: readonly (ShapeRow & Dated)[];
  readonly connects: readonly (ConnectFigures & Dated)[];
}

/** How a row was measured. */
interface Dated {
  readonly measured: string;
}

/**
 * Writes the page and its data. Loads that were not measured this time stay as they are, where they were measured on the same
 * machine: the whole may be measured in parts.
 */
export function publish(
  plan: TunnelPlan,
  busy: number,
  rows: readonly ShapeRow[],
  connects: readonly ConnectFigures[],
): void {
  const file = join(docs, "performance-tunnel.json");
  const [first] = cpus();
  const machine = `${cpus().length} CPUs (${first?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 1024 ** 3)} GiB, ${type()} ${release()}`;
  const node = process.versions.node;
  const before = earlier(file, machine, node);
  const date = new Date().toISOString().slice(0, 10);
  const measured = `${date}, median of ${plan.rounds} rounds of ${plan.duration / 1000} s; before, others kept ${busy.toFixed(1)} of ${cpus().length} CPUs busy`;
  const isOld = ({ mode, shape }: ShapeRow): boolean =>
    !rows.some((row) => row.mode === mode && row.shape === shape);
  const isOldConnect = ({ mode }: ConnectFigures): boolean => !connects.some((row) => row.mode === mode);
  const published: Published = {
    machine,
    node,
    rows: [...(before?.rows.filter(isOld) ?? []), ...rows.map((row) => ({ ...row, measured }))].sort(
      (one, other) => placeOf(one) - placeOf(other),
    ),
    connects: [
      ...(before?.connects.filter(isOldConnect) ?? []),
      ...connects.map((row) => ({ ...row, measured })),
    ].sort((one, other) => one.mode.localeCompare(other.mode)),
  };
  writeFileSync(join(docs, "performance-tunnel.md"), page(published));
  const json = JSON.stringify(
    published,
    (_, value: unknown) =>
      typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value,
    2,
  );
  writeFileSync(file, houseFormat(json, file));
}

/** What is not there, where it is not a number. */
const absent = new Set(["goal", "busy", "busyResumed", "hotSpots", "profile"]);

function earlier(file: string, machine: string, node: string): Published | null {
  if (!existsSync(file)) return null;
  // JSON has no NaN: what was not measured is null there.
  const known = JSON.parse(readFileSync(file, "utf8"), (key, value: unknown) =>
    value === null && !absent.has(key) ? Number.NaN : value,
  ) as Published;
  const isDated = [...known.rows, ...known.connects].every(({ measured }) => typeof measured === "string");
  return known.machine === machine && known.node === node && isDated ? known : null;
}

/** How what was measured; a line for all that was measured the same way. */
function parts({ rows, connects }: Published): string[] {
  const groups = new Map<string, Set<string>>();
  const note = (measured: string, what: string): void => {
    const group = groups.get(measured) ?? new Set();
    groups.set(measured, group.add(what));
  };
  for (const { measured, mode, shape } of rows) note(measured, `${mode}, ${shape}`);
  for (const { measured, mode } of connects) note(measured, `${mode}, connections`);
  const everything = new Set([...groups.values()].flatMap((group) => [...group]));
  return [...groups].map(([measured, group]) =>
    group.size === everything.size ? measured : `${measured}: ${[...group].join("; ")}`,
  );
}

function placeOf({ mode, shape }: ShapeRow): number {
  return (mode === "client" ? 0 : 100) + loadShapes.findIndex(({ name }) => name === shape);
}

function page(published: Published): string {
  return `# Performance of tunnels

Written by \`npm run bench:tunnel -- --write\`; nothing on this page is typed by hand. What they are:
[the tunnel](guide/tunnel.md), [stunnel.conf](guide/stunnel.md) (the rows *Redoubt relay*), [the terminator](guide/terminator.md).

Measured on ${published.machine}, Node ${published.node}:

${parts(published)
  .map((part) => `- ${part}`)
  .join("\n")}

The busier others keep the machine, the less throughput and times say; CPU seconds hold.
The load is redis-benchmark (GET of one value) on the same machine, and so are Redis and what is measured: on two CPUs they
take them from each other. stunnel, HAProxy (two threads) and hitch (two workers) are Debian's. *Direct* is the load without
anything in between; hitch is not measured as a client, because the client mode of 1.7.2 ends with an assertion. Times of the
others are what they add to it. CPU is that of the measured program with its children. Connections are opened by eight at a time,
for ${warmUp / 1000} s before it counts. *Why* tells of a goal that is missed who was busy while it was measured, what a command cost each,
and from two further runs, what the CPU time of the program is spent on: samples of all of it (perf), kernel included, and a
profile of its JavaScript (V8), each with the functions that take most of it.

${tunnelReport(published.rows, published.connects)}
`;
}

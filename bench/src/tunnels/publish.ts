import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TunnelPlan } from "./measurement.ts";
import { tunnelReport } from "./report.ts";
import { loadShapes } from "./shape.ts";
import type { ConnectFigures, ShapeRow } from "./summary.ts";

const docs = fileURLToPath(new URL("../../../docs", import.meta.url));

/** Figures and when they were measured: each row says by the number of its part. */
interface Published {
  readonly machine: string;
  readonly node: string;
  /** How each part was measured. */
  readonly parts: readonly string[];
  readonly rows: readonly ShapeRow[];
  readonly connects: readonly ConnectFigures[];
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
  const part = `${date}, ${whatOf(plan)}: median of ${plan.rounds} rounds of ${plan.duration / 1000} s; before, others kept ${busy.toFixed(1)} of ${cpus().length} CPUs busy`;
  const isNew = ({ mode, shape }: ShapeRow): boolean =>
    !rows.some((row) => row.mode === mode && row.shape === shape);
  const kept = before?.rows.filter(isNew) ?? [];
  const keptConnects =
    before?.connects.filter((row) => !connects.some(({ mode }) => mode === row.mode)) ?? [];
  const published: Published = {
    machine,
    node,
    parts: [...(kept.length + keptConnects.length > 0 ? (before?.parts ?? []) : []), part],
    rows: [...kept, ...rows].sort((one, other) => placeOf(one) - placeOf(other)),
    connects: [...keptConnects, ...connects].sort((one, other) => one.mode.localeCompare(other.mode)),
  };
  writeFileSync(join(docs, "performance-tunnel.md"), page(published));
  const json = JSON.stringify(
    published,
    (_, value: unknown) =>
      typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value,
    2,
  );
  writeFileSync(file, `${json}\n`);
}

function earlier(file: string, machine: string, node: string): Published | null {
  if (!existsSync(file)) return null;
  // JSON has no NaN: what was not measured is null there.
  const known = JSON.parse(readFileSync(file, "utf8"), (key, value: unknown) =>
    value === null && key !== "goal" && key !== "hotSpots" ? Number.NaN : value,
  ) as Published;
  return known.machine === machine && known.node === node && Array.isArray(known.parts) ? known : null;
}

function placeOf({ mode, shape }: ShapeRow): number {
  return (mode === "client" ? 0 : 100) + loadShapes.findIndex(({ name }) => name === shape);
}

function whatOf({ modes, shapes, connects }: TunnelPlan): string {
  const loads = shapes.length === loadShapes.length ? ["all loads"] : shapes.map(({ name }) => name);
  return `${modes.join(" and ")} (${[...loads, ...(connects ? ["connections"] : [])].join("; ")})`;
}

function page(published: Published): string {
  return `# Performance of tunnels

Written by \`npm run bench:tunnel -- --write\`; nothing on this page is typed by hand. What they are:
[the tunnel](guide/tunnel.md), [stunnel.conf](guide/stunnel.md) (the rows *Redoubt relay*), [the terminator](guide/terminator.md).

Measured on ${published.machine}, Node ${published.node}:

${published.parts.map((part) => `- ${part}`).join("\n")}

The busier others keep the machine, the less throughput and times say; CPU seconds hold.
The load is redis-benchmark (GET of one value) on the same machine, and so are Redis and what is measured: on two CPUs they
take them from each other. stunnel, HAProxy (two threads) and hitch (two workers) are Debian's. *Direct* is the load without
anything in between; hitch is not measured as a client, because the client mode of 1.7.2 ends with an assertion. Times of the
others are what they add to it. CPU is that of the measured program with its children. *Why* is from samples (perf) of a
further run, for rows that miss a goal: what the CPU time of the program is spent on, and the functions that take most of it.

${tunnelReport(published.rows, published.connects)}
`;
}

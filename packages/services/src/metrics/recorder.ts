import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import type { Metrics, MetricsPeriod } from "../contract/metrics.ts";
import type { NodeHandle } from "../contract/node-handle.ts";
import { RingFile } from "./ring-file.ts";
import { Sampler } from "./sampler.ts";
import { archives, seriesTable } from "./series.ts";

/** Time between two measurements, ms: the finest step. */
export const sampleEvery = 30_000;

/** Folder of the ring files below that of a service. */
export const metricsFolder = (service: string): string => join(service, "metrics");

/** Measures the nodes of a service and keeps what it found, a ring file for each node. */
export class MetricsRecorder {
  readonly #folder: string;
  readonly #samplers = new Map<string, Sampler>();

  /** @param folder for the ring files; it is made when it is needed (0700) */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Measures all nodes once. A node that does not answer leaves a gap, and does not keep the others from being measured.
   * @param now ms since 1970
   */
  async record(nodes: readonly NodeHandle[], now: number = Date.now()): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const node of nodes) {
      const sampler = this.#samplers.get(node.name) ?? new Sampler(node.dataFolder);
      this.#samplers.set(node.name, sampler);
      try {
        using control = await node.control();
        const sample = await sampler.sample(control);
        await using ring = await RingFile.open(ringPath(this.#folder, node.name));
        await ring.record(now, sample);
      } catch (error) {
        // A full disk is for the keeper's log; a server that is away shows by its gap.
        if ((error as NodeJS.ErrnoException).syscall === "write") throw error;
      }
    }
  }
}

/**
 * Reads what was measured.
 * @param nodes names of the nodes whose series are wanted, in order
 * @param now ms since 1970
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for a period that there is not
 */
export async function readMetrics(
  folder: string,
  nodes: readonly string[],
  period: MetricsPeriod = "hour",
  now: number = Date.now(),
): Promise<Metrics> {
  const archive = archives.find((one) => one.period === period);
  if (archive === undefined)
    throw new RedoubtError("CONFIG_INVALID_VALUE", `period is ${String(period)}`, {
      hint: `Use one of ${archives.map((one) => one.period).join(", ")}.`,
    });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const perNode = await Promise.all(
    nodes.map(async (node) => {
      await using ring = await RingFile.open(ringPath(folder, node));
      return { node, points: await ring.read(period, now) };
    }),
  );
  const series = seriesTable.flatMap(({ name, unit, title }, index) =>
    perNode.map(({ node, points }) => ({ name, unit, title, node, points: points[index] ?? [] })),
  );
  return { period, step: archive.step * 1000, series };
}

/** One series as Aiven's API answers: columns, and a row for each point of time. */
export interface OriginalSeries {
  readonly data: {
    readonly cols: readonly { readonly label: string; readonly type: "date" | "number" }[];
    readonly rows: readonly (readonly (string | number | null)[])[];
  };
  readonly hints: { readonly title: string };
}

/** Metrics in the shape of `avn service metrics`: by name of the series, a column for each node. */
export function originalShape({ series }: Metrics): Readonly<Record<string, OriginalSeries>> {
  const shaped = seriesTable.map(({ name, title }): [string, OriginalSeries] => {
    const columns = series.filter((one) => one.name === name);
    const cols = columns.map(({ node }) => ({ label: node, type: "number" as const }));
    const rows = (columns[0]?.points ?? []).map(([time], index) => [
      new Date(time).toISOString(),
      ...columns.map(({ points }) => points[index]?.[1] ?? null),
    ]);
    return [name, { data: { cols: [{ label: "time", type: "date" }, ...cols], rows }, hints: { title } }];
  });
  return Object.fromEntries(shaped);
}

const ringPath = (folder: string, node: string): string => join(folder, `${node}.ring`);

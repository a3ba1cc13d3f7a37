import { type Metrics, type MetricsPeriod, originalShape } from "@redoubt/services";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";
import { printItems } from "../../service/table.ts";
import { oneOf } from "../../usage.ts";

const periods = ["hour", "day", "week", "month", "year"] as const satisfies readonly MetricsPeriod[];

/** Adds `redoubt service metrics`. */
export function addServiceMetrics(service: Command, invocation: Invocation): void {
  service
    .command("metrics <name>")
    .description("Show what was measured: processor, memory, disk, network.")
    .option("--period <period>", `how far back: ${periods.join(", ")}`, oneOf("--period", periods), "hour")
    .option("--json", "print all points as one JSON document")
    .action(
      async (name: string, { period, json }: { readonly period: MetricsPeriod; readonly json?: true }) => {
        const services = await openHome(invocation);
        const metrics = await services.metrics(name, period);
        if (json) invocation.output.json(originalShape(metrics));
        else
          printItems(
            summary(metrics),
            ["metric", "node", "unit", "now", "min", "mean", "max", "points"],
            {},
            invocation.output,
          );
        invocation.exitCode = exitCodes.ok;
      },
    );
}

function summary({ series }: Metrics) {
  return series.map(({ name, node, unit, points }) => {
    const values = points.map(([, value]) => value).filter((value) => value !== null);
    const sum = values.reduce((total, value) => total + value, 0);
    return {
      metric: name,
      node,
      unit,
      now: rounded(values.at(-1)),
      min: rounded(values.length === 0 ? undefined : Math.min(...values)),
      mean: rounded(values.length === 0 ? undefined : sum / values.length),
      max: rounded(values.length === 0 ? undefined : Math.max(...values)),
      points: values.length,
    };
  });
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(4));
}

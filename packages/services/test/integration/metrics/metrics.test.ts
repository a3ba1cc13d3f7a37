import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { MetricsRecorder, originalShape, readMetrics } from "../../../src/metrics/recorder.ts";
import { seriesTable } from "../../../src/metrics/series.ts";
import { startNode, temporaryFolder } from "../node.ts";

test("a real server is measured: what it took and gave, its CPU, memory and disk", async () => {
  await using folder = await temporaryFolder();
  await using node = await startNode(folder.path, "redis-1", { config: ["maxmemory 100mb"] });
  const path = join(folder.path, "metrics");
  const recorder = new MetricsRecorder(path);
  const start = Date.now();
  await recorder.record([node], start);
  {
    using control = await node.control();
    const value = "x".repeat(100_000);
    for (let index = 0; index < 50; index++) {
      await control.call("SET", `k${index}`, value);
      await control.call("GET", `k${index}`);
    }
  }
  await delay(50);
  // The next step, so that the first, which knows no rates, does not share it.
  await recorder.record([node], start + 30_000);
  const metrics = await readMetrics(path, ["redis-1"], "hour", start + 30_000);
  expect(metrics).toMatchObject({ period: "hour", step: 30_000 });
  expect(metrics.series.map(({ name }) => name)).toEqual(seriesTable.map(({ name }) => name));
  const last = Object.fromEntries(metrics.series.map(({ name, points }) => [name, points.at(-1)?.[1]]));
  // At least what was sent, in the time that the test took at most.
  for (const name of ["net_receive", "net_send"]) expect(last[name]).toBeGreaterThan(5_000_000 / 600);
  expect(last["cpu_usage"]).toBeGreaterThan(0);
  expect(last["mem_usage"]).toBeGreaterThan(5);
  expect(last["mem_usage"]).toBeLessThan(50);
  expect(last["disk_usage"]).toBeGreaterThan(0);
  expect(last["load_average"]).toBeGreaterThanOrEqual(0);
  if (process.platform === "linux") expect(last["disk_iowrites"]).toBeGreaterThan(0);
  const before = metrics.series.map(({ name, points }) => [name, points.at(-2)?.[1]] as const);
  expect(Object.fromEntries(before)["net_receive"]).toBeNull();
  expect(Object.fromEntries(before)["mem_usage"]).toBeGreaterThan(0);
});

test("a node that is away leaves a gap, and the others are measured; a restart is no negative rate", async () => {
  await using folder = await temporaryFolder();
  await using one = await startNode(folder.path, "redis-1");
  await using two = await startNode(folder.path, "redis-2");
  const path = join(folder.path, "metrics");
  const recorder = new MetricsRecorder(path);
  const start = Date.now();
  await recorder.record([one, two], start);
  await one.stop();
  await recorder.record([one, two], start + 30_000);
  await one.start();
  await recorder.record([one, two], start + 60_000);
  await recorder.record([one, two], start + 90_000);
  const shape = originalShape(await readMetrics(path, ["redis-1", "redis-2"], "hour", start + 90_000));
  const rows = shape["net_receive"]?.data.rows.slice(-3) ?? [];
  expect(shape["net_receive"]?.data.cols).toEqual([
    { label: "time", type: "date" },
    { label: "redis-1", type: "number" },
    { label: "redis-2", type: "number" },
  ]);
  expect(rows.map((row) => row[1])).toEqual([null, null, expect.any(Number)]);
  expect(rows.map((row) => row[2])).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
  expect(await readdir(path)).toEqual(["redis-1.ring", "redis-2.ring"]);
  await expect(readMetrics(path, ["redis-1"], "decade" as "year")).rejects.toMatchObject({
    code: "CONFIG_INVALID_VALUE",
    hint: expect.stringContaining("hour, day, week, month, year") as string,
  });
});

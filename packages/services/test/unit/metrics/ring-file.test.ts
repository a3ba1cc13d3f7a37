import { Buffer } from "node:buffer";
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RingFile } from "../../../src/metrics/ring-file.ts";
import { archives, type Sample, seriesTable } from "../../../src/metrics/series.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "redoubt-ring-"));
  path = join(folder, "redis-1.ring");
});
afterEach(() => rm(folder, { recursive: true }));

const start = Date.parse("2026-11-29T00:00:00Z");
const sample = (value: number | null): Sample =>
  Object.fromEntries(seriesTable.map(({ name }) => [name, value])) as Sample;
const first = async (ring: RingFile, period: "hour" | "day" | "week" | "month" | "year", now: number) =>
  (await ring.read(period, now))[0]?.filter(([, value]) => value !== null) ?? [];

test("what was measured comes back in every resolution, as means", async () => {
  await using ring = await RingFile.open(path);
  // Ten minutes, every 30 s: 0, 1, 2 … 19.
  for (let index = 0; index < 20; index++) await ring.record(start + index * 30_000, sample(index));
  const now = start + 19 * 30_000;
  const hour = await first(ring, "hour", now);
  expect(hour).toHaveLength(20);
  expect(hour[3]).toEqual([start + 90_000, 3]);
  expect(await first(ring, "day", now)).toEqual([
    [start, 4.5],
    [start + 300_000, 14.5],
  ]);
  for (const period of ["week", "month", "year"] as const)
    expect(await first(ring, period, now)).toEqual([[start, 9.5]]);
  for (const { period, slots, step } of archives) {
    const points = await ring.read(period, now);
    expect(points).toHaveLength(8);
    expect(points[7]).toHaveLength(slots);
    expect(points[0]?.at(-1)?.[0]).toBe(Math.floor(now / 1000 / step) * step * 1000);
  }
});

test("the file never grows, old points make room, and gaps are gaps", async () => {
  const { size } = await RingFile.open(path).then(async (ring) => {
    await ring[Symbol.asyncDispose]();
    return stat(path);
  });
  await using ring = await RingFile.open(path);
  const hours = 3;
  for (let index = 0; index < hours * 120; index++)
    if (index % 120 < 100) await ring.record(start + index * 30_000, sample(index));
  expect((await stat(path)).size).toBe(size);
  const now = start + hours * 3_600_000 - 1;
  const points = (await ring.read("hour", now))[0] ?? [];
  expect(points.map(([, value]) => value)).toEqual(
    Array.from({ length: 120 }, (_, index) => (index < 100 ? 240 + index : null)),
  );
  // A year later nothing of it is left.
  expect(await first(ring, "year", now + 367 * 86_400_000)).toEqual([]);
});

test("series that cannot be measured have no value, and do not spoil the mean", async () => {
  await using ring = await RingFile.open(path);
  for (const value of [null, 10, null, 20]) await ring.record(start, { ...sample(1), cpu_usage: value });
  const [cpu, memory] = await ring.read("hour", start);
  expect(cpu?.at(-1)?.[1]).toBe(15);
  expect(memory?.at(-1)?.[1]).toBe(1);
});

test("a record that was cut short at any byte costs one sample at most", async () => {
  {
    await using ring = await RingFile.open(path);
    await ring.record(start, sample(10));
    await ring.record(start, sample(20));
  }
  const before = await readFile(path);
  {
    await using ring = await RingFile.open(path);
    await ring.record(start, sample(60));
  }
  const after = await readFile(path);
  const changed = [...after.keys()].filter((index) => after[index] !== before[index]);
  expect(changed.length).toBeGreaterThan(20);
  for (const cut of changed) {
    await writeFile(path, Buffer.concat([after.subarray(0, cut), before.subarray(cut)]));
    await using ring = await RingFile.open(path);
    for (const { period } of archives) {
      const [point] = await first(ring, period, start);
      expect([15, 30]).toContain(point?.[1]);
    }
    // And it goes on.
    await ring.record(start, sample(1));
    expect(await first(ring, "year", start)).toHaveLength(1);
  }
});

test("a file that is no ring is put aside, and the file is only for its owner", async () => {
  await writeFile(path, "something else");
  await using ring = await RingFile.open(path);
  expect(await first(ring, "hour", start)).toEqual([]);
  expect(await readdir(folder)).toEqual(["redis-1.ring", "redis-1.ring.broken"]);
  const handle = await open(path);
  expect((await handle.stat()).mode & 0o777).toBe(0o600);
  await handle.close();
});

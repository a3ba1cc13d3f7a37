import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Disk, readIfThere } from "../../../src/state/disk.ts";
import { EventLog } from "../../../src/state/events.ts";
import { Places } from "../../../src/state/places.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "redoubt-disk-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a write that fails on the way leaves the old file and nothing else", async () => {
  const path = join(folder, "file");
  await new Disk().write(path, "old");
  const failing = new Disk((what) => {
    if (what === "write file") throw new Error("full");
  });
  await expect(failing.write(path, "new")).rejects.toThrow("full");
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["file"]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readIfThere(join(folder, "none"))).toBe(null);
});

test("events are read newest first, torn lines are left out, secrets are masked", async () => {
  const path = join(folder, "events.jsonl");
  const disk = new Disk();
  const log = new EventLog(path, disk);
  const event = { actor: "ann", service: "one", type: "service_update", description: "" };
  const migration = { host: "old.example", password: "before", ssl: true };
  await log.add({ ...event, changes: [{ key: "migration", from: null, to: migration }] });
  await log.add({ ...event, changes: [{ key: "password", from: "before", to: "after" }] });
  await disk.append(path, '{"time":"torn');
  await log.add({ ...event, service: "two", changes: [{ key: "redis_ssl", from: true, to: false }] });
  const all = await log.read(undefined, 10);
  expect(all.map(({ service }) => service)).toEqual(["two", "one", "one"]);
  expect(all[0]?.changes).toEqual([{ key: "redis_ssl", from: true, to: false }]);
  expect(all[1]?.changes).toEqual([{ key: "password", from: "*****", to: "*****" }]);
  const shown = { ...migration, password: "*****" };
  expect(all[2]?.changes).toEqual([{ key: "migration", from: null, to: shown }]);
  expect(await log.read("one", 1)).toHaveLength(1);
  expect(await readFile(path, "utf8")).not.toMatch(/before|after/);
});

test("sockets move to a folder among the temporary files when their paths would be too long", () => {
  const near = new Places("/h").service("one");
  expect(near.sockets).toBe("/h/services/one/run");
  const far = new Places(`/${"long".repeat(30)}`).service("one");
  expect(Buffer.byteLength(far.nodeSocket("sentinel-12"))).toBeLessThanOrEqual(100);
  expect(far.sockets).not.toBe(new Places(`/${"long".repeat(30)}`).service("two").sockets);
});

test("the log of events does not grow without end: the newest are kept, whoever writes, and no lock stays", async () => {
  const path = join(folder, "events.jsonl");
  const limit = 2_000;
  const writers = [1, 2, 3].map(() => new EventLog(path, new Disk(), limit));
  const add = (log: EventLog, at: number) =>
    log.add({ actor: "a", service: "one", type: "t", description: String(at), changes: [] });
  for (let at = 0; at < 120; at += 3) await Promise.all(writers.map((log, i) => add(log, at + i)));
  const sizes = await Promise.all([path, `${path}.1`].map(async (file) => (await readFile(file)).length));
  // What the others add while one looks is over the limit.
  for (const size of sizes) expect(size).toBeLessThan(limit + 1_000);
  const [log] = writers as [EventLog];
  const found = (await log.read("one", 1_000)).map(({ description }) => Number(description));
  expect(found.length).toBeGreaterThan(15);
  expect(found.length).toBeLessThan(120);
  expect(new Set(found).size).toBe(found.length);
  // Nothing between the oldest that is kept and the newest is missing.
  const sorted = found.toSorted((a, b) => a - b);
  expect(sorted.at(-1)).toBe(119);
  expect(sorted.slice(3)).toEqual(
    Array.from({ length: sorted.length - 3 }, (_, i) => 120 - sorted.length + 3 + i),
  );
  expect((await readdir(folder)).sort()).toEqual(["events.jsonl", "events.jsonl.1"]);
  expect((await stat(`${path}.1`)).mode & 0o777).toBe(0o600);
});

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

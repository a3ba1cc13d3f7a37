import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BackupStore } from "../../../src/backups/backup-store.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "redoubt-backups-"));
});
afterEach(() => rm(folder, { recursive: true }));

const now = Date.parse("2026-11-29T12:00:00Z");
const day = 86_400_000;

async function put(age: number, more: object = {}): Promise<string> {
  const time = new Date(now - age).toISOString();
  const name = `b-${time.replaceAll(":", "-")}`;
  await mkdir(join(folder, name));
  const said = {
    version: 1,
    time,
    size: 1,
    reason: "schedule",
    parts: [],
    cluster: false,
    frequent: false,
    ...more,
  };
  await writeFile(join(folder, name, "backup.json"), JSON.stringify({ name, ...said }));
  return name;
}

test("pruning keeps the days of the plan, the newest frequent one and the newest of all", async () => {
  const store = new BackupStore(folder);
  await put(3.5 * day);
  const third = await put(2.9 * day);
  const second = await put(1.9 * day, { reason: "order" });
  await put(1200_000, { frequent: true });
  const frequent = await put(600_000, { frequent: true });
  const gone = await store.prune(3, now);
  expect(gone).toHaveLength(2);
  expect((await store.list()).map(({ name }) => name)).toEqual([frequent, second, third]);
  await store.prune(0, now);
  expect((await store.list()).map(({ name }) => name)).toEqual([frequent]);
  // Whoever ordered one finds it a day later, whatever the plan.
  const ordered = await put(0.9 * day, { reason: "order" });
  await store.prune(0, now);
  expect((await store.list()).map(({ name }) => name)).toEqual([frequent, ordered]);
  await store.prune(0, now + 365 * day);
  expect(await store.list()).toHaveLength(1);
});

test("folders that hold no backup are none, and no folder is no backups", async () => {
  const store = new BackupStore(folder);
  await mkdir(join(folder, ".unfinished-a"));
  await mkdir(join(folder, "b"));
  await mkdir(join(folder, "c"));
  await writeFile(join(folder, "c", "backup.json"), '{"half":');
  await writeFile(join(folder, "d"), "");
  expect(await store.list()).toEqual([]);
  expect(await new BackupStore(join(folder, "none")).list()).toEqual([]);
  await expect(store.get()).rejects.toMatchObject({ code: "SERVICE_BACKUP_UNKNOWN" });
});

import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BackupStore } from "../../../src/backups/backup-store.ts";
import { placeSnapshot, Restoration } from "../../../src/backups/restoration.ts";
import { persistenceOf } from "../../../src/backups/snapshot.ts";
import { Disk } from "../../../src/state/disk.ts";
import { startNode, temporaryFolder } from "../node.ts";

test("a backup holds what the server held, while it goes on serving and writing", async () => {
  await using folder = await temporaryFolder();
  await using node = await startNode(folder.path);
  const store = new BackupStore(join(folder.path, "backups"));
  await node.server.command("DEBUG", "POPULATE", "20000", "key", "100");
  let writing = true;
  let written = 0;
  const writer = (async () => {
    using control = await node.control();
    while (writing) {
      await control.call("SET", "counter", String(++written));
    }
  })();
  const backup = await store.take([node], { reason: "order" });
  const before = written;
  await expect.poll(() => written).toBeGreaterThan(before);
  writing = false;
  await writer;
  expect(backup).toMatchObject({ reason: "order", cluster: false, frequent: false });
  expect(backup.size).toBeGreaterThan(300_000);
  expect(await store.list()).toEqual([backup]);
  await store.verify(backup);
  expect((await stat(backup.location)).mode & 0o777).toBe(0o700);
  expect((await stat(join(backup.location, "backup.json"))).mode & 0o777).toBe(0o600);
  // A later snapshot takes the name of the server's file, and leaves the backup what it is.
  await node.server.command("FLUSHALL");
  const empty = await store.take([node], { reason: "order" });
  expect(empty.size).toBeLessThan(1000);
  await store.verify(backup);
  expect((await store.list()).map(({ name }) => name)).toEqual([empty.name, backup.name]);
});

test("two snapshots at once wait for each other, and the second holds the newest writes", async () => {
  await using folder = await temporaryFolder();
  await using node = await startNode(folder.path, "redis-1", { config: ["rdb-key-save-delay 100"] });
  const store = new BackupStore(join(folder.path, "backups"));
  await node.server.command("DEBUG", "POPULATE", "10000", "key", "10");
  const first = store.take([node], { reason: "order" });
  await expect.poll(() => node.server.command("INFO", "persistence")).toContain("rdb_bgsave_in_progress:1");
  await node.server.command("SET", "late", "1");
  expect((await persistenceOf(node)).changes).toBeGreaterThan(0);
  const second = await store.take([node], { reason: "order" });
  await first;
  await using copy = await temporaryFolder();
  await placeSnapshot(store.partFor(second, "any"), join(copy.path, "nodes/redis-9/data"), true);
  await using restored = await startNode(copy.path, "redis-9");
  expect(await restored.server.command("GET", "late")).toBe("1");
  expect(await restored.server.command("DBSIZE")).toBe(10_001);
});

test("a backup that was changed on disk is refused, and says how", async () => {
  await using folder = await temporaryFolder();
  await using node = await startNode(folder.path);
  const store = new BackupStore(join(folder.path, "backups"));
  await node.server.command("SET", "a", "1");
  const backup = await store.take([node], { reason: "order" });
  const file = store.partFor(backup, "redis-1");
  const good = await readFile(file);
  // As another file, as whoever damages a copy would: the server's own is the same file.
  const write = async (bytes: Uint8Array): Promise<void> => {
    await rm(file);
    await writeFile(file, bytes);
  };
  await write(good.subarray(0, 20));
  await expect(store.verify(backup)).rejects.toMatchObject({
    code: "SERVICE_BACKUP_DAMAGED",
    message: expect.stringContaining(`it has 20 bytes, and had ${good.length}`) as string,
  });
  const other = Buffer.from(good);
  other[other.length - 12] = (other[other.length - 12] as number) ^ 1;
  await write(other);
  await expect(store.verify(backup)).rejects.toThrow("SHA-256");
  // What was broken when it was put away shows when the server's own program reads it.
  const part = { ...backup.parts[0], ...(await fingerprintOf(file)) } as (typeof backup.parts)[0];
  await expect(store.verify({ ...backup, parts: [part] })).rejects.toMatchObject({
    code: "SERVICE_BACKUP_DAMAGED",
  });
  await rm(file);
  await expect(store.verify(backup)).rejects.toThrow("ENOENT");
  await expect(store.get("2020")).rejects.toMatchObject({
    code: "SERVICE_BACKUP_UNKNOWN",
    hint: expect.stringContaining(backup.name) as string,
  });
});

async function fingerprintOf(file: string) {
  const { fingerprint } = await import("../../../src/backups/snapshot-file.ts");
  return fingerprint(file);
}

test("restoring exchanges the data and keeps the node's own files; the old data goes when the server answers", async () => {
  await using folder = await temporaryFolder();
  await using node = await startNode(folder.path);
  const store = new BackupStore(join(folder.path, "backups"));
  await node.server.command("SET", "a", "then");
  const backup = await store.take([node], { reason: "order" });
  await node.server.command("SET", "a", "now");
  await writeFile(join(node.dataFolder, "nodes.conf"), "whose slots");
  const restoration = new Restoration(folder.path);
  await restoration.run(backup.name, [node], [], (name) => store.partFor(backup, name));
  expect(await node.server.command("GET", "a")).toBe("then");
  expect(await readFile(join(node.dataFolder, "nodes.conf"), "utf8")).toBe("whose slots");
  expect(await readdir(node.folder)).toEqual(["data"]);
  // It goes on as any other: what is written now survives the next start.
  await node.server.command("SET", "b", "later");
  await node.server.restart();
  expect(await node.server.command("MGET", "a", "b")).toEqual(["then", "later"]);
  await store.verify(backup);
});

test("a snapshot with which the server does not start leaves everything as it was", async () => {
  await using folder = await temporaryFolder();
  await using node = await startNode(folder.path, "redis-1", { startTimeout: 20_000 });
  await node.server.command("SET", "a", "now");
  const wrong = join(folder.path, "wrong.rdb");
  await writeFile(wrong, "REDIS0009 and nothing that makes sense");
  const restoration = new Restoration(folder.path);
  await expect(restoration.run("wrong", [node], [], () => wrong)).rejects.toThrow(/exited|ended/);
  expect(await node.server.command("GET", "a")).toBe("now");
  expect(await readdir(node.folder)).toEqual(["data"]);
  expect(await restoration.recover([node.dataFolder])).toBeNull();
});

/** Ends at the n-th step, as a process does that is killed there. */
function diskThatStopsAt(step: number): { disk: Disk; steps: string[] } {
  const steps: string[] = [];
  const disk = new Disk((what) => {
    steps.push(what);
    if (steps.length >= step) throw new Error(`killed after ${what}`);
  });
  return { disk, steps };
}

test("a backup that is cut short at any step is not there, and one that is there is whole", async () => {
  await using folder = await temporaryFolder();
  await using node = await startNode(folder.path);
  await node.server.command("SET", "a", "1");
  const path = join(folder.path, "backups");
  let cut = 0;
  for (let step = 1; ; step++) {
    const { disk } = diskThatStopsAt(step);
    const done = await new BackupStore(path, disk).take([node], { reason: "order" }).then(
      () => true,
      () => false,
    );
    const store = new BackupStore(path);
    for (const backup of await store.list()) await store.verify(backup);
    if (done) break;
    cut++;
  }
  expect(cut).toBeGreaterThan(4);
  const store = new BackupStore(path);
  await mkdir(join(path, ".unfinished-x"));
  await store.sweep();
  expect((await readdir(path)).filter((name) => name.startsWith("."))).toEqual([]);
  expect((await store.list()).length).toBeGreaterThan(0);
});

test("a restoration whose process dies at any step ends with all the old data or all the new", async () => {
  await using folder = await temporaryFolder();
  await using one = await startNode(folder.path, "redis-1");
  await using two = await startNode(folder.path, "redis-2");
  const nodes = [one, two];
  const store = new BackupStore(join(folder.path, "backups"));
  await one.server.command("SET", "a", "then");
  const backup = await store.take([one], { reason: "order" });
  const folders = nodes.map(({ dataFolder }) => dataFolder);
  const outcomes = new Set<string>();
  for (let step = 1, isOver = false; !isOver; step++) {
    for (const { server } of nodes) await server.command("SET", "a", "now");
    const dead = new Restoration(folder.path, diskThatStopsAt(step).disk);
    try {
      for (const dataFolder of folders) await dead.prepare(dataFolder, store.partFor(backup, ""), true);
      for (const node of nodes) await node.stop();
      await dead.exchange(backup.name, folders);
      isOver = true;
    } catch (error) {
      expect((error as Error).message).toContain("killed after");
    }
    for (const node of nodes) await node.stop();
    const alive = new Restoration(folder.path);
    const outcome = await alive.recover(folders);
    outcomes.add(String(outcome));
    for (const node of nodes) await node.start();
    const values = await Promise.all(nodes.map(({ server }) => server.command("GET", "a")));
    expect(values, `step ${step}`).toEqual(outcome === "new" ? ["then", "then"] : ["now", "now"]);
    await alive.commit(folders);
    for (const node of nodes) expect(await readdir(node.folder)).toEqual(["data"]);
  }
  expect([...outcomes].sort()).toEqual(["new", "null", "old"]);
});

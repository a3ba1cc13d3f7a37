import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { openServices } from "../../src/services/project.ts";
import { ground, say } from "../ground.ts";

/** Runs a program of one line in a process of its own, and resolves with what it prints. */
function run(home: string, program: string): Promise<string> {
  return script(`import { openServices } from "@redoubt/services";
    const services = openServices({ home: ${JSON.stringify(home)} });
    console.log(${program});`);
}

function script(program: string): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: import.meta.dirname });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (some: string) => {
      text += some;
    });
  return new Promise((resolve) => child.once("close", () => resolve(text.trim())));
}

test("made by one process, used by others, and nothing is lost when any of them is killed", async () => {
  await using place = await ground();
  const uri = await run(place.home, `(await services.create("my-redis")).uri`);
  expect(uri).toMatch(/^rediss:\/\/default:[\w-]{20,}@localhost:\d+$/);
  await say(place, uri, ["SET", "kept", "1"]);
  const { services } = place;
  const before = await services.get("my-redis");
  expect(before).toMatchObject({ state: "RUNNING", uri, plan: "startup-1", type: "redis", plain: null });

  // The keeper: servers go on, and the next command starts another one on the same ports.
  process.kill(before.keeper?.pid ?? 0, "SIGKILL");
  const kept = await services.get("my-redis");
  expect(kept.keeper?.pid).not.toBe(before.keeper?.pid);
  expect(kept.nodes[0]?.pid).toBe(before.nodes[0]?.pid);
  expect(await say(place, uri, ["INCR", "kept"])).toEqual([2]);

  // The server: the keeper starts it again, and what was acknowledged is there, however little before.
  await say(place, uri, ...Array.from({ length: 200 }, () => ["INCR", "burst"]));
  process.kill(kept.nodes[0]?.pid ?? 0, "SIGKILL");
  await expect.poll(async () => (await services.get("my-redis")).nodes[0]?.restarts).toBe(1);
  await expect.poll(() => say(place, uri, ["INCR", "kept"]).catch(String)).toEqual([3]);

  expect(await say(place, uri, ["GET", "burst"])).toEqual(["200"]);

  // Both at once, as when the machine loses power.
  const last = await services.get("my-redis");
  for (const pid of [last.keeper?.pid, last.nodes[0]?.pid]) process.kill(pid ?? 0, "SIGKILL");
  expect(await run(place.home, `(await services.get("my-redis")).uri`)).toBe(uri);
  expect(await say(place, uri, ["INCR", "kept"])).toEqual([4]);
});

test("whose folder somebody has removed ends, servers and all, and comes back nowhere", async () => {
  await using place = await ground();
  const { keeper, nodes } = await place.services.create("removed", { plan: "business-1" });
  const pids = [keeper?.pid, ...nodes.map(({ pid }) => pid)].map(Number);
  expect(pids).toHaveLength(6);
  await rm(place.home, { recursive: true, force: true });
  const running = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(() => pids.filter(running), { timeout: 60_000 }).toEqual([]);
  expect(await readdir(place.home).catch(({ code }) => code)).toBe("ENOENT");
});

test("its files are for this user alone", async () => {
  await using place = await ground();
  const { folder } = await place.services.create("private");
  await place.services.backupNow("private");
  const modes = async (paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => ((await stat(path)).mode & 0o777).toString(8)));
  const folders = [
    place.home,
    join(place.home, "ca"),
    folder,
    join(folder, "run"),
    join(folder, "certificates"),
  ];
  expect(await modes(folders)).toEqual(folders.map(() => "700"));
  const files = [
    "service.json",
    "status.json",
    "certificates/server-1.key",
    "nodes/redis-1/redis.conf",
    "nodes/redis-1/users.acl",
    "run/keeper.sock",
    "logs/keeper.log",
  ].map((name) => join(folder, name));
  expect(await modes([...files, join(place.home, "ca/ca.key")])).toEqual([...files, ""].map(() => "600"));
  // What servers write themselves: data, backups, logs.
  const all = await readdir(place.home, { recursive: true });
  for (const written of [/appendonly/, /\.rdb$/, /redis-1\.log$/])
    expect(
      all.some((path) => written.test(path)),
      String(written),
    ).toBe(true);
  const open = await Promise.all(
    all.map(async (path) => {
      // Temporary files may go while we look.
      const found = await stat(join(place.home, path)).catch(() => null);
      return found === null || (found.mode & 0o077) === 0 ? null : path;
    }),
  );
  expect(open.filter((path) => path !== null)).toEqual([]);
});

test("locks that somebody has removed are put back: the keeper is seen, and stays the only one", async () => {
  await using place = await ground();
  const { keeper } = await place.services.create("seen");
  const locks = join(place.home, "locks");
  await rm(locks, { recursive: true });
  await expect.poll(() => readdir(locks).catch(() => [])).toContain("seen.keeper");
  expect((await place.services.list())[0]).toMatchObject({ state: "RUNNING", keeper: { pid: keeper?.pid } });
});

test("two changes at once: one wins, the other is told, and so is one that was prepared too long ago", async () => {
  await using place = await ground();
  const { revision } = await place.services.create("contended");
  const [mine, theirs] = ["ann", "bob"].map((actor) => openServices({ home: place.home, actor }));
  const outcomes = await Promise.allSettled([
    mine?.update("contended", { userConfig: { redis_timeout: 100 }, revision }),
    theirs?.update("contended", { userConfig: { redis_timeout: 200 }, revision }),
  ]);
  const lost = outcomes.filter(({ status }) => status === "rejected");
  expect(lost).toHaveLength(1);
  expect(["SERVICE_BUSY", "SERVICE_CHANGED"]).toContain((lost[0] as PromiseRejectedResult).reason.code);
  await expect(place.services.update("contended", { idle: 1000, revision })).rejects.toMatchObject({
    code: "SERVICE_CHANGED",
  });
  const now = await place.services.get("contended");
  expect(now).toMatchObject({ revision: revision + 1, idle: 43_200_000 });
  expect([100, 200]).toContain(now.userConfig["redis_timeout"]);
});

test("a command that is killed between its record and its order: the next one has the change made", async () => {
  await using place = await ground();
  const { services, home } = place;
  const { uri, revision } = await services.create("one");
  const built = (path: string) => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);
  await script(`import { Disk } from ${built("state/disk.js")};
    import { Changer } from ${built("services/changer.js")};
    const disk = new Disk((what) => { if (what === "rename service.json") process.kill(process.pid, "SIGKILL"); });
    const all = new Changer(${JSON.stringify(home)}, "dying", disk);
    await all.change("one", { type: "service_update", description: "" },
      (record) => ({ ...record, userConfig: { redis_ssl: false } }));`);
  const after = await services.get("one");
  expect(after).toMatchObject({ revision: revision + 1, uriParams: { tls: false } });
  expect(await say(place, after.uri, ["PING"])).toEqual(["PONG"]);
  expect(after.uri).not.toBe(uri);
});

test("a home whose path is too long for Unix sockets has them among the temporary files, for this user alone", async () => {
  await using place = await ground();
  const home = join(place.home, "long".repeat(25));
  const services = openServices({ home, actor: "test" });
  const { uri, folder, nodes } = await services.create("far");
  expect(await say({ home }, uri, ["PING"])).toEqual(["PONG"]);
  const config = await readFile(join(folder, "nodes/redis-1/redis.conf"), "utf8");
  const [, socket = ""] = /^unixsocket (\S+)$/m.exec(config) ?? [];
  expect(socket.startsWith(folder)).toBe(false);
  for (const of of [dirname(socket), dirname(dirname(socket))])
    expect(((await stat(of)).mode & 0o777).toString(8)).toBe("700");
  await services.terminate("far");
  await expect(stat(dirname(socket))).rejects.toMatchObject({ code: "ENOENT" });
  expect(() => process.kill(nodes[0]?.pid ?? 0, 0)).toThrow("ESRCH");
});

test("the terminator hangs up on the silent, as its rule says now, and nobody comes to a server past it", async () => {
  await using place = await ground();
  const { services, home } = place;
  const made = await services.create("one");
  const ca = await readFile(join(home, "ca/ca.pem"));
  const open = async () => {
    const socket = connect({ host: "localhost", port: made.uriParams.port, ca });
    await once(socket, "secureConnect");
    return { socket, closed: once(socket.resume(), "close") };
  };
  const spared = await open();
  await services.update("one", { idle: 300 });
  // Whoever was there when the rule changed is asked to come again: the door is another one.
  await spared.closed;
  const silent = await open();
  await silent.closed;
  const [, code] = await once(
    connect({ host: "localhost", port: made.nodes[0]?.port, ca }).resume(),
    "error",
  ).then(([error]: { code?: string }[]) => ["", error?.code]);
  expect(code).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET/);
});

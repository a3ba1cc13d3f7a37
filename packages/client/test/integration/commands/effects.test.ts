import { Buffer } from "node:buffer";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "../../../src/client/client.ts";
import { openClient, withBuffers } from "./open-client.ts";

let server: RedisServer;
let two: Client;
let three: Client;

beforeAll(async () => {
  server = await startServer({ listen: "plain", password: false });
  two = await openClient(server, 2);
  three = await openClient(server, 3);
});

afterAll(async () => {
  two?.destroy();
  three?.destroy();
  await server?.stop();
});

describe.each([2, 3] as const)("RESP%i", (protocol) => {
  const client = () => (protocol === 2 ? two : three);

  beforeEach(async () => {
    await client().flushAll();
  });

  test("a dump restores a key, bytes and expiry", async () => {
    const value = Buffer.from([0, 255, 13, 10]);
    await client().set("a", value);
    const dump = (await client().dump("a")) as Buffer;
    expect(dump).toBeInstanceOf(Buffer);
    await client().restore("b", 4_102_444_800_000, dump, { ABSTTL: true });
    expect(await withBuffers(client()).get("b")).toEqual(value);
    expect(await client().pExpireTime("b")).toBe(4_102_444_800_000);
  });

  test("a dump restores functions", async () => {
    const code = "#!lua name=kept\nredis.register_function('f', function() return 7 end)";
    await client().functionLoad(code, { REPLACE: true });
    const dump = await client().functionDump();
    await client().functionFlush();
    await client().functionRestore(dump, { mode: "FLUSH" });
    expect(await client().fCall("f")).toBe(7);
    expect(await client().functionListWithCode()).toMatchObject([{ library_code: code }]);
  });

  /** The id of the connection on which a command waits, which is not that of the client's other commands. */
  async function connectionWaitingIn(cmd: string): Promise<number> {
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      const found = (await client().clientList()).find(
        (each) => each.cmd === cmd && each.flags.includes("b"),
      );
      if (found !== undefined) return found.id;
    }
    throw new Error(`nobody waits in ${cmd}`);
  }

  test("fields named like members of Object are fields", async () => {
    await client().hSet("h", ["__proto__", "x", "constructor", "y"]);
    const all = await client().hGetAll("h");
    expect(Object.entries(all)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.getPrototypeOf(all)).toBeNull();
  });

  test("a loaded script runs by its digest", async () => {
    const sha1 = await client().scriptLoad("return {KEYS[1], ARGV[1]}");
    expect(await client().scriptExists([sha1, "0".repeat(40)])).toEqual([1, 0]);
    expect(await client().evalSha(sha1, { keys: ["k"], arguments: ["v"] })).toEqual(["k", "v"]);
  });

  test("integers beyond 2^53 are bigint", async () => {
    await client().set("n", "9007199254740993");
    expect(await client().incr("n")).toBe(9007199254740994n);
  });

  test("what was slow is listed", async () => {
    await client().configSet("slowlog-log-slower-than", "0");
    await client().slowlogReset();
    await client().set("slow", "1");
    await client().configSet("slowlog-log-slower-than", "10000");
    const log = await client().slowlogGet(-1);
    expect(log).toContainEqual({
      id: expect.any(Number),
      timestamp: expect.any(Number),
      duration: expect.any(Number),
      arguments: ["SET", "slow", "1"],
      client: expect.stringMatching(/:\d+$/),
      clientName: "",
    });
    expect(await client().slowlogLen()).toBe(log.length);
  });

  test("select changes the database", async () => {
    await client().set("here", "0");
    await client().select(3);
    expect(await client().get("here")).toBeNull();
    await client().select(0);
    expect(await client().get("here")).toBe("0");
  });

  test("auth and hello log in", async () => {
    await client().aclSetUser("app", ["reset", "on", ">secret", "+@all", "~*", "&*"]);
    await using own = await openClient(server, protocol);
    expect(await own.auth({ username: "app", password: "secret" })).toBe("OK");
    expect(await own.aclWhoAmI()).toBe("app");
    const AUTH = { username: "default", password: "any" };
    const hello = await own.hello(protocol, { AUTH, SETNAME: "me" });
    expect(hello).toMatchObject({ server: expect.any(String), proto: protocol, role: "master", modules: [] });
    expect(await own.clientInfo()).toMatchObject({ name: "me", user: "default" });
  });

  test("a waiting command gets what another connection brings", async () => {
    await using own = await openClient(server, protocol);
    const waiting = own.blPop(["empty", "queue"], 40);
    await client().rPush("queue", "job");
    expect(await waiting).toEqual({ key: "queue", element: "job" });
  });

  test("a waiting command is unblocked", async () => {
    await using own = await openClient(server, protocol);
    const waiting = own.bzPopMin("queue", 40);
    expect(await client().clientUnblock(await connectionWaitingIn("bzpopmin"))).toBe(1);
    expect(await waiting).toBeNull();
  });

  test("a key moves to another server", async () => {
    await using other = await startServer({ listen: "plain", password: "secret" });
    const AUTH = { password: other.password as string };
    const port = other.port as number;
    await client().mSet({ a: "1", b: "2" });
    expect(await client().migrate("127.0.0.1", port, ["a", "b"], 0, 20_000, { AUTH })).toBe("OK");
    expect(await client().exists(["a", "b"])).toBe(0);
    expect(await client().migrate("127.0.0.1", port, "a", 0, 20_000, { AUTH })).toBe("NOKEY");
  });

  test("clientKill spares itself", async () => {
    await using victim = await openClient(server, protocol);
    const waiting = victim.blPop("never", 40).catch((error: unknown) => error);
    const id = await connectionWaitingIn("blpop");
    expect(await client().clientKill([{ filter: "ID", id }, "SKIPME"])).toBe(1);
    expect(await waiting).toMatchObject({ code: "CLOSED_CONNECTION" });
  });

  test("failover says what it lacks, shutdown ends the server", async () => {
    const doomed = await startServer({ listen: "plain", password: false });
    await using own = await openClient(doomed, protocol);
    await expect(own.failover({ TIMEOUT: 10 })).rejects.toThrow(/replicas/);
    await expect(own.shutdown({ mode: "NOSAVE", NOW: true })).rejects.toMatchObject({
      code: "CLOSED_CONNECTION",
    });
    await doomed.stop();
  });

  test("a group hands out entries, and takes back what is not acknowledged", async () => {
    await client().xGroupCreate("jobs", "workers", "$", { MKSTREAM: true });
    await using own = await openClient(server, protocol);
    const waiting = own.xReadGroup("workers", "one", { key: "jobs", id: ">" }, { BLOCK: 40_000 });
    await connectionWaitingIn("xreadgroup");
    const id = await client().xAdd("jobs", "*", { task: "a" });
    const messages = [{ id, message: { task: "a" } }];
    expect(await waiting).toEqual([{ name: "jobs", messages }]);
    expect(await client().xAutoClaim("jobs", "workers", "two", 0, "0-0")).toMatchObject({ messages });
    expect(await client().xAck("jobs", "workers", id)).toBe(1);
    expect(await client().xPending("jobs", "workers")).toMatchObject({ pending: 0, consumers: null });
  });

  test("commands of modules are below the name of the module, on clients, views and blocks", async () => {
    const unknown = { code: "REPLY_UNKNOWN_COMMAND" };
    await expect(client().json.get("k")).rejects.toMatchObject({ ...unknown, command: "JSON.GET" });
    await expect(client().ft._LIST()).rejects.toMatchObject({ ...unknown, command: "FT._LIST" });
    await expect(withBuffers(client()).ts.get("k")).rejects.toMatchObject({ ...unknown, command: "TS.GET" });
    await expect(client().bf.add("k", "a")).rejects.toMatchObject({ ...unknown, command: "BF.ADD" });
    await expect(client().json.mGet([], "$")).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
    const block = client().multi().set("k", "v").json.set("k", "$", 1).topK.list("k");
    expect(block.length).toBe(3);
    await expect(block.exec()).rejects.toMatchObject({ code: "REPLY_EXEC_ABORTED" });
  });
});

import { Buffer } from "node:buffer";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as commands from "../../../src/commands/index.ts";
import { Connection } from "./connection.ts";

let server: RedisServer;
let two: Connection;
let three: Connection;

beforeAll(async () => {
  server = await startServer({ listen: "plain", password: false });
  two = await Connection.open(server.port as number, 2);
  three = await Connection.open(server.port as number, 3);
});

afterAll(async () => {
  two?.[Symbol.dispose]();
  three?.[Symbol.dispose]();
  await server?.stop();
});

describe.each([2, 3] as const)("RESP%i", (protocol) => {
  const connection = () => (protocol === 2 ? two : three);

  beforeEach(async () => {
    await connection().send(commands.flushAll());
  });

  test("a dump restores a key, bytes and expiry", async () => {
    const value = Buffer.from([0, 255, 13, 10]);
    await connection().send(commands.set("a", value));
    const dump = (await connection().send(commands.dump("a"), true)) as unknown as Buffer;
    expect(dump).toBeInstanceOf(Buffer);
    await connection().send(commands.restore("b", 4_102_444_800_000, dump, { ABSTTL: true }));
    expect(await connection().send(commands.get("b"), true)).toEqual(value);
    expect(await connection().send(commands.pExpireTime("b"))).toBe(4_102_444_800_000);
  });

  test("a dump restores functions", async () => {
    const code = "#!lua name=kept\nredis.register_function('f', function() return 7 end)";
    await connection().send(commands.functionLoad(code, { REPLACE: true }));
    const dump = (await connection().send(commands.functionDump(), true)) as unknown as Buffer;
    await connection().send(commands.functionFlush());
    await connection().send(commands.functionRestore(dump, { mode: "FLUSH" }));
    expect(await connection().send(commands.fCall("f"))).toBe(7);
    expect(await connection().send(commands.functionListWithCode())).toMatchObject([{ library_code: code }]);
  });

  test("fields named like members of Object are fields", async () => {
    await connection().send(commands.hSet("h", ["__proto__", "x", "constructor", "y"]));
    const all = await connection().send(commands.hGetAll("h"));
    expect(Object.entries(all)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.getPrototypeOf(all)).toBeNull();
  });

  test("a loaded script runs by its digest", async () => {
    const sha1 = await connection().send(commands.scriptLoad("return {KEYS[1], ARGV[1]}"));
    expect(await connection().send(commands.scriptExists([sha1, "0".repeat(40)]))).toEqual([1, 0]);
    expect(await connection().send(commands.evalSha(sha1, { keys: ["k"], arguments: ["v"] }))).toEqual([
      "k",
      "v",
    ]);
  });

  test("integers beyond 2^53 are bigint", async () => {
    await connection().send(commands.set("n", "9007199254740993"));
    expect(await connection().send(commands.incr("n"))).toBe(9007199254740994n);
  });

  test("what was slow is listed", async () => {
    await connection().send(commands.configSet("slowlog-log-slower-than", "0"));
    await connection().send(commands.slowlogReset());
    await connection().send(commands.set("slow", "1"));
    await connection().send(commands.configSet("slowlog-log-slower-than", "10000"));
    const log = await connection().send(commands.slowlogGet(-1));
    expect(log).toContainEqual({
      id: expect.any(Number),
      timestamp: expect.any(Number),
      duration: expect.any(Number),
      arguments: ["SET", "slow", "1"],
      client: expect.stringMatching(/:\d+$/),
      clientName: "",
    });
    expect(await connection().send(commands.slowlogLen())).toBe(log.length);
  });

  test("select changes the database", async () => {
    await connection().send(commands.set("here", "0"));
    await connection().send(commands.select(3));
    expect(await connection().send(commands.get("here"))).toBeNull();
    await connection().send(commands.select(0));
    expect(await connection().send(commands.get("here"))).toBe("0");
  });

  test("auth and hello log in", async () => {
    await connection().send(commands.aclSetUser("app", ["reset", "on", ">secret", "+@all", "~*", "&*"]));
    using own = await Connection.open(server.port as number, protocol);
    expect(await own.send(commands.auth({ username: "app", password: "secret" }))).toBe("OK");
    expect(await own.send(commands.aclWhoAmI())).toBe("app");
    const AUTH = { username: "default", password: "any" };
    const hello = await own.send(commands.hello(protocol, { AUTH, SETNAME: "me" }));
    expect(hello).toMatchObject({ server: expect.any(String), proto: protocol, role: "master", modules: [] });
    expect(await own.send(commands.clientInfo())).toMatchObject({ name: "me", user: "default" });
  });

  test("a waiting command gets what another connection brings", async () => {
    using own = await Connection.open(server.port as number, protocol);
    const waiting = own.send(commands.blPop(["empty", "queue"], 4));
    await connection().send(commands.rPush("queue", "job"));
    expect(await waiting).toEqual({ key: "queue", element: "job" });
  });

  test("a waiting command is unblocked", async () => {
    using own = await Connection.open(server.port as number, protocol);
    const id = await own.send(commands.clientId());
    const waiting = own.send(commands.bzPopMin("queue", 4));
    while ((await connection().send(commands.clientUnblock(id))) === 0);
    expect(await waiting).toBeNull();
  });

  test("a key moves to another server", async () => {
    await using other = await startServer({ listen: "plain", password: "secret" });
    const AUTH = { password: other.password as string };
    const port = other.port as number;
    await connection().send(commands.mSet({ a: "1", b: "2" }));
    expect(await connection().send(commands.migrate("127.0.0.1", port, ["a", "b"], 0, 1000, { AUTH }))).toBe(
      "OK",
    );
    expect(await connection().send(commands.exists(["a", "b"]))).toBe(0);
    expect(await connection().send(commands.migrate("127.0.0.1", port, "a", 0, 1000, { AUTH }))).toBe(
      "NOKEY",
    );
  });

  test("clientKill spares itself", async () => {
    using victim = await Connection.open(server.port as number, protocol);
    const id = await victim.send(commands.clientId());
    expect(await connection().send(commands.clientKill([{ filter: "ID", id }, "SKIPME"]))).toBe(1);
    await expect(victim.send(commands.ping())).rejects.toThrow(/closed|ECONNRESET/);
  });

  test("failover says what it lacks, shutdown ends the server", async () => {
    const doomed = await startServer({ listen: "plain", password: false });
    using own = await Connection.open(doomed.port as number, protocol);
    await expect(own.send(commands.failover({ TIMEOUT: 10 }))).rejects.toThrow(/replicas/);
    await expect(own.send(commands.shutdown({ mode: "NOSAVE", NOW: true }))).rejects.toThrow(/closed/);
    await doomed.stop();
  });
});

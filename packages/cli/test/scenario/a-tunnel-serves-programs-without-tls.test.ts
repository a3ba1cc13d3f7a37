import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { execute } from "./redoubt.ts";
import { startTunnel, type TunnelProcess } from "./tunnel-process.ts";

let server: RedisServer;
let tunnel: TunnelProcess;
beforeAll(async () => {
  server = await startServer();
  tunnel = await startTunnel([], server.uri);
});
afterAll(async () => {
  await tunnel?.[Symbol.asyncDispose]();
  await server?.stop();
});

const cli = (...words: string[]) => execute("redis-cli", ["-p", String(tunnel.port), ...words]);
const python = "/usr/bin/python3";
const hasRedisPy = existsSync(python) && (await execute(python, ["-c", "import redis"])).code === 0;

test("redis-cli: one command, RESP3, a transaction, a blocking command, --pipe, --scan, --bigkeys", async () => {
  expect((await cli("PING")).stdout).toBe("PONG\n");
  expect((await cli("-3", "HSET", "h", "a", "1")).stdout).toBe("1\n");
  expect((await cli("-3", "--json", "HGETALL", "h")).stdout).toBe('{"a":"1"}\n');
  const script = "MULTI\nINCR n\nINCR n\nEXEC\nBLPOP none 0.01\nSELECT 2\nSET two 2\nGET two\n";
  const { stdout } = await execute("redis-cli", ["-p", String(tunnel.port)], {
    stdin: script,
    deadline: 60_000,
  });
  expect(stdout.split("\n").filter((line) => line !== "")).toEqual([
    "OK",
    "QUEUED",
    "QUEUED",
    "1",
    "2",
    "OK",
    "OK",
    "2",
  ]);
  const commands = Array.from({ length: 10_000 }, (_, i) => `SET key:${i} ${i}\r\n`).join("");
  const piped = await execute("redis-cli", ["-p", String(tunnel.port), "--pipe"], { stdin: commands });
  expect(piped.stdout).toContain("errors: 0, replies: 10000");
  expect((await cli("--scan", "--pattern", "key:99*")).stdout.split("\n").length).toBeGreaterThan(100);
  expect((await cli("--bigkeys")).stdout).toContain("Biggest string found");
});

test("redis-cli --rdb reads a whole dump, which is no RESP", async () => {
  const folder = await mkdtemp(join(tmpdir(), "redoubt-rdb-"));
  try {
    const file = join(folder, "dump.rdb");
    const { code, stderr } = await cli("--rdb", file);
    expect(stderr).toContain("Transfer finished with success");
    expect(code).toBe(0);
    expect((await readFile(file)).toString("latin1", 0, 5)).toBe("REDIS");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("redis-benchmark, with and without pipelining", async () => {
  const words = ["-p", String(tunnel.port), "-n", "5000", "-c", "20", "-q"];
  for (const more of [[], ["-P", "16"], ["-3"]]) {
    const { code, stdout, stderr } = await execute("redis-benchmark", [
      ...words,
      "-t",
      "set,get,lpush,lrange_100,mset",
      ...more,
    ]);
    expect(stderr + stdout).not.toMatch(/error/i);
    expect(stdout.match(/requests per second/g)?.length).toBeGreaterThan(4);
    expect(code).toBe(0);
  }
});

test("ioredis: pipelines, transactions, blocking, subscriptions", async () => {
  const client = new Redis({ port: tunnel.port, lazyConnect: true });
  const subscriber = client.duplicate();
  try {
    await client.connect();
    await client.set("io", "1");
    expect(await client.pipeline().get("io").incr("io").get("io").exec()).toEqual([
      [null, "1"],
      [null, 2],
      [null, "2"],
    ]);
    expect(await client.multi().incr("io").get("io").exec()).toEqual([
      [null, 3],
      [null, "3"],
    ]);
    expect(await client.blpop("io:none", 0.01)).toBeNull();
    const heard = new Promise((resolve) => subscriber.once("message", (...told) => resolve(told)));
    await subscriber.subscribe("io:news");
    await client.publish("io:news", "hello");
    expect(await heard).toEqual(["io:news", "hello"]);
    await subscriber.unsubscribe("io:news");
    expect(await subscriber.get("io")).toBe("3");
  } finally {
    client.disconnect();
    subscriber.disconnect();
  }
});

test.each([2, 3] as const)("node-redis with RESP%i", async (RESP) => {
  const client = createClient({ socket: { port: tunnel.port, host: "127.0.0.1" }, RESP, name: "worker" });
  client.on("error", () => {});
  const subscriber = client.duplicate();
  try {
    await client.connect();
    await subscriber.connect();
    await client.hSet("node", { a: "1" });
    expect({ ...(await client.hGetAll("node")) }).toEqual({ a: "1" });
    expect(await client.multi().set("node:n", "1").incr("node:n").exec()).toEqual(["OK", 2]);
    expect(await client.blPop("node:none", 0.01)).toBeNull();
    const heard = new Promise(
      (resolve) => void subscriber.pSubscribe("node:*", (message) => resolve(message)),
    );
    while ((await client.publish("node:news", "hello")) === 0) continue;
    expect(await heard).toBe("hello");
    await client.select(4);
    expect(await client.exists("node")).toBe(0);
  } finally {
    client.destroy();
    subscriber.destroy();
  }
});

test.skipIf(!hasRedisPy)("redis-py: pipelines, transactions, blocking, subscriptions", async () => {
  const script = `
import redis, sys
r = redis.Redis(port=int(sys.argv[1]), decode_responses=True, client_name="py")
r.delete("py", "py:list")
assert r.set("py", 1) is True
with r.pipeline(transaction=True) as p:
    assert p.incr("py").get("py").execute() == [2, "2"]
with r.pipeline(transaction=False) as p:
    assert p.get("py").get("nothing").execute() == ["2", None]
def add(p):
    value = int(p.get("py")); p.multi(); p.set("py", value + 1)
assert r.transaction(add, "py") == [True]
assert r.blpop("py:list", 0.01) is None
p = r.pubsub(ignore_subscribe_messages=False)
p.subscribe("py:news"); p.psubscribe("py:n*")
assert p.get_message(timeout=5)["type"] == "subscribe"
assert p.get_message(timeout=5)["type"] == "psubscribe"
assert r.publish("py:news", "hello") == 2
assert {p.get_message(timeout=5)["type"] for _ in range(2)} == {"message", "pmessage"}
assert p.ping("alive") is None or True
assert r.client_getname() == "py"
assert r.eval("return KEYS[1]", 1, "k") == "k"
print("fine")
`;

  // A machine that is busy with other things is no reason to fail.
  vi.setConfig({ testTimeout: 120_000 });
  const run = await execute(python, ["-c", script, String(tunnel.port)]);
  expect(run.stderr).toBe("");
  expect(run.stdout).toBe("fine\n");
});

test("no secret is in its output or in the list of processes", () => {
  const processes = execFileSync("ps", ["-p", String(tunnel.pid), "-o", "args="], { encoding: "utf8" });
  for (const text of [tunnel.output(), processes]) {
    expect(text).not.toBe("");
    expect(text).not.toContain(String(server.password));
  }
  expect(tunnel.output()).toContain("The other side answers.");
});

import { Buffer } from "node:buffer";
import { setTimeout as delay } from "node:timers/promises";
import {
  type ClientOptions,
  ClientSideCache,
  type ClientSideCacheOptions,
  createClient,
  RESP_TYPES,
} from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.command("FLUSHALL");
  await server.command("CONFIG", "RESETSTAT");
});

const connect = (options: ClientSideCacheOptions = {}, more: ClientOptions = {}) =>
  createClient({
    url: server.uri,
    clientSideCache: options,
    socket: { reconnectStrategy: 20 },
    ...more,
  }).connect();

/** How often the server was asked a command. */
async function asked(name: string): Promise<number> {
  const stats = String(await server.command("INFO", "commandstats"));
  return Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

/** Waits until something holds, at most twenty seconds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error("it does not become so");
    await delay(5);
  }
}

describe.each([
  ["default", {}],
  ["broadcast", { mode: "broadcast" }],
  ["broadcast of prefixes", { mode: "broadcast", prefixes: ["user:", "list:"] }],
] as const)("tracking, %s", (_, options) => {
  test("a reply is asked once, until its key changes", async () => {
    await using client = await connect(options);
    await server.command("SET", "user:1", "Ada");
    await until(async () => (await client.get("user:1")) === "Ada" && client.clientSideCache?.size() === 1);
    const before = await asked("get");
    for (let i = 0; i < 10; i++) expect(await client.get("user:1")).toBe("Ada");
    expect(await asked("get")).toBe(before);
    await server.command("SET", "user:1", "Alan");
    await until(async () => (await client.get("user:1")) === "Alan");
    await server.command("DEL", "user:1");
    await until(async () => (await client.get("user:1")) === null);
    await server.command("RPUSH", "list:1", "a", "b");
    await until(async () => (await client.lRange("list:1", 0, -1)).length === 2);
    await server.command("FLUSHALL");
    await until(async () => (await client.lRange("list:1", 0, -1)).length === 0);
    expect(client.clientSideCache?.stats().invalidationCount).toBeGreaterThan(2);
  });
});

describe("a cache", () => {
  test("never gives what this client has changed itself", async () => {
    await using client = await connect();
    for (let i = 0; i < 200; i++) {
      void client.get("k");
      await client.set("k", i);
      expect(await client.get("k")).toBe(String(i));
      await client.multi().set("k", `m${i}`).exec();
      expect(await client.get("k")).toBe(`m${i}`);
      await client.multi().append("k", "!").execAsPipeline();
      expect(await client.get("k")).toBe(`m${i}!`);
    }
    await client.rPush("queue", ["a", "b"]);
    expect(await client.lLen("queue")).toBe(2);
    await client.blPop("queue", 1);
    expect(await client.lLen("queue")).toBe(1);
    await client.select(1);
    expect(await client.get("k")).toBeNull();
    await client.select(0);
    expect(await client.get("k")).toBe("m199!");
    await client.flushDb();
    expect(await client.get("k")).toBeNull();
  });

  test("is never older than the last word of the server, under changes from elsewhere", async () => {
    await using reader = await connect();
    await using writer = await createClient(server.uri).connect();
    let written = 0;
    let done = false;
    const writing = (async () => {
      while (!done) {
        const next = written + 1;
        await writer.set("counter", next);
        written = next;
      }
    })();
    let last = 0;
    let backwards = 0;
    const end = performance.now() + 1500;
    const enough = (): boolean => {
      const { hitCount = 0, missCount = 0 } = reader.clientSideCache?.stats() ?? {};
      return performance.now() > end && hitCount > 100 && missCount > 10;
    };
    while (!enough()) {
      const values = await Promise.all(Array.from({ length: 20 }, () => reader.get("counter")));
      for (const value of values) {
        if (Number(value) < last) backwards++;
        last = Math.max(last, Number(value));
      }
      if (Math.random() < 0.2) await delay(1);
    }
    done = true;
    await writing;
    expect(backwards).toBe(0);
    await until(async () => Number(await reader.get("counter")) === written);
  });

  test("a reply that arrives after its invalidation is not kept", async () => {
    const cache = new ClientSideCache();
    await using client = await createClient({ url: server.uri, clientSideCache: cache }).connect();
    const reply = client.get("k");
    cache.invalidate("k");
    expect(await reply).toBeNull();
    expect(cache.size()).toBe(0);
    await client.get("k");
    expect(cache.size()).toBe(1);
  });

  test("asks once for many who ask at the same time, and gives each a reply of its own", async () => {
    await using client = await connect();
    await client.hSet("h", { a: "1" });
    const replies = await Promise.all(Array.from({ length: 50 }, () => client.hGetAll("h")));
    expect(await asked("hgetall")).toBe(1);
    (replies[0] as Record<string, string>)["a"] = "spoilt";
    expect(replies[1]?.["a"]).toBe("1");
    const again = await client.hGetAll("h");
    expect({ ...again }).toEqual({ a: "1" });
    again["b"] = "spoilt";
    expect({ ...(await client.hGetAll("h")) }).toEqual({ a: "1" });
    expect(Object.getPrototypeOf(again)).toBeNull();
    const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    const first = await buffers.hGet("h", "a");
    first?.fill(0);
    expect(await buffers.hGet("h", "a")).toEqual(Buffer.from("1"));
    expect(await client.hGet("h", "a")).toBe("1");
  });

  test("is emptied with the connection, and filled again after it", async () => {
    await using client = await connect();
    await client.get("k");
    expect(client.clientSideCache?.size()).toBe(1);
    const ready = new Promise((resolve) => client.once("ready", () => resolve(null)));
    const sizes: (number | undefined)[] = [];
    client.once("error", () => sizes.push(client.clientSideCache?.size()));
    await server.command("CLIENT", "KILL", "TYPE", "normal");
    await server.command("SET", "k", "meanwhile");
    await ready;
    expect(sizes).toEqual([0]);
    expect(await client.get("k")).toBe("meanwhile");
    await server.command("SET", "k", "after");
    await until(async () => (await client.get("k")) === "after");
    await client.close();
    expect(client.clientSideCache?.size()).toBe(0);
  });

  test("is bounded in number, bytes and age", async () => {
    await using few = await connect({ maxEntries: 3 });
    for (const key of ["a", "b", "c", "a", "d"]) await few.get(key);
    expect(few.clientSideCache?.size()).toBe(3);
    const before = await asked("get");
    await few.get("a");
    expect(await asked("get")).toBe(before);
    await few.get("b");
    expect(await asked("get")).toBe(before + 1);
    expect(few.clientSideCache?.stats().evictionCount).toBe(2);

    await using fifo = await connect({ maxEntries: 2, evictPolicy: "FIFO" });
    for (const key of ["a", "b", "a", "c"]) await fifo.get(key);
    const mark = await asked("get");
    await fifo.get("a");
    expect(await asked("get")).toBe(mark + 1);

    await using small = await connect({ maxBytes: 3000 });
    for (let i = 0; i < 10; i++) await small.set(`k${i}`, "x".repeat(1000));
    for (let i = 0; i < 10; i++) await small.get(`k${i}`);
    expect(small.clientSideCache?.size()).toBe(2);
    expect(small.clientSideCache?.bytes()).toBeLessThan(3000);
    await small.set("huge", "x".repeat(5000));
    expect((await small.get("huge"))?.length).toBe(5000);
    expect(small.clientSideCache?.bytes()).toBeLessThan(3000);

    await using brief = await connect({ ttl: 1200 });
    await brief.get("k");
    const asking = await asked("get");
    await brief.get("k");
    expect(await asked("get")).toBe(asking);
    await delay(1300);
    await brief.get("k");
    expect(await asked("get")).toBe(asking + 1);
  });

  test("keeps only what depends on nothing but its keys", async () => {
    await using client = await connect({ mode: "broadcast", prefixes: ["in:"] });
    await client.set("in:k", "v", { expiration: { type: "EX", value: 100 } });
    await client.sAdd("in:set", ["a", "b"]);
    await client.get("out");
    await client.mGet(["in:k", "out"]);
    await client.ttl("in:k");
    await client.sRandMember("in:set");
    await client.sScan("in:set", "0");
    await client.get(Buffer.from("in:k"));
    await client.get("in:\ud800");
    await client.eval("return redis.call('GET', KEYS[1])", { keys: ["in:k"] });
    expect(client.clientSideCache?.size()).toBe(0);
    await client.sendCommand(["MULTI"]);
    expect(await client.get("in:k")).toBe("QUEUED");
    await client.sendCommand(["EXEC"]);
    expect(await client.get("in:k")).toBe("v");
    expect(client.clientSideCache?.size()).toBe(1);
    // The same words, read in another way.
    await client.zAdd("in:z", { value: "m", score: 1 });
    expect(await client.zScore("in:z", "m")).toBe(1);
    expect(await client.hGetAll("in:none")).toEqual(Object.create(null));
    expect(await client.sendCommand(["HGETALL", "in:none"])).toEqual(new Map());
  });

  test("does not keep errors, and one caller's deadline is not another's", async () => {
    await using client = await connect();
    await client.rPush("list", "x");
    for (let i = 0; i < 2; i++)
      await expect(client.get("list")).rejects.toMatchObject({ code: "REPLY_WRONG_TYPE" });
    expect(client.clientSideCache?.stats()).toMatchObject({ loadFailureCount: 2 });
    await server.command("CLIENT", "PAUSE", "1000", "ALL");
    const impatient = client.withCommandOptions({ timeout: 100 }).get("k");
    const patient = client.get("k");
    await expect(impatient).rejects.toMatchObject({ code: "TIMEOUT_COMMAND" });
    expect(await patient).toBeNull();
  });

  test("counts, in node-redis's words", async () => {
    const cache = new ClientSideCache();
    const keys: (string | null)[] = [];
    cache.on("invalidate", (key) => keys.push(key));
    await using one = await createClient({ url: server.uri, clientSideCache: cache }).connect();
    await using two = await one.duplicate().connect();
    await one.get("k");
    await two.get("k");
    await one.get("k");
    const stats = cache.stats();
    expect([stats.requestCount(), stats.hitCount, stats.missCount, stats.loadCount()]).toEqual([3, 2, 1, 1]);
    expect(stats.hitRate()).toBeCloseTo(2 / 3);
    expect(stats.averageLoadPenalty()).toBeGreaterThan(0);
    await server.command("SET", "k", "v");
    await until(() => keys.includes("k"));
    expect(cache.stats().minus(stats)).toMatchObject({ hitCount: 0, invalidationCount: 1 });
    cache.clear();
    expect(cache.stats().requestCount()).toBe(0);
    const silent = await connect({ recordStats: false });
    await silent.get("k");
    expect(silent.clientSideCache?.stats().requestCount()).toBe(0);
    await silent.close();
  });

  test("works beside pub/sub with Buffers", async () => {
    await using client = await connect();
    const seen: Buffer[] = [];
    await client.subscribe("channel", (message) => seen.push(message), true);
    await client.get("k");
    await server.command("SET", "k", "v");
    await server.command("PUBLISH", "channel", "hello");
    await until(() => seen.length === 1);
    expect(await client.get("k")).toBe("v");
  });

  test("that cannot be is refused, or left out", async () => {
    const make = (options: ClientOptions) => () => createClient({ url: server.uri, ...options });
    expect(make({ RESP: 2, clientSideCache: {} })).toThrow("RESP 3");
    expect(make({ clientSideCache: { ttl: -1 } })).toThrow("clientSideCache.ttl");
    expect(make({ clientSideCache: { maxEntry: 1 } as never })).toThrow("maxEntry");
    expect(make({ clientSideCache: { prefixes: ["a"] } })).toThrow("broadcast");

    // Somebody who may not ask for tracking has a client without cache.
    await server.command(
      "ACL",
      "SETUSER",
      "few",
      "on",
      ">secret-of-few",
      "+@all",
      "-client|tracking",
      "~*",
      "&*",
    );
    const url = new URL(server.uri);
    url.username = "few";
    url.password = "secret-of-few";
    const client = createClient({ url: url.href, clientSideCache: {} });
    const errors: string[] = [];
    client.on("error", ({ code }) => errors.push(code));
    await client.connect();
    expect(errors).toEqual(["AUTH_FORBIDDEN"]);
    await client.get("k");
    await client.get("k");
    expect([await asked("get"), client.clientSideCache?.size()]).toEqual([2, 0]);
    await client.close();
  });
});

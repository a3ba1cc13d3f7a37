import { setTimeout as delay } from "node:timers/promises";
import { ClientSideCache, type Cluster, type ClusterOptions, createCluster } from "@redoubt/client";
import { type RedisServer, type Cluster as Servers, startCluster } from "@redoubt/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { slotOf } from "../../../src/cluster/slot.ts";
import { Resharding } from "./resharding.ts";

let servers: Servers;
let resharding: Resharding;
let writer: Cluster;

beforeAll(async () => {
  servers = await startCluster({ primaries: 3, replicas: 1, nodeTimeout: 15_000 });
  resharding = await Resharding.of(servers.primaries);
  writer = await createCluster(servers.uri).connect();
});

afterAll(async () => {
  await writer?.close();
  await servers?.stop();
});

beforeEach(() => writer.flushAll());

const connect = (options: Partial<ClusterOptions> = {}) =>
  createCluster({ url: servers.uri, clientSideCache: {}, ...options }).connect();

const keys = Array.from({ length: 30 }, (_, i) => `key:${i}`);

/** How often all nodes together were asked a command. */
async function asked(name: string): Promise<number> {
  const counts = await Promise.all(
    servers.nodes.map(async (node) => {
      const stats = String(await node.command("INFO", "commandstats"));
      return Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const get = (cluster: Cluster) => Promise.all(keys.map((key) => cluster.get(key)));

describe.each([
  ["default", {}],
  ["broadcast", { mode: "broadcast" }],
] as const)("tracking, %s", (_, options) => {
  test("replies of all nodes are asked once, until their keys change", async () => {
    await using cluster = await connect({ clientSideCache: options });
    await Promise.all(keys.map((key) => writer.set(key, `first of ${key}`)));
    expect(await get(cluster)).toEqual(keys.map((key) => `first of ${key}`));
    await expect.poll(async () => (await get(cluster)) && cluster.clientSideCache?.size()).toBe(keys.length);
    const before = await asked("get");
    for (let i = 0; i < 5; i++) expect(await get(cluster)).toEqual(keys.map((key) => `first of ${key}`));
    expect(await asked("get")).toBe(before);
    await Promise.all(keys.map((key) => writer.set(key, `second of ${key}`)));
    await expect.poll(() => get(cluster)).toEqual(keys.map((key) => `second of ${key}`));
    expect(cluster.clientSideCache?.stats().invalidationCount).toBeGreaterThanOrEqual(keys.length);
  });
});

test("one question to several nodes is kept as one, and forgotten with any of its keys", async () => {
  await using cluster = await connect();
  await writer.mSet(keys.map((key): [string, string] => [key, "a"]));
  for (let i = 0; i < 3; i++) expect(new Set(await cluster.mGet(keys))).toEqual(new Set(["a"]));
  expect(cluster.clientSideCache?.stats()).toMatchObject({ hitCount: 2, missCount: 1 });
  await writer.set(keys[7] as string, "b");
  await expect.poll(async () => (await cluster.mGet(keys))[7]).toBe("b");
});

test("what this client writes it reads, by every way of writing", async () => {
  await using cluster = await connect();
  for (let i = 0; i < 30; i++) {
    for (const key of keys.slice(0, 5)) {
      void cluster.get(key);
      await cluster.set(key, i);
      expect(await cluster.get(key)).toBe(String(i));
      await cluster.multi().set(key, `m${i}`).exec();
      expect(await cluster.get(key)).toBe(`m${i}`);
      await cluster.multi().append(key, "!").execAsPipeline();
      expect(await cluster.get(key)).toBe(`m${i}!`);
    }
    await cluster.del(keys);
    expect(new Set(await get(cluster))).toEqual(new Set([null]));
  }
  await cluster.rPush("queue", "a");
  expect(await cluster.lLen("queue")).toBe(1);
  await cluster.blPop("queue", 1);
  expect(await cluster.lLen("queue")).toBe(0);
  await cluster.flushAll();
  expect(await cluster.get("key:0")).toBeNull();
});

test("everything is forgotten with the connection to one node", async () => {
  await using cluster = await connect();
  await get(cluster);
  expect(cluster.clientSideCache?.size()).toBe(keys.length);
  const sizes: (number | undefined)[] = [];
  cluster.on("error", () => sizes.push(cluster.clientSideCache?.size()));
  const server = servers.primaries[0] as RedisServer;
  await server.command("CLIENT", "KILL", "TYPE", "normal");
  await expect.poll(() => sizes.length).toBeGreaterThan(0);
  expect(sizes[0]).toBe(0);
  await writer.mSet(keys.map((key): [string, string] => [key, "meanwhile"]));
  expect(new Set(await get(cluster))).toEqual(new Set(["meanwhile"]));
  await writer.mSet(keys.map((key): [string, string] => [key, "after"]));
  await expect.poll(async () => new Set(await get(cluster))).toEqual(new Set(["after"]));
});

describe("slots that move", () => {
  const move = async (key: string): Promise<void> => {
    const slot = slotOf(key);
    const from = await resharding.ownerOf(slot);
    const to = servers.primaries.find((server) => server !== from) as RedisServer;
    await resharding.move(slot, from, to);
  };

  test("a redirection empties the cache, and is no question that waits for its own answer", async () => {
    await using cluster = await connect({ topologyRefreshInterval: 0 });
    await writer.set("{moving}:a", "1");
    expect(await cluster.get("{moving}:a")).toBe("1");
    // Nothing is there, so that nobody is told when it goes.
    expect(await cluster.get("{moving}:nothing")).toBeNull();
    await move("{moving}");
    await writer.set("{moving}:nothing", "something");
    await writer.set("{moving}:a", "2");
    await expect.poll(() => cluster.get("{moving}:a")).toBe("2");
    expect(await cluster.get("{moving}:nothing")).toBe("something");
    await writer.set("{moving}:a", "3");
    await expect.poll(() => cluster.get("{moving}:a")).toBe("3");
  });

  test("a new topology does so, too", async () => {
    await using cluster = await connect({ topologyRefreshInterval: 200 });
    expect(await cluster.get("{quiet}:nothing")).toBeNull();
    await move("{quiet}");
    await writer.set("{quiet}:nothing", "something");
    await expect.poll(() => cluster.get("{quiet}:nothing")).toBe("something");
  });

  test("no reply is older than one before, while slots move and values change", async () => {
    await using cluster = await connect({ topologyRefreshInterval: 300 });
    const names = Array.from({ length: 6 }, (_, i) => `{counter${i}}`);
    let running = true;
    let backwards = 0;
    const written = new Map<string, number>();
    const writing = names.map(async (name) => {
      for (let value = 1; running; value++) {
        await writer.set(name, value);
        written.set(name, value);
        await delay(1);
      }
    });
    const reading = names.map(async (name) => {
      for (let last = 0; running; await delay(Math.random() < 0.3 ? 1 : 0)) {
        for (const value of await Promise.all(Array.from({ length: 5 }, () => cluster.get(name)))) {
          if (Number(value) < last) backwards++;
          last = Math.max(last, Number(value));
        }
      }
    });
    for (let i = 0; i < 18; i++) await move(names[i % names.length] as string);
    running = false;
    await Promise.all([...writing, ...reading]);
    expect(backwards).toBe(0);
    for (const name of names)
      await expect.poll(async () => Number(await cluster.get(name))).toBe(written.get(name));
    expect(cluster.clientSideCache?.stats().hitCount).toBeGreaterThan(20);
  });
});

test("replicas tell of their own replies", async () => {
  await using cluster = await connect({ useReplicas: true });
  await expect.poll(() => cluster.replicas.every(({ isReady }) => isReady)).toBe(true);
  await writer.mSet(keys.map((key): [string, string] => [key, "a"]));
  await expect.poll(async () => new Set(await get(cluster))).toEqual(new Set(["a"]));
  await expect.poll(async () => (await get(cluster)) && cluster.clientSideCache?.size()).toBe(keys.length);
  await writer.mSet(keys.map((key): [string, string] => [key, "b"]));
  await expect.poll(async () => new Set(await get(cluster))).toEqual(new Set(["b"]));
});

test("a cache that is given is shared with duplicates; another one is not", async () => {
  const cache = new ClientSideCache();
  await using one = await connect({ clientSideCache: cache });
  await using two = await one.duplicate().connect();
  expect([one.clientSideCache, two.clientSideCache]).toEqual([cache, cache]);
  for (let i = 0; i < 50; i++) {
    await one.set("shared", i);
    expect(await two.get("shared")).toBe(String(i));
    await two.set("shared", `two ${i}`);
    expect(await one.get("shared")).toBe(`two ${i}`);
  }
  const other = createCluster({ url: servers.uri, defaults: { clientSideCache: {} } });
  expect(other.clientSideCache).not.toBe(other.duplicate().clientSideCache);
  expect(writer.clientSideCache).toBeNull();
});

test("nodes that refuse to tell are nodes without a cache", async () => {
  for (const node of servers.nodes)
    await node.command("ACL", "SETUSER", "few", "on", ">of-few", "+@all", "-client|tracking", "~*", "&*");
  const errors: string[] = [];
  const cluster = createCluster({
    url: servers.uri,
    clientSideCache: {},
    defaults: { username: "few", password: "of-few" },
  });
  cluster.on("error", ({ code }) => errors.push(code));
  await using connected = await cluster.connect();
  expect(new Set(errors)).toEqual(new Set(["AUTH_FORBIDDEN"]));
  const before = await asked("get");
  for (let i = 0; i < 3; i++) expect(await connected.get("key:1")).toBeNull();
  expect([await asked("get"), connected.clientSideCache?.size()]).toEqual([before + 3, 0]);
});

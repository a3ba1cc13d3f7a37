import { Buffer } from "node:buffer";
import { type Cluster, createCluster, defineScript, RESP_TYPES } from "@redoubt/client";
import { type Cluster as Servers, startCluster, startServer } from "@redoubt/server";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { slotOf } from "../../../src/cluster/slot.ts";

let servers: Servers;

beforeAll(async () => {
  servers = await startCluster({ primaries: 3 });
});

afterAll(() => servers?.stop());

const keys = Array.from({ length: 40 }, (_, i) => `key:${i}`);
const entries = keys.map((key): [string, string] => [key, `value of ${key}`]);

describe.each([[3 as const], [2 as const]])("RESP%i", (RESP) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await createCluster({ url: servers.uri, defaults: { RESP } }).connect();
  });
  afterAll(() => cluster?.close());
  beforeEach(async () => {
    await cluster.flushAll();
  });

  test("slots are the server's own, for text and for any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.uint8Array(), async (text, bytes) => {
        for (const key of [
          text,
          Buffer.from(bytes),
          `{${text}}x`,
          `a{b${text}`,
          Buffer.concat([Buffer.from("{}{"), bytes]),
        ])
          expect(await cluster.clusterKeySlot(key)).toBe(slotOf(key));
      }),
      { numRuns: 60 },
    );
  });

  test("each family goes to the node of its key", async () => {
    await cluster.mSet(entries);
    expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(entries.map(([, value]) => value));
    for (const name of ["a", "b", "c", "d", "e"]) {
      expect(await cluster.hSet(`hash:${name}`, { field: name })).toBe(1);
      expect(await cluster.hGetAll(`hash:${name}`)).toEqual({ field: name });
      expect(await cluster.rPush(`list:${name}`, [name, name])).toBe(2);
      expect(await cluster.sAdd(`set:${name}`, name)).toBe(1);
      expect(await cluster.zAdd(`sorted:${name}`, { score: 1, value: name })).toBe(1);
      const id = await cluster.xAdd(`stream:${name}`, "*", { name });
      expect(await cluster.xRead({ key: `stream:${name}`, id: "0" })).toMatchObject([
        { name: `stream:${name}`, messages: [{ id, message: { name } }] },
      ]);
      expect(await cluster.pfAdd(`log:${name}`, name)).toBe(1);
      expect(await cluster.geoAdd(`geo:${name}`, { longitude: 1, latitude: 2, member: name })).toBe(1);
      expect(await cluster.setBit(`bits:${name}`, 7, 1)).toBe(0);
      expect(
        await cluster.eval("return redis.call('GET', KEYS[1])", { keys: [`{hash:${name}}:none`] }),
      ).toBeNull();
    }
  });

  test("commands with many keys are divided where that changes nothing", async () => {
    expect(await cluster.mSet(entries)).toBe("OK");
    expect(await cluster.mGet([...keys, "none"])).toEqual([...entries.map(([, value]) => value), null]);
    expect(await cluster.exists([...keys, "none"])).toBe(keys.length);
    expect(await cluster.touch(keys)).toBe(keys.length);
    expect(await cluster.del(keys.slice(0, 20))).toBe(20);
    expect(await cluster.unlink(keys)).toBe(20);
    expect(await cluster.dbSize()).toBe(0);
  });

  test("others are refused before anything is sent", async () => {
    for (const refused of [
      cluster.sInter(["foo", "bar"]),
      cluster.rename("foo", "bar"),
      cluster.multi().set("foo", "1").set("bar", "2").exec(),
      cluster.sendCommand(["ZUNION", "2", "foo", "bar"]),
    ])
      await expect(refused).rejects.toMatchObject({
        code: "REPLY_CROSS_SLOT",
        message: expect.stringMatching(/Keys 1 and 2/),
      });
    expect(await cluster.exists(["foo", "bar"])).toBe(0);
    expect(await cluster.rename("{foo}1", "{foo}2").catch(({ code }) => code)).toBe("REPLY_ERROR");
  });

  test("transactions go to one node, pipelines to many", async () => {
    expect(await cluster.multi().set("{t}1", "a").get("{t}1").mGet(["{t}1", "{t}2"]).exec()).toEqual([
      "OK",
      "a",
      ["a", null],
    ]);
    const pipeline = cluster.multi();
    for (const [key, value] of entries) pipeline.set(key, value);
    expect(await pipeline.execAsPipeline()).toEqual(entries.map(() => "OK"));
    const reading = cluster.multi().get("key:0").lLen("key:1").get("key:2");
    await expect(reading.execAsPipeline()).rejects.toMatchObject({ errorIndexes: [1] });
  });

  test("commands without keys mean all primaries where there is something to add up", async () => {
    await cluster.mSet(entries);
    expect(await cluster.dbSize()).toBe(keys.length);
    expect((await cluster.keys("key:*")).toSorted()).toEqual(keys.toSorted());
    const sha = await cluster.scriptLoad("return 7");
    expect(await cluster.scriptExists([sha, "0".repeat(40)])).toEqual([1, 0]);
    for (const key of keys) expect(await cluster.evalSha(sha, { keys: [key] })).toBe(7);
    expect(await cluster.ping()).toBe("PONG");
    await expect(cluster.sendCommand(["MONITOR"])).rejects.toMatchObject({
      code: "TOPOLOGY_NODE_COMMAND",
      command: "MONITOR",
    });
  });

  test("SCAN walks over all primaries, by iterator, by cursor, as Buffers and as words", async () => {
    await cluster.mSet(entries);
    const seen: string[] = [];
    for await (const batch of cluster.scanIterator({ COUNT: 5 })) seen.push(...batch);
    expect(seen.toSorted()).toEqual(keys.toSorted());
    const matched: string[] = [];
    let cursor = "0";
    do {
      const page = await cluster.scan(cursor, { MATCH: "key:1*" });
      matched.push(...page.keys);
      ({ cursor } = page);
    } while (cursor !== "0");
    expect(matched.toSorted()).toEqual(keys.filter((key) => key.startsWith("key:1")).toSorted());
    const bytes: Buffer[] = [];
    for await (const batch of cluster.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).scanIterator())
      bytes.push(...batch);
    expect(bytes.map(String).toSorted()).toEqual(keys.toSorted());
    expect(await cluster.sendCommand(["SCAN", "0"])).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.any(Array),
    ]);
    await expect(cluster.scan("999999999")).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
  });

  test("node-redis's members: slots, masters, nodeClient, sendCommand with a key", async () => {
    await cluster.mSet(entries);
    expect(cluster.slots).toHaveLength(16_384);
    expect(cluster.masters).toHaveLength(3);
    expect(cluster.slots[slotOf("foo")]?.master).toBe(cluster.getSlotMaster(slotOf("foo")));
    const counts = await Promise.all(
      cluster.masters.map(async (node) => (await cluster.nodeClient(node)).dbSize()),
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(keys.length);
    expect(counts.every((count) => count > 0)).toBe(true);
    expect(await cluster.sendCommand("key:7", true, ["GET", "key:7"])).toBe("value of key:7");
    const node = await cluster.getNodeClientForKey("key:7");
    expect(cluster.nodeByAddress.get(node.address)).toBe(node);
    expect(await node.get("key:7")).toBe("value of key:7");
  });

  test("health tells of each node", async () => {
    const health = await cluster.health();
    expect(health).toMatchObject({ live: true, ready: true, served: 16_384 });
    expect(health.nodes.map(({ role, state }) => `${role} ${state}`)).toEqual([
      "master ok",
      "master ok",
      "master ok",
    ]);
  });

  test("blocking commands wait on connections of their own", async () => {
    const waiting = cluster.blPop("queue", 40);
    const start = performance.now();
    expect(await cluster.set("{queue}:other", "x")).toBe("OK");
    expect(performance.now() - start).toBeLessThan(10_000);
    await cluster.rPush("queue", "element");
    expect(await waiting).toEqual({ key: "queue", element: "element" });
  });

  test("a command that is aborted or too late lets its caller go", async () => {
    const signal = AbortSignal.abort();
    await expect(cluster.withAbortSignal(signal).get("a")).rejects.toMatchObject({ code: "CLOSED_ABORTED" });
  });
});

test("scripts run where their keys are, on nodes that have them and on those that do not", async () => {
  const tell = defineScript({
    SCRIPT: "return KEYS[1] .. '=' .. ARGV[1]",
    NUMBER_OF_KEYS: 1,
    parseCommand: (parser, key: string, value: string) => {
      parser.pushKey(key);
      parser.push(value);
    },
    transformReply: (reply: string) => reply,
  });
  await using cluster = await createCluster({ url: servers.uri, scripts: { tell } }).connect();
  for (const key of keys) expect(await cluster.tell(key, "x")).toBe(`${key}=x`);
});

describe("one shard", () => {
  test("a cluster of one node", async () => {
    await using one = await startCluster({ primaries: 1 });
    await using cluster = await createCluster(one.uri).connect();
    await cluster.mSet(entries);
    expect(await cluster.mGet(keys)).toEqual(entries.map(([, value]) => value));
    expect(cluster.masters).toHaveLength(1);
  });

  test("a server outside of a cluster serves all slots, and keys are kept apart as in one", async () => {
    await using server = await startServer();
    await using cluster = await createCluster({ url: server.uri, useReplicas: true }).connect();
    await cluster.mSet(entries);
    expect(await cluster.mGet(keys)).toEqual(entries.map(([, value]) => value));
    await expect(cluster.sInter(["foo", "bar"])).rejects.toMatchObject({ code: "REPLY_CROSS_SLOT" });
    expect(await cluster.health()).toMatchObject({ ready: true, served: 16_384 });
  });
});

import { createClient, defineScript } from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, beforeEach, expect, expectTypeOf, test } from "vitest";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.command("FLUSHALL");
  await server.command("SCRIPT", "FLUSH");
  await server.command("CONFIG", "RESETSTAT");
});

const raise = defineScript({
  SCRIPT: "return redis.call('INCRBY', KEYS[1], ARGV[1])",
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, key: string, by: number) {
    parser.pushKey(key);
    parser.push(by);
  },
  transformReply: (reply: number) => ({ now: reply }),
});

const count = defineScript({
  SCRIPT: "return #KEYS",
  IS_READ_ONLY: true,
  parseCommand: (parser, keys: string[]) => parser.pushKeysLength(keys),
});

/** How often the server was sent a command, refused or not. */
async function calls(name: string): Promise<number> {
  const stats = String(await server.command("INFO", "commandstats"));
  return Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

test("a script's source is sent once, by whoever is first; after a flush again", async () => {
  await using client = await createClient({ url: server.uri, scripts: { raise, count } }).connect();
  const reply = await client.raise("n", 2);
  expectTypeOf(reply).toEqualTypeOf<{ now: number }>();
  expect(reply).toEqual({ now: 2 });
  expect(await client.runScript(raise, "n", 3)).toEqual({ now: 5 });
  expect([await calls("eval"), await calls("evalsha")]).toEqual([1, 2]);
  await server.command("SCRIPT", "FLUSH");
  expect(await client.raise("n", 1)).toEqual({ now: 6 });
  expect(await client.count(["a", "b"])).toBe(2);
  expect(await calls("eval_ro")).toBe(1);
  await using copy = await client.duplicate().connect();
  expect(await copy.raise("n", 1)).toEqual({ now: 7 });
});

test("a transaction carries the source of its scripts, because it has no second try", async () => {
  await using client = await createClient(server.uri).connect();
  const replies = await client.multi().runScript(raise, "n", 1).runScript(raise, "n", 1).get("n").exec();
  expect(replies).toEqual([{ now: 1 }, { now: 2 }, "2"]);
  expect([await calls("eval"), await calls("evalsha")]).toEqual([1, 1]);
});

test("an error of the script is not taken for a script that is not there", async () => {
  await using client = await createClient(server.uri).connect();
  await server.command("LPUSH", "list", "x");
  await expect(client.runScript(raise, "list", 1)).rejects.toMatchObject({ code: "REPLY_WRONG_TYPE" });
  await expect(client.runScript(count, [])).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
});

test("iterators give all of a collection, in batches", async () => {
  await using client = await createClient(server.uri).connect();
  const names = Array.from({ length: 1000 }, (_, i) => `name${i}`);
  await client.mSet(names.map((name) => [name, "v"] as const));
  await client.hSet(
    "hash",
    names.map((name, i) => [name, i] as const),
  );
  await client.sAdd("set", names);
  await client.zAdd(
    "zset",
    names.map((value, score) => ({ value, score })),
  );
  const all = async <T>(batches: AsyncIterable<T[]>): Promise<{ items: T[]; batches: number }> => {
    const items: T[] = [];
    let count = 0;
    for await (const batch of batches) {
      items.push(...batch);
      count++;
    }
    return { items, batches: count };
  };
  const keys = await all(client.scanIterator({ MATCH: "name*", COUNT: 100 }));
  expect(new Set(keys.items)).toEqual(new Set(names));
  expect(keys.batches).toBeGreaterThan(5);
  const fields = await all(client.hScanIterator("hash", { COUNT: 50 }));
  expect(Object.fromEntries(fields.items.map(({ field, value }) => [field, value]))).toMatchObject({
    name7: "7",
    name999: "999",
  });
  expect(new Set((await all(client.hScanValuesIterator("hash"))).items).size).toBe(1000);
  expect(new Set((await all(client.sScanIterator("set"))).items)).toEqual(new Set(names));
  const members = await all(client.zScanIterator("zset"));
  expect(members.items.find(({ value }) => value === "name5")).toEqual({ value: "name5", score: 5 });
  const first = await client.scan("0", { TYPE: "string" });
  const rest = await all(client.scanIterator({ cursor: first.cursor, TYPE: "string" }));
  expect(new Set([...first.keys, ...rest.items])).toEqual(new Set(names));
});

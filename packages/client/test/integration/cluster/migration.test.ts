import { setTimeout as delay } from "node:timers/promises";
import { type Cluster, createCluster, type RedoubtError } from "@redoubt/client";
import { type RedisServer, type Cluster as Servers, startCluster } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { slotOf } from "../../../src/cluster/slot.ts";
import { Resharding } from "./resharding.ts";

let servers: Servers;
let resharding: Resharding;
let cluster: Cluster;

beforeAll(async () => {
  servers = await startCluster({ primaries: 3 });
  resharding = await Resharding.of(servers.nodes);
  cluster = await createCluster(servers.uri).connect();
});

afterAll(async () => {
  await cluster?.close();
  await servers?.stop();
});

/** The server of a slot, and another one. */
async function ends(slot: number): Promise<[from: RedisServer, to: RedisServer]> {
  const from = await resharding.ownerOf(slot);
  return [from, servers.primaries.find((server) => server !== from) as RedisServer];
}

/** Keys with a tag of their own, so that each tag is a slot. */
const tags = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe("a slot that is on its way", () => {
  test("ASK: what has moved is read and written at its new place, what has not at its old one", async () => {
    const [from, to] = await ends(slotOf("{ask}"));
    const keys = tags(20, "{ask}:");
    await cluster.mSet(keys.map((key): [string, string] => [key, `value of ${key}`]));
    await resharding.begin(slotOf("{ask}"), from, to);
    await resharding.moveKeys(slotOf("{ask}"), from, to, 10);
    for (const key of keys) expect(await cluster.get(key)).toBe(`value of ${key}`);
    const replies = await Promise.all(keys.map((key) => cluster.append(key, "!")));
    expect(replies).toEqual(keys.map((key) => `value of ${key}!`.length));
    while ((await resharding.moveKeys(slotOf("{ask}"), from, to)) > 0);
    await resharding.end(slotOf("{ask}"), to);
    expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(
      keys.map((key) => `value of ${key}!`),
    );
  });

  test("TRYAGAIN: several keys of which some have moved are asked for again until they are together", async () => {
    const [from, to] = await ends(slotOf("{again}"));
    const keys = tags(6, "{again}:");
    await cluster.mSet(keys.map((key): [string, string] => [key, `value of ${key}`]));
    await resharding.begin(slotOf("{again}"), from, to);
    await resharding.moveKeys(slotOf("{again}"), from, to, 3);
    let settled = false;
    const reply = cluster.mGet(keys).finally(() => {
      settled = true;
    });
    await delay(300);
    expect(settled).toBe(false);
    while ((await resharding.moveKeys(slotOf("{again}"), from, to)) > 0);
    await resharding.end(slotOf("{again}"), to);
    expect(await reply).toEqual(keys.map((key) => `value of ${key}`));
  });

  test("TRYAGAIN: a command's deadline counts", async () => {
    const [from, to] = await ends(slotOf("{late}"));
    const keys = tags(6, "{late}:");
    await cluster.mSet(keys.map((key): [string, string] => [key, "x"]));
    await resharding.begin(slotOf("{late}"), from, to);
    await resharding.moveKeys(slotOf("{late}"), from, to, 3);
    const start = performance.now();
    const reply = cluster.withCommandOptions({ timeout: 400 }).mGet(keys);
    await expect(reply).rejects.toMatchObject({
      code: expect.stringMatching(/^REPLY_TRY_AGAIN|TIMEOUT_COMMAND$/),
    });
    expect(performance.now() - start).toBeLessThan(8000);
    while ((await resharding.moveKeys(slotOf("{late}"), from, to)) > 0);
    await resharding.end(slotOf("{late}"), to);
  });

  test("a blocking command goes to where its slot went, and waits on there", async () => {
    const [from, to] = await ends(slotOf("{queue}"));
    const waiting = cluster.blPop("{queue}", 40);
    await delay(200);
    await resharding.move(slotOf("{queue}"), from, to);
    await cluster.rPush("{queue}", "element");
    expect(await waiting).toEqual({ key: "{queue}", element: "element" });
  });

  test("a transaction goes along as a whole", async () => {
    const [from, to] = await ends(slotOf("{block}"));
    await cluster.set("{block}:a", "1");
    await resharding.begin(slotOf("{block}"), from, to);
    while ((await resharding.moveKeys(slotOf("{block}"), from, to)) > 0);
    expect(await cluster.multi().incr("{block}:a").incr("{block}:a").exec()).toEqual([2, 3]);
    await resharding.end(slotOf("{block}"), to);
    expect(await cluster.multi().incr("{block}:a").get("{block}:a").exec()).toEqual([4, "4"]);
  });
});

test("slots that move under load lose no command and carry none out twice", {
  timeout: 120_000,
}, async () => {
  const names = tags(24, "load");
  const failures: Record<string, number> = {};
  const wrong: string[] = [];
  const done = new Map<string, number>();
  let running = true;
  let commands = 0;
  const fail = ({ code, message }: RedoubtError) => {
    const word = `${code} ${message}`;
    failures[word] = (failures[word] ?? 0) + 1;
  };
  const worker = async (name: string): Promise<void> => {
    const key = `{${name}}:value`;
    for (let i = 0; running; i++) {
      const value = `${key}=${i}`;
      // Sent together, so that they also keep their order.
      await Promise.all([
        cluster.set(key, value),
        cluster.get(key).then((found) => found !== value && wrong.push(`${key}: ${found} for ${value}`)),
        cluster.incr(`{${name}}:count`).then(() => done.set(name, (done.get(name) ?? 0) + 1)),
        cluster
          .multi()
          .incr(`{${name}}:a`)
          .incr(`{${name}}:b`)
          .exec()
          .then(([a, b]) => a !== b && wrong.push(`${name}: ${a} and ${b}`)),
      ]).catch(fail);
      commands += 5;
    }
  };
  const workers = names.map(worker);
  let moves = 0;
  const until = performance.now() + 5000;
  while (performance.now() < until || moves <= 20 || commands <= 1000) {
    const slot = slotOf(names[moves % names.length] as string);
    const [from, to] = await ends(slot);
    await resharding.move(slot, from, to);
    moves++;
  }
  running = false;
  await Promise.all(workers);
  expect(failures).toEqual({});
  expect(wrong).toEqual([]);
  for (const name of names) expect(await cluster.get(`{${name}}:count`)).toBe(String(done.get(name)));
  for (const name of names) expect(await cluster.get(`{${name}}:a`)).toBe(await cluster.get(`{${name}}:b`));
  expect(moves).toBeGreaterThan(20);
  expect(commands).toBeGreaterThan(1000);
});

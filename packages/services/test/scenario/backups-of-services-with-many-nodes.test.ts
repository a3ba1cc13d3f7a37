import { setTimeout as pause } from "node:timers/promises";
import { type Client, type Cluster, createClient, createCluster } from "@redoubt/client";
import { expect, test } from "vitest";
import { type Ground, ground, say } from "../ground.ts";

const patience = { timeout: 180_000 };
const keys = Array.from({ length: 60 }, (_, at) => `key:${at}`);

/** Does something with all nodes behind one URI. */
async function within<T>({ home }: Ground, uri: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = createCluster(`${uri}?sslrootcert=${home}/ca/ca.pem&cluster=true`);
  cluster.on("error", () => {});
  await cluster.connect();
  try {
    return await work(cluster);
  } finally {
    await cluster.close();
  }
}

/** Gives all keys a value. */
const fill = (place: Ground, uri: string, value: string) =>
  within(place, uri, async (cluster) => {
    for (const key of keys) await cluster.set(key, value);
  });

/** The values there are, each once. */
const values = (place: Ground, uri: string) =>
  within(place, uri, async (cluster) => [...new Set(await Promise.all(keys.map((key) => cluster.get(key))))]);

/** How many keys each node has, that is: whether each has its share, and none was forgotten. */
async function keysPerNode(place: Ground, name: string, uri: string): Promise<number[]> {
  const { nodes } = await place.services.get(name);
  const counts = nodes
    .filter(({ kind }) => kind === "data")
    .map(async ({ port }) => {
      const at = new URL(uri.replace("rediss:", "http:"));
      at.port = String(port);
      const [count] = await say(place, at.href.replace("http:", "rediss:").replace(/\/$/, ""), ["DBSIZE"]);
      return Number(count);
    });
  return Promise.all(counts);
}

test("cluster: restored and forked, with the data of all slots", async () => {
  await using place = await ground();
  const { services } = place;
  const { uri } = await services.create("wide", { plan: "cluster-3" }, patience);
  await fill(place, uri, "then");
  const shares = await keysPerNode(place, "wide", uri);
  expect(shares.filter((count) => count > 0)).toHaveLength(3);
  const backup = await services.backupNow("wide", patience);
  await fill(place, uri, "now");

  const forked = await services.fork("wide", "wide-copy", { backup: backup.name }, patience);
  expect(forked).toMatchObject({ plan: "cluster-3", state: "RUNNING" });
  expect(await values(place, forked.uri)).toEqual(["then"]);
  expect(await keysPerNode(place, "wide-copy", forked.uri)).toEqual(shares);

  await services.restore("wide", backup.name, patience);
  expect(await values(place, uri)).toEqual(["then"]);
  expect(await keysPerNode(place, "wide", uri)).toEqual(shares);

  // Whoever serves is another one than what was copied: what one writes, the other does not see.
  await fill(place, forked.uri, "fork");
  expect(await values(place, uri)).toEqual(["then"]);
}, 400_000);

test.each([
  ["cluster-3", 0],
  ["cluster-3", 400],
  ["business-1", 400],
])(
  "%s: a keeper that is killed %i ms into a restoration leaves the old data or the new, all of it",
  async (plan, wait) => {
    await using place = await ground();
    const { services, home } = place;
    const { uri } = await services.create("shop", { plan }, patience);
    const all = plan.startsWith("cluster");
    const one = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
      await using client = createClient({ url: `${uri}?sslrootcert=${home}/ca/ca.pem` });
      client.on("error", () => {});
      await client.connect();
      return await work(client);
    };
    const write = (value: string) =>
      all
        ? fill(place, uri, value)
        : one(async (client) => {
            for (const key of keys) await client.set(key, value);
          });
    const read = () =>
      all
        ? values(place, uri)
        : one(async (client) => [...new Set(await Promise.all(keys.map((key) => client.get(key))))]);
    await write("then");
    const backup = await services.backupNow("shop", patience);
    await write("now");
    const { keeper } = await services.get("shop");
    const said: string[] = [];
    const restored = services
      .restore("shop", backup.name, { ...patience, progress: (sentence) => said.push(sentence) })
      .catch(() => null);
    // From when the order was taken: before, nothing is under way.
    await expect.poll(() => said.length, { timeout: 60_000 }).toBeGreaterThan(0);
    await pause(wait);
    process.kill(keeper?.pid ?? 0, "SIGKILL");
    await restored;
    await services.wait(["shop"], patience);
    const found = await read();
    expect(found).toHaveLength(1);
    expect(["then", "now"]).toContain(found[0]);
    // And it can be done again.
    await services.restore("shop", backup.name, patience);
    expect(await read()).toEqual(["then"]);
  },
  400_000,
);

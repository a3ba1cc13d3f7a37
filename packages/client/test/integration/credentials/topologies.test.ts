import { setTimeout as delay } from "node:timers/promises";
import {
  createClient,
  createClientPool,
  createCluster,
  createSentinel,
  entraCredentials,
  type RedoubtError,
} from "@redoubt/client";
import { startCluster, startSentinels, startServer } from "@redoubt/server";
import { test } from "vitest";
import { TokenService } from "./token-service.ts";

/** The url without user and password: only the provider says who logs in. */
const anonymous = (uri: string): string => uri.replace(/\/\/[^@/]*@/, "//");

/** Longer than two tokens. */
const life = 2500;
const span = 5500;

test.concurrent("every node of a cluster, its subscriber and its replicas", async ({ expect }) => {
  await using cluster = await startCluster({ primaries: 3, replicas: 1 });
  await using service = await TokenService.start(cluster.nodes, life);
  const errors: RedoubtError[] = [];
  await using client = createCluster({
    url: anonymous(cluster.uri),
    defaults: { credentials: entraCredentials(service.credential) },
    useReplicas: true,
  });
  client.on("error", (error: RedoubtError) => errors.push(error));
  await client.connect();
  const heard: string[] = [];
  await client.subscribe("news", (message) => void heard.push(message));
  let rounds = 0;
  for (const until = performance.now() + span; performance.now() < until; rounds++) {
    const keys = Array.from({ length: 30 }, (_, i) => `key:${i}`);
    const values = keys.map((key) => `${key}=${rounds}`);
    expect(await Promise.all(keys.map((key, i) => client.set(key, values[i] as string)))).toEqual(
      keys.map(() => "OK"),
    );
    await client.publish("news", String(rounds));
    await delay(10);
  }
  expect(errors).toEqual([]);
  expect(service.asked).toBeGreaterThanOrEqual(3);
  expect(service.asked).toBeLessThanOrEqual(7);
  await expect.poll(() => heard.length).toBe(rounds);
});

test.concurrent("a subscriber over RESP2, at any node and at that of a shard, misses nothing and hears nothing twice", async ({
  expect,
}) => {
  await using cluster = await startCluster({ primaries: 3 });
  await using service = await TokenService.start(cluster.nodes, life);
  const errors: RedoubtError[] = [];
  await using client = createCluster({
    url: anonymous(cluster.uri),
    defaults: { credentials: entraCredentials(service.credential), RESP: 2 },
  });
  client.on("error", (error: RedoubtError) => errors.push(error));
  await client.connect();
  const heard: Record<string, string[]> = { news: [], shard: [] };
  const listen = (message: string, channel: string) => void heard[channel]?.push(message);
  await client.subscribe("news", listen);
  await client.sSubscribe("shard", listen);
  const published: string[] = [];
  for (const until = performance.now() + span; performance.now() < until; await delay(2)) {
    const text = String(published.length);
    published.push(text);
    await Promise.all([client.publish("news", text), client.sPublish("shard", text)]);
  }
  await expect
    .poll(() => [heard["news"]?.length, heard["shard"]?.length])
    .toEqual([published.length, published.length]);
  // Publishers at different nodes have no order among each other.
  expect(heard["news"]?.toSorted((a, b) => Number(a) - Number(b))).toEqual(published);
  expect(heard["shard"]).toEqual(published);
  expect(service.asked).toBeGreaterThanOrEqual(3);
  expect(errors).toEqual([]);
});

test.concurrent("the master that Sentinels name, lent clients and replicas; Sentinels keep their own password", async ({
  expect,
}) => {
  await using set = await startSentinels({ replicas: 1, sentinelPassword: "of-the-sentinels" });
  await using service = await TokenService.start([set.primary, ...set.replicas], life);
  const errors: RedoubtError[] = [];
  await using client = createSentinel({
    url: set.uri,
    nodeClientOptions: { credentials: entraCredentials(service.credential) },
    replicaPoolSize: 1,
  });
  client.on("error", (error: RedoubtError) => errors.push(error));
  await client.connect();
  for (const until = performance.now() + span; performance.now() < until; await delay(10)) {
    expect(await client.set("key", "value")).toBe("OK");
    await client.get("key");
    await client.use(async (lent) => expect(await lent.aclWhoAmI()).toMatch(/^identity-/));
  }
  expect(errors).toEqual([]);
  expect(service.asked).toBeLessThanOrEqual(7);
});

test.concurrent("all clients of a pool, and connections for blocking commands", async ({ expect }) => {
  await using server = await startServer();
  await using service = await TokenService.start(server, life);
  const credentials = entraCredentials(service.credential);
  const url = anonymous(server.uri);
  const pool = createClientPool({ url, credentials }, { minimum: 4, maximum: 4 });
  await pool.connect();
  await using client = await createClient({ url, credentials }).connect();
  const errors: RedoubtError[] = [];
  client.on("error", (error) => errors.push(error));
  for (const until = performance.now() + span; performance.now() < until; ) {
    const names = await Promise.all(Array.from({ length: 8 }, () => pool.aclWhoAmI()));
    for (const name of names) expect(name).toMatch(/^identity-/);
    expect(await client.blPop("empty", 0.1)).toBeNull();
  }
  await pool.close();
  expect(errors).toEqual([]);
  expect(service.asked).toBeLessThanOrEqual(7);
});

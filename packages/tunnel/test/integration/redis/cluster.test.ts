import { createCluster } from "@redis/client";
import { type Cluster as RealCluster, type RedisServer, startCluster } from "@redoubt/server";
import { Cluster } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTunnel, type Tunnel } from "../../../src/tunnel.ts";
import { Talk, until } from "./talk.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let cluster: RealCluster;
let tunnel: Tunnel;
const told: string[] = [];
beforeAll(async () => {
  cluster = await startCluster({ primaries: 3, replicas: 1 });
  tunnel = await createTunnel({
    to: cluster.uri,
    listen: "127.0.0.1:0",
    connectTimeout: 30_000,
    log: (line) => told.push(line),
  });
}, 60_000);
afterAll(async () => {
  await tunnel?.close();
  await cluster?.stop();
});

const entry = (): string => tunnel.addresses[0] as string;
const port = (): number => Number(entry().split(":")[1]);

test("every reply that tells addresses tells those of the tunnel, and none of the cluster", async () => {
  using talk = await Talk.open(entry());
  const ports = cluster.nodes.map((node) => String(node.tlsPort));
  for (const protocol of [2, 3]) {
    await talk.say(`HELLO ${protocol}`);
    const replies = await talk.say("CLUSTER SLOTS", "CLUSTER SHARDS", "CLUSTER NODES");
    for (const reply of replies) {
      for (const announced of ports) expect(reply).not.toMatch(new RegExp(`\\D${announced}\\D`));
      for (const { address } of tunnel.nodes) expect(reply).toContain(address.split(":")[1]);
    }
  }
  expect(tunnel.nodes.length).toBe(6);
  const [nodes] = await talk.say("CLUSTER NODES");
  const id = /([0-9a-f]{40}) \S+ myself,master/.exec(nodes as string)?.[1];
  const [replicas] = await talk.say(`CLUSTER REPLICAS ${id}`);
  expect(replicas).toMatch(/127\.0\.0\.1:\d+@/);
});

test("MOVED leads to the listener of the right node", async () => {
  using talk = await Talk.open(entry());
  const moved: string[] = [];
  for (let i = 0; i < 20; i++) {
    const [reply] = await talk.say(`SET moved:${i} ${i}`);
    const place = /^-MOVED \d+ (\S+)$/.exec(reply as string)?.[1];
    if (place === undefined) continue;
    moved.push(place);
    using there = await Talk.open(place);
    expect(await there.say(`SET moved:${i} ${i}`)).toEqual(["+OK"]);
  }
  expect(moved.length).toBeGreaterThan(0);
  expect(tunnel.nodes.map(({ address }) => address)).toEqual(expect.arrayContaining(moved));
});

test("ioredis finds its way", async () => {
  const client = new Cluster([{ host: "127.0.0.1", port: port() }], { slotsRefreshTimeout: 10_000 });
  try {
    await Promise.all(Array.from({ length: 50 }, (_, i) => client.set(`io:${i}`, String(i))));
    for (let i = 0; i < 50; i++) expect(await client.get(`io:${i}`)).toBe(String(i));
    expect(await client.multi().set("{io}:a", "1").incr("{io}:a").exec()).toEqual([
      [null, "OK"],
      [null, 2],
    ]);
  } finally {
    client.disconnect();
  }
});

test("node-redis finds its way", async () => {
  const client = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port()}` }] });
  client.on("error", () => {});
  await client.connect();
  try {
    await Promise.all(Array.from({ length: 50 }, (_, i) => client.set(`node:${i}`, String(i))));
    for (let i = 0; i < 50; i++) expect(await client.get(`node:${i}`)).toBe(String(i));
  } finally {
    client.destroy();
  }
});

test("a slot that is being moved: ASK leads to the other node's listener", async () => {
  const slot = String(await (cluster.primaries[0] as RedisServer).command("CLUSTER", "KEYSLOT", "asked"));
  const place = Math.floor(Number(slot) / (16_384 / 3));
  const from = cluster.primaries[place] as RedisServer;
  const to = cluster.primaries[(place + 1) % 3] as RedisServer;
  const idOf = async (node: RedisServer): Promise<string> => String(await node.command("CLUSTER", "MYID"));
  await to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", await idOf(from));
  await from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", await idOf(to));
  try {
    const addressOf = (node: RedisServer): string =>
      tunnel.nodes.find((known) => known.node.port === node.tlsPort)?.address as string;
    using talk = await Talk.open(addressOf(from));
    const [reply] = await talk.say("GET asked");
    const asked = /^-ASK \d+ (\S+)$/.exec(reply as string)?.[1];
    expect(asked).toBe(addressOf(to));
    using there = await Talk.open(asked as string);
    expect(await there.say("ASKING", "SET asked 1")).toEqual(["+OK", "+OK"]);
  } finally {
    for (const node of [from, to]) await node.command("CLUSTER", "SETSLOT", slot, "STABLE");
  }
});

test("a replica that is promoted is followed", async () => {
  using talk = await Talk.open(entry());
  const replica = cluster.replicas[0]?.[0];
  await replica?.command("CLUSTER", "FAILOVER", "FORCE");
  const place = tunnel.nodes.find(({ node }) => node.port === replica?.tlsPort)?.address as string;
  using there = await Talk.open(place);
  await until(
    "it is a master",
    async () => (await there.say("ROLE"))[0]?.startsWith("*3\r\n$6\r\nmaster") === true,
  );
  expect(await talk.say("PING")).toEqual(["+PONG"]);
  expect(told.filter((line) => line.includes("cannot connect"))).toEqual([]);
});

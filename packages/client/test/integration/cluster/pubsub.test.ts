import { setTimeout as delay } from "node:timers/promises";
import { type Cluster, createCluster } from "@redoubt/client";
import { type RedisServer, type Cluster as Servers, startCluster } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { slotOf } from "../../../src/cluster/slot.ts";
import { Resharding } from "./resharding.ts";

let servers: Servers;

beforeAll(async () => {
  servers = await startCluster({ primaries: 3 });
});

afterAll(() => servers?.stop());

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end; await delay(20))
    if (condition()) return;
  throw new Error("it did not come to that within 20 s");
}

const listeners = async (cluster: Cluster, channel: string): Promise<number> => {
  const counts = await Promise.all(
    cluster.masters.map((node) => node.sendCommand(["PUBSUB", "SHARDNUMSUB", channel])),
  );
  return counts.reduce((sum: number, reply) => sum + Number((reply as unknown[])[1]), 0);
};

describe.each([[3 as const], [2 as const]])("RESP%i", (RESP) => {
  const open = () => createCluster({ url: servers.uri, defaults: { RESP } }).connect();

  test("channels and patterns are heard wherever they are published", async () => {
    await using cluster = await open();
    const heard: string[] = [];
    await cluster.subscribe(["news", "weather"], (message, channel) => heard.push(`${channel}: ${message}`));
    await cluster.pSubscribe("n*", (message, channel) => heard.push(`n* ${channel}: ${message}`));
    for (const [i, node] of cluster.masters.entries()) await node.publish("news", String(i));
    await cluster.publish("weather", "rain");
    await until(() => heard.length === 7);
    expect(heard.toSorted()).toEqual(
      [0, 1, 2]
        .flatMap((i) => [`n* news: ${i}`, `news: ${i}`])
        .concat("weather: rain")
        .toSorted(),
    );
    await cluster.unsubscribe();
    await cluster.pUnsubscribe();
    await cluster.publish("news", "nobody");
    await delay(100);
    expect(heard).toHaveLength(7);
  });

  test("shard channels are listened to at the node of their slot", async () => {
    await using cluster = await open();
    const channels = ["a", "b", "c", "d", "e", "f"].map((name) => `shard:${name}`);
    const heard: string[] = [];
    await cluster.sSubscribe(channels, (message, channel) => heard.push(`${channel}: ${message}`));
    for (const channel of channels) expect(await cluster.sPublish(channel, "x")).toBe(1);
    await until(() => heard.length === channels.length);
    expect(heard.toSorted()).toEqual(channels.map((channel) => `${channel}: x`));
    await cluster.sUnsubscribe(channels[0] as string);
    expect(await cluster.sPublish(channels[0] as string, "y")).toBe(0);
    await cluster.sUnsubscribe();
    for (const channel of channels) expect(await cluster.sPublish(channel, "z")).toBe(0);
    expect(heard).toHaveLength(channels.length);
  });

  test("a shard channel is followed to where its slot goes", async () => {
    await using cluster = await open();
    const resharding = await Resharding.of(servers.nodes);
    const channel = `follow:${RESP}`;
    const slot = slotOf(channel);
    const heard: string[] = [];
    await cluster.sSubscribe(channel, (message) => heard.push(message));
    const from = await resharding.ownerOf(slot);
    await resharding.move(slot, from, servers.primaries.find((server) => server !== from) as RedisServer);
    for (const end = performance.now() + 20_000; performance.now() < end; await delay(20))
      if ((await cluster.sPublish(channel, "moved")) === 1) break;
    await until(() => heard.includes("moved"));
    expect(await listeners(cluster, channel)).toBe(1);
  });

  test("a lost connection is made up for, at another node if need be", async () => {
    await using cluster = await open();
    const heard: string[] = [];
    await cluster.subscribe("lost", (message) => heard.push(message));
    await cluster.sSubscribe("lost:shard", (message) => heard.push(message));
    for (const server of servers.primaries) await server.command("CLIENT", "KILL", "TYPE", "pubsub");
    for (
      const end = performance.now() + 20_000;
      performance.now() < end && new Set(heard).size < 2;
      await delay(20)
    ) {
      await cluster.publish("lost", "channel");
      await cluster.sPublish("lost:shard", "shard");
    }
    expect(new Set(heard)).toEqual(new Set(["channel", "shard"]));
  });

  test("messages() reads shard channels, too", async () => {
    await using cluster = await open();
    await using messages = cluster.messages("stream:shard", { kind: "shard" });
    await messages.ready;
    await cluster.sPublish("stream:shard", "first");
    expect((await messages.next()).value).toEqual({ channel: "stream:shard", message: "first" });
  });
});

test("subscribing before connect() is refused", async () => {
  const cluster = createCluster(servers.uri);
  await expect(cluster.subscribe("a", () => {})).rejects.toMatchObject({ code: "CLOSED_NOT_CONNECTED" });
});

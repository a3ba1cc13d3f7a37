import { setTimeout as delay } from "node:timers/promises";
import { type ClusterNode, createCluster, type RedoubtError } from "@redoubt/client";
import { type RedisServer, startCluster, startFaultProxy, startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { slotOf } from "../../../src/cluster/slot.ts";
import { Resharding } from "./resharding.ts";

const codeOf = (error: RedoubtError) => error.code;

/** The same connection string, to another port. */
function through(uri: string, port: number): string {
  const url = new URL(uri.replace(/,[^/?]*/, ""));
  url.host = `localhost:${port}`;
  return url.href;
}

describe("connecting", () => {
  test("tells the one thing that is wrong everywhere, and no secret", async () => {
    await using servers = await startCluster({ primaries: 2 });
    const cluster = createCluster({ url: servers.uri, defaults: { password: "wrong-secret" } });
    const error = await cluster.connect().catch((reason: RedoubtError) => reason);
    expect(error).toMatchObject({ code: "AUTH_FAILED", stage: "auth" });
    expect(JSON.stringify([error, String((error as Error).stack)])).not.toContain("wrong-secret");
    expect(cluster.isOpen).toBe(false);
    // It can be tried again, and right options are not spoilt by it.
    await expect(cluster.connect()).rejects.toMatchObject({ code: "AUTH_FAILED" });
  });

  test("TOPOLOGY_NO_NODE names each seed and what it failed with", async () => {
    await using server = await startServer();
    const port = server.tlsPort as number;
    await server.stop();
    const cluster = createCluster({
      url: `redis://localhost:${port},localhost:1`,
      defaults: { socket: { connectTimeout: 1500 } },
    });
    const start = performance.now();
    await expect(cluster.connect()).rejects.toMatchObject({
      code: "TOPOLOGY_NO_NODE",
      message: expect.stringMatching(new RegExp(`:${port} refused.*:1 refused`)),
    });
    expect(performance.now() - start).toBeLessThan(6000);
  });

  test("TOPOLOGY_NO_SLOTS of a node that has joined no cluster", async () => {
    await using server = await startServer({ config: ["cluster-enabled yes"] });
    const cluster = createCluster({ url: server.uri, defaults: { socket: { connectTimeout: 1500 } } });
    const error = (await cluster.connect().catch((reason: RedoubtError) => reason)) as RedoubtError;
    expect(error.code).toBe("TOPOLOGY_NO_NODE");
    expect(error.cause).toMatchObject({ code: "TOPOLOGY_NO_SLOTS" });
  });

  test("a seed that swallows everything does not hold up the others", async () => {
    await using servers = await startCluster({ primaries: 2 });
    const seed = servers.primaries[0] as RedisServer;
    await using proxy = await startFaultProxy({ to: { host: seed.address, port: seed.tlsPort as number } });
    proxy.stall();
    const second = servers.primaries[1] as RedisServer;
    const start = performance.now();
    await using cluster = await createCluster({
      rootNodes: [{ url: through(servers.uri, proxy.port) }, { url: second.uri }],
    }).connect();
    expect(performance.now() - start).toBeLessThan(6000);
    expect(cluster.masters).toHaveLength(2);
  });

  test("minimizeConnections: nodes are connected when they are needed", async () => {
    await using servers = await startCluster({ primaries: 3 });
    await using cluster = await createCluster({ url: servers.uri, minimizeConnections: true }).connect();
    expect(cluster.masters.map(({ isReady }) => isReady)).toEqual([false, false, false]);
    await cluster.set("foo", "value of foo");
    expect(cluster.masters.filter(({ isReady }) => isReady)).toEqual([cluster.getSlotMaster(slotOf("foo"))]);
  });

  test("closing ends everything, refuses what comes later, and lets what was asked be answered", async () => {
    await using servers = await startCluster({ primaries: 2 });
    const cluster = createCluster(servers.uri);
    await expect(cluster.get("foo")).rejects.toMatchObject({ code: "CLOSED_NOT_CONNECTED" });
    await cluster.connect();
    await expect(cluster.connect()).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
    const replies = Array.from({ length: 50 }, (_, i) => cluster.set(`last:${i}`, "x"));
    const closing = cluster.close();
    await expect(cluster.get("foo")).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
    await closing;
    expect(await Promise.all(replies)).toEqual(replies.map(() => "OK"));
    // It can be connected again.
    await using again = await cluster.connect();
    expect(await again.get("last:7")).toBe("x");
  });
});

describe("a cluster that changes", () => {
  test("a node that joins gets its slots' commands; one that leaves is left", {
    timeout: 60_000,
  }, async () => {
    // Without that, a node that has lost its last slot becomes a replica of the one that took it.
    const config = ["cluster-allow-replica-migration no"];
    await using servers = await startCluster({ primaries: 2, config });
    await using cluster = await createCluster({ url: servers.uri, topologyRefreshInterval: 300 }).connect();
    const ready: ClusterNode[] = [];
    cluster.on("node-ready", (node) => ready.push(node));
    const resharding = await Resharding.of(servers.nodes);
    const slot = slotOf("foo");
    const from = await resharding.ownerOf(slot);
    const to = servers.primaries.find((server) => server !== from) as RedisServer;
    await cluster.set("foo", "value of foo");
    // All slots of one node go to the other one, in one stroke and without keys, but for the one that is moved.
    await resharding.move(slot, from, to);
    expect(await cluster.get("foo")).toBe("value of foo");
    await resharding.giveAll(from, to);
    for (const end = performance.now() + 20_000; performance.now() < end && cluster.masters.length > 1; )
      await delay(50);
    expect(cluster.masters.map(({ port }) => port)).toEqual([to.tlsPort]);
    expect(await cluster.get("foo")).toBe("value of foo");
    await resharding.move(slot, to, from);
    for (const end = performance.now() + 20_000; performance.now() < end && cluster.masters.length < 2; )
      await delay(50);
    expect(await cluster.get("foo")).toBe("value of foo");
    expect(cluster.getSlotMaster(slot)?.port).toBe(from.tlsPort);
    expect(ready.length).toBeGreaterThan(0);
  });

  test("TOPOLOGY_SLOT_UNSERVED when the deadline is over; served again, commands that waited are carried out", async () => {
    await using servers = await startCluster({ primaries: 2, config: ["cluster-require-full-coverage no"] });
    await using cluster = await createCluster({ url: servers.uri, topologyRefreshInterval: 200 }).connect();
    const slot = slotOf("foo");
    const resharding = await Resharding.of(servers.nodes);
    const owner = await resharding.ownerOf(slot);
    for (const server of servers.primaries) await server.command("CLUSTER", "DELSLOTS", String(slot));
    for (
      const end = performance.now() + 20_000;
      performance.now() < end && cluster.slots[slot] !== undefined;
    )
      await delay(50);
    expect(cluster.slots[slot]).toBeUndefined();
    const late = cluster.withCommandOptions({ timeout: 1000 }).get("foo");
    await expect(late).rejects.toMatchObject({
      code: "TOPOLOGY_SLOT_UNSERVED",
      command: "GET",
      message: expect.not.stringContaining("foo"),
    });
    const waiting = cluster.set("foo", "value of foo");
    await delay(100);
    await owner.command("CLUSTER", "ADDSLOTS", String(slot));
    expect(await waiting).toBe("OK");
    expect(await cluster.get("foo")).toBe("value of foo");
  });

  test("TOPOLOGY_REDIRECTIONS when nodes send a command to each other without end", async () => {
    await using servers = await startCluster({ primaries: 2 });
    const [first, second] = servers.primaries as [RedisServer, RedisServer];
    // Both addresses lead to the first node, which sends its own client away, to itself.
    await using cluster = await createCluster({
      url: first.uri,
      nodeAddressMap: (address) =>
        address.endsWith(`:${second.tlsPort}`) ? `127.0.0.1:${first.tlsPort}` : undefined,
      maxCommandRedirections: 4,
    }).connect();
    const key = ["foo", "bar", "baz", "a", "b", "c"].find((name) => slotOf(name) >= 8192) as string;
    await expect(cluster.get(key)).rejects.toMatchObject({
      code: "TOPOLOGY_REDIRECTIONS",
      command: "GET",
      cause: expect.objectContaining({ code: "REPLY_MOVED" }),
    });
  });

  test("a connection that is lost is made again; its error names the node, and the others go on", async () => {
    await using servers = await startCluster({ primaries: 3, nodeTimeout: 15_000 });
    await using cluster = await createCluster(servers.uri).connect();
    const errors: string[] = [];
    cluster.on("error", (error) => errors.push(codeOf(error)));
    const nodes: string[] = [];
    cluster.on("node-error", (_, node) => nodes.push(node.address));
    const victim = cluster.getSlotMaster(slotOf("foo")) as ClusterNode;
    const other = cluster.masters.find((node) => node !== victim) as ClusterNode;
    const server = servers.primaries.find(({ tlsPort }) => tlsPort === victim.port) as RedisServer;
    await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    expect(await other.ping()).toBe("PONG");
    expect(await cluster.set("foo", "value of foo")).toBe("OK");
    expect(new Set(errors)).toEqual(new Set(["CLOSED_CONNECTION"]));
    expect(new Set(nodes)).toEqual(new Set([victim.address]));
  });

  test("a half-open node is noticed by its silence", async () => {
    await using servers = await startCluster({ primaries: 2, names: ["localhost", "127.0.0.1"] });
    const [first, second] = servers.primaries as [RedisServer, RedisServer];
    await using proxy = await startFaultProxy({
      to: { host: second.address, port: second.tlsPort as number },
    });
    await using cluster = await createCluster({
      url: first.uri,
      nodeAddressMap: { [`127.0.0.1:${second.tlsPort}`]: `127.0.0.1:${proxy.port}` },
      defaults: { socket: { socketTimeout: 1500 } },
    }).connect();
    const key = ["foo", "bar", "baz", "a", "b", "c"].find((name) => slotOf(name) >= 8192) as string;
    await cluster.set(key, "x");
    proxy.stall();
    await expect(cluster.get(key)).rejects.toMatchObject({ code: "TIMEOUT_SOCKET" });
    const waiting = cluster.get(key);
    await proxy.pass();
    expect(await waiting).toBe("x");
  });
});

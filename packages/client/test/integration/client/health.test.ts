import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@redoubt/client";
import { startReplicas, startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { startGround } from "./ground.ts";

describe("an idle connection", () => {
  test("says PING when it has been silent for a while, and only then", async () => {
    await using server = await startServer();
    await using client = await createClient({
      url: server.uri,
      pingInterval: 100,
      maxBlockingConnections: 0,
    }).connect();
    await using observer = await createClient(server.uri).connect();
    const pings = async (): Promise<number> =>
      Number(/cmdstat_ping:calls=(\d+)/.exec(await observer.info("commandstats"))?.[1] ?? 0);
    const before = await pings();
    for (const until = performance.now() + 500; performance.now() < until; await delay(5))
      await client.get("a");
    const busy = (await pings()) - before;
    await delay(600);
    const idle = (await pings()) - before - busy;
    expect(busy).toBeLessThanOrEqual(1);
    expect(idle).toBeGreaterThanOrEqual(3);
    expect(idle).toBeLessThanOrEqual(6);
    // A blocked connection is not idle, and a transaction is not the place for it.
    const blocked = client.blPop("list", 1);
    await delay(500);
    expect((await pings()) - before - busy - idle).toBeLessThanOrEqual(1);
    expect(await blocked).toBeNull();
    await client.sendCommand(["MULTI"]);
    await delay(350);
    expect(await client.sendCommand(["EXEC"])).toEqual([]);
  });

  test("that is half-open is noticed and replaced, though nobody asks anything", async () => {
    await using ground = await startGround();
    await using client = await createClient({
      url: ground.url,
      pingInterval: 200,
      socket: { socketTimeout: 300, connectTimeout: 1000 },
    }).connect();
    const errors: string[] = [];
    client.on("error", ({ code }) => errors.push(code));
    const start = performance.now();
    ground.proxy.stall();
    await expect.poll(() => errors.length, { timeout: 3000, interval: 10 }).toBeGreaterThan(0);
    expect(errors[0]).toBe("TIMEOUT_SOCKET");
    expect(performance.now() - start).toBeLessThan(1000);
    await ground.proxy.pass();
    await expect.poll(() => client.isReady, { timeout: 5000 }).toBe(true);
    expect(await client.ping()).toBe("PONG");
  });

  test("does not keep the process alive by its timers, and ends them with the connection", async () => {
    await using server = await startServer();
    const client = await createClient({ url: server.uri, pingInterval: 50 }).connect();
    await client.close();
    const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    await delay(120);
    expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length).toBeLessThanOrEqual(
      timers,
    );
  });
});

describe("health()", () => {
  test("of a primary that is well", async () => {
    await using server = await startServer();
    await using client = await createClient(server.uri).connect();
    const health = await client.health();
    expect(health).toMatchObject({ live: true, ready: true, connected: true, role: "master", error: null });
    expect(health.version).toMatch(/^\d+\.\d+/);
    expect(health.latencyMs).toBeGreaterThan(0);
    expect(health.totalMs).toBeGreaterThan(health.latencyMs as number);
    expect(health.address).toContain(String(server.tlsPort));
  });

  test("knows the server under RESP2, too", async () => {
    await using server = await startServer();
    await using client = await createClient({ url: server.uri, RESP: 2 }).connect();
    expect(await client.health()).toMatchObject({ live: true, ready: true, role: "master", version: null });
  });

  test("before connect(): the server lives, the client is not ready", async () => {
    await using server = await startServer();
    const client = createClient(server.uri);
    expect(await client.health()).toMatchObject({
      live: true,
      ready: false,
      connected: false,
      error: { code: "CLOSED_NOT_CONNECTED" },
    });
  });

  test("is not held up by what the client does", async () => {
    await using server = await startServer();
    await using client = await createClient(server.uri).connect();
    const popped = client.blPop("list", 1);
    const { ready, totalMs } = await client.health();
    expect(ready).toBe(true);
    expect(totalMs).toBeLessThan(900);
    expect(await popped).toBeNull();
  });

  test("ends in time when the server hangs, and when it is away", async () => {
    await using ground = await startGround();
    await using client = await createClient(ground.url).connect();
    client.on("error", () => {});
    ground.proxy.stall();
    const start = performance.now();
    expect(await client.health({ timeoutMs: 300 })).toMatchObject({
      live: false,
      ready: false,
      latencyMs: null,
      error: { code: "TIMEOUT_CONNECT" },
    });
    expect(performance.now() - start).toBeLessThan(800);
    await ground.proxy.stop();
    expect(await client.health({ timeoutMs: 1000 })).toMatchObject({
      live: false,
      error: { code: "TCP_REFUSED", stage: "tcp" },
    });
  });

  test("with a wrong password: it lives and is not ready", async () => {
    await using server = await startServer();
    const client = createClient({ url: server.uri, password: "wrong" });
    expect(await client.health()).toMatchObject({ live: true, ready: false, error: { code: "AUTH_FAILED" } });
  });

  test("of a replica: ready while it has its primary", async () => {
    await using set = await startReplicas({ replicas: 1 });
    const [replica] = set.replicas;
    await using client = await createClient(replica?.uri as string).connect();
    client.on("error", () => {});
    await expect
      .poll(() => client.health(), { timeout: 5000 })
      .toMatchObject({ live: true, ready: true, role: "replica" });
    await set.primary.stop();
    await expect
      .poll(() => client.health(), { timeout: 5000 })
      .toMatchObject({ live: true, ready: false, role: "replica", error: { code: "REPLY_MASTER_DOWN" } });
  });
});

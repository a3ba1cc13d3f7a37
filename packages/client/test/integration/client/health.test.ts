import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@redoubt/client";
import { startReplicas, startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { startGround } from "./ground.ts";

describe("an idle connection", () => {
  test("says PING when it has been silent for a while, and only then", async () => {
    const pingInterval = 250;
    await using server = await startServer();
    await using client = await createClient({
      url: server.uri,
      pingInterval,
      maxBlockingConnections: 0,
    }).connect();
    await using observer = await createClient(server.uri).connect();
    const pings = async (): Promise<number> =>
      Number(/cmdstat_ping:calls=(\d+)/.exec(await observer.info("commandstats"))?.[1] ?? 0);
    const before = await pings();
    // A machine that is busy with other things makes pauses, too.
    let pauses = 1;
    const begin = performance.now();
    for (let last = begin; last < begin + 1000; await delay(5)) {
      await client.get("a");
      const now = performance.now();
      if (now - last > pingInterval / 2) pauses++;
      last = now;
    }
    const busy = (await pings()) - before;
    expect(busy).toBeLessThanOrEqual(pauses);
    const silent = performance.now();
    const idle = async (): Promise<number> => (await pings()) - before - busy;
    await expect.poll(idle).toBeGreaterThanOrEqual(3);
    const said = await idle();
    expect(said).toBeLessThanOrEqual(1 + (performance.now() - silent) / pingInterval);
    // A blocked connection is not idle, and a transaction is not the place for it.
    const blocked = client.blPop("list", 2);
    await delay(1500);
    expect((await idle()) - said).toBeLessThanOrEqual(1);
    expect(await blocked).toBeNull();
    await client.sendCommand(["MULTI"]);
    await delay(3 * pingInterval);
    expect(await client.sendCommand(["EXEC"])).toEqual([]);
  });

  test("that is half-open is noticed and replaced, though nobody asks anything", async () => {
    await using ground = await startGround();
    await using client = await createClient({
      url: ground.url,
      pingInterval: 200,
      socket: { socketTimeout: 300, connectTimeout: 2000 },
    }).connect();
    const errors: string[] = [];
    client.on("error", ({ code }) => errors.push(code));
    const start = performance.now();
    ground.proxy.stall();
    await expect.poll(() => errors.length, { interval: 10 }).toBeGreaterThan(0);
    expect(errors[0]).toBe("TIMEOUT_SOCKET");
    expect(performance.now() - start).toBeLessThan(8000);
    await ground.proxy.pass();
    await expect.poll(() => client.isReady).toBe(true);
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
    const popped = client.blPop("list", 0);
    expect((await client.health()).ready).toBe(true);
    await client.rPush("list", "x");
    expect(await popped).toEqual({ key: "list", element: "x" });
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
    expect(performance.now() - start).toBeLessThan(4000);
    await ground.proxy.stop();
    expect(await client.health({ timeoutMs: 10_000 })).toMatchObject({
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
    await expect.poll(() => client.health()).toMatchObject({ live: true, ready: true, role: "replica" });
    await set.primary.stop();
    await expect
      .poll(() => client.health())
      .toMatchObject({ live: true, ready: false, role: "replica", error: { code: "REPLY_MASTER_DOWN" } });
  });
});

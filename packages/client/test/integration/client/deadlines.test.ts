import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@redoubt/client";
import { startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { startGround } from "./ground.ts";

describe("the deadline of a command", () => {
  test("holds on a half-open connection, and late replies do not shift the others", async () => {
    await using ground = await startGround();
    await using client = await createClient({ url: ground.url, commandOptions: { timeout: 200 } }).connect();
    const patient = client.withCommandOptions({ timeout: 40_000 });
    await patient.set("a", "1");
    // Twice that, there and back.
    ground.proxy.delay(1000);
    const start = performance.now();
    await expect(client.get("a")).rejects.toMatchObject({ code: "TIMEOUT_COMMAND", command: "GET" });
    const took = performance.now() - start;
    expect(took).toBeGreaterThanOrEqual(200);
    expect(took).toBeLessThan(1900);
    await ground.proxy.pass();
    expect(await Promise.all([patient.get("a"), patient.echo("b")])).toEqual(["1", "b"]);
  });

  test("spares blocking commands, and what waits behind them", async () => {
    await using server = await startServer();
    await using client = await createClient({ url: server.uri, commandOptions: { timeout: 1000 } }).connect();
    await using other = await createClient(server.uri).connect();
    const popped = client.blPop("list", 40);
    const behind = client.echo("behind");
    await delay(1500);
    await other.rPush("list", "x");
    expect(await popped).toEqual({ key: "list", element: "x" });
    expect(await behind).toBe("behind");
  });

  test("of its own may be shorter or longer than the client's", async () => {
    await using ground = await startGround();
    await using client = await createClient({ url: ground.url, commandOptions: { timeout: 300 } }).connect();
    ground.proxy.delay(250);
    await expect(client.withCommandOptions({ timeout: 100 }).ping()).rejects.toMatchObject({
      code: "TIMEOUT_COMMAND",
    });
    expect(await client.withCommandOptions({ timeout: 40_000 }).ping()).toBe("PONG");
    await expect(client.ping()).rejects.toMatchObject({ code: "TIMEOUT_COMMAND" });
  });

  test("is not blamed on the server when the program itself was busy", async () => {
    await using server = await startServer();
    await using client = await createClient({ url: server.uri, commandOptions: { timeout: 100 } }).connect();
    const reply = client.ping();
    await delay(0);
    const until = performance.now() + 700;
    while (performance.now() < until);
    expect(await reply).toBe("PONG");
  });
});

describe("a half-open connection", () => {
  test("is noticed in seconds and replaced, and those who were let go before are not rejected twice", async () => {
    await using ground = await startGround();
    const socket = { socketTimeout: 400 };
    await using client = await createClient({
      url: ground.url,
      socket,
      commandOptions: { timeout: 150 },
    }).connect();
    const codes: string[] = [];
    client.on("error", ({ code }) => codes.push(code));
    ground.proxy.stall();
    await expect(client.get("a")).rejects.toMatchObject({ code: "TIMEOUT_COMMAND" });
    await ground.proxy.pass();
    const start = performance.now();
    expect(
      await client
        .withCommandOptions({ timeout: 40_000 })
        .ping()
        .catch(({ code }) => code),
    ).toBe("TIMEOUT_SOCKET");
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(await client.withCommandOptions({ timeout: 40_000 }).ping()).toBe("PONG");
    expect(codes).toEqual(["TIMEOUT_SOCKET"]);
  });
});

describe("an abort signal", () => {
  test("lets the caller go, and the reply that still comes is thrown away", async () => {
    await using ground = await startGround();
    await using client = await createClient(ground.url).connect();
    ground.proxy.delay(100);
    const abort = new AbortController();
    const given = client.withAbortSignal(abort.signal).echo("given up");
    await delay(20);
    abort.abort(new Error("no longer wanted"));
    await expect(given).rejects.toMatchObject({ code: "CLOSED_ABORTED", command: "ECHO" });
    expect(await client.echo("next")).toBe("next");
  });

  test("takes a command out of the offline queue, so that it is never sent", async () => {
    await using ground = await startGround();
    await using client = await createClient(ground.url).connect();
    client.on("error", () => {});
    await ground.proxy.refuse();
    ground.proxy.cut();
    await expect.poll(() => client.isReady).toBe(false);
    const abort = new AbortController();
    const given = client.withAbortSignal(abort.signal).set("never", "1");
    const kept = client.set("kept", "1");
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: "CLOSED_ABORTED" });
    await ground.proxy.pass();
    await kept;
    expect(await client.exists("never")).toBe(0);
  });

  test("that is aborted already sends nothing", async () => {
    await using server = await startServer();
    await using client = await createClient(server.uri).connect();
    await expect(client.withAbortSignal(AbortSignal.abort()).set("never", "1")).rejects.toMatchObject({
      code: "CLOSED_ABORTED",
    });
    expect(await client.exists("never")).toBe(0);
  });
});

describe("the offline queue", () => {
  test("is bounded in count, bytes and time", async () => {
    await using ground = await startGround();
    const offlineQueue = { maxCommands: 3, maxBytes: 1000, maxMs: 200 };
    await using client = await createClient({ url: ground.url, offlineQueue }).connect();
    client.on("error", () => {});
    await ground.proxy.refuse();
    ground.proxy.cut();
    await expect.poll(() => client.isReady).toBe(false);
    const late = [client.get("a"), client.get("b")];
    await expect(client.set("big", "x".repeat(1000))).rejects.toMatchObject({ code: "CLOSED_QUEUE_FULL" });
    late.push(client.get("c"));
    await expect(client.get("d")).rejects.toMatchObject({ code: "CLOSED_QUEUE_FULL", transient: true });
    for (const waiting of late)
      await expect(waiting).rejects.toMatchObject({ code: "TIMEOUT_QUEUE", command: "GET" });
  });

  test("can be off", async () => {
    await using ground = await startGround();
    await using client = await createClient({ url: ground.url, offlineQueue: false }).connect();
    client.on("error", () => {});
    await ground.proxy.refuse();
    ground.proxy.cut();
    await expect.poll(() => client.isReady).toBe(false);
    await expect(client.get("a")).rejects.toMatchObject({ code: "CLOSED_NOT_CONNECTED" });
  });
});

import { setTimeout as delay } from "node:timers/promises";
import { type Client, type ClientOptions, createClient, type RedoubtError } from "@redoubt/client";
import { type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(() => server.command("FLUSHALL"));

const connect = (options: ClientOptions = {}) =>
  createClient({ url: server.uri, name: "blocking", ...options }).connect();

const failure = (promise: Promise<unknown>): Promise<RedoubtError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => error,
  );

/** How many connections clients of this file have. */
const connections = async (): Promise<number> =>
  String(await server.command("CLIENT", "LIST")).split("name=blocking").length - 1;

/** Ends all connections; the client's own is back then. */
const killAll = async (client: Client): Promise<void> => {
  const ready = new Promise((resolve) => client.once("ready", () => resolve(null)));
  await server.command("CLIENT", "KILL", "TYPE", "normal");
  await ready;
};

const eventually = async (count: number): Promise<void> => {
  const end = performance.now() + 20_000;
  while ((await connections()) !== count) {
    if (performance.now() > end) throw new Error(`${await connections()} connections, not ${count}`);
    await delay(10);
  }
};

describe.each([2, 3] as const)("blocking commands over RESP%i", (RESP) => {
  test("hold up nobody", async () => {
    await using client = await connect({ RESP });
    const popped = Promise.all([
      client.blPop("queue", 0),
      client.xRead({ key: "stream", id: "$" }, { BLOCK: 40_000 }),
      client.bzPopMin("zset", 40),
      client.sendCommand(["BRPOP", "raw", "40"]),
    ]);
    await eventually(5);
    for (let i = 0; i < 20; i++) await client.set("key", i);
    expect(await client.get("key")).toBe("19");
    await client.multi().rPush("queue", "q").xAdd("stream", "1-1", { f: "v" }).rPush("raw", "r").exec();
    await client.zAdd("zset", { value: "m", score: 1 });
    const [list, streams, member, raw] = await popped;
    expect(list).toEqual({ key: "queue", element: "q" });
    expect(streams?.[0]).toMatchObject({ name: "stream" });
    expect([member, raw]).toEqual([{ key: "zset", value: "m", score: 1 }, ["raw", "r"]]);
  });
});

describe("connections for blocking commands", () => {
  test("are opened when needed and used again", async () => {
    await using client = await connect();
    expect(await connections()).toBe(1);
    for (let i = 0; i < 5; i++) {
      await client.rPush("queue", String(i));
      expect(await client.blPop("queue", 1)).toEqual({ key: "queue", element: String(i) });
    }
    expect(await connections()).toBe(2);
    await client.close();
    await eventually(0);
  });

  test("are bounded: who finds none free waits in order, or learns it in time", async () => {
    await using client = await connect({ maxBlockingConnections: 2 });
    const waiting = [1, 2, 3, 4].map(() => client.blPop("queue", 0));
    await eventually(3);
    await client.rPush("queue", ["a", "b", "c", "d"]);
    const elements = (await Promise.all(waiting)).map((each) => each?.element);
    expect(new Set(elements)).toEqual(new Set(["a", "b", "c", "d"]));
    expect(await connections()).toBe(3);
    const forever = [1, 2].map(() => failure(client.blPop("queue", 0)));
    const start = performance.now();
    const impatient = client.withCommandOptions({ timeout: 400 });
    expect(await failure(impatient.blPop("queue", 0))).toMatchObject({
      code: "TIMEOUT_QUEUE",
      command: "BLPOP",
    });
    expect(performance.now() - start).toBeLessThan(4000);
    const given = client.withAbortSignal(AbortSignal.timeout(50)).blPop("queue", 0);
    expect(await failure(given)).toMatchObject({ code: "CLOSED_ABORTED", command: "BLPOP" });
    await client.close();
    expect((await Promise.all(forever)).map(({ code }) => code)).toEqual(["CLOSED_CLIENT", "CLOSED_CLIENT"]);
  });

  test("none at all: commands go over the client's own", async () => {
    await using client = await connect({ maxBlockingConnections: 0 });
    const popped = client.blPop("queue", 0.7);
    const ping = client.ping();
    expect(await Promise.race([ping, delay(100, "held up")])).toBe("held up");
    expect([await popped, await ping]).toEqual([null, "PONG"]);
    expect(() => createClient({ maxBlockingConnections: -1 })).toThrow("maxBlockingConnections");
  });

  test("a command has its own deadline: a server that forgets it is noticed", async () => {
    await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort as number } });
    const url = new URL(server.uri);
    url.port = String(proxy.port);
    await using client = await connect({
      url: url.href,
      commandOptions: { timeout: 1500 },
      socket: { socketTimeout: 0 },
    });
    expect(await client.blPop("queue", 0.4)).toBeNull();
    const start = performance.now();
    const error = failure(client.blPop("queue", 0.4));
    await delay(50);
    proxy.stall();
    expect(await error).toMatchObject({ code: "TIMEOUT_COMMAND", command: "BLPOP" });
    expect(performance.now() - start).toBeGreaterThan(1850);
    expect(performance.now() - start).toBeLessThan(8000);
    await proxy.pass();
    client.destroy();
  });

  test("an aborted command takes nothing any more", async () => {
    await using client = await connect();
    const aborted = client.withAbortSignal(AbortSignal.timeout(50)).blPop("queue", 0);
    expect(await failure(aborted)).toMatchObject({ code: "CLOSED_ABORTED" });
    await eventually(1);
    await client.rPush("queue", "kept");
    expect(await client.lLen("queue")).toBe(1);
  });

  test("a lost connection is told, and the next command gets a new one", async () => {
    await using client = await connect();
    const lost = failure(client.blPop("queue", 0));
    await eventually(2);
    await killAll(client);
    expect(await lost).toMatchObject({ code: "CLOSED_CONNECTION", command: "BLPOP" });
    await client.rPush("queue", "x");
    expect(await client.blPop("queue", 1)).toEqual({ key: "queue", element: "x" });
    await killAll(client);
    await eventually(1);
    await client.rPush("queue", "y");
    expect(await client.blPop("queue", 1)).toEqual({ key: "queue", element: "y" });
  });

  test("pipelines that wait have one, too; transactions do not wait", async () => {
    await using client = await connect();
    const pipeline = client.multi().set("a", 1).blPop("queue", 0).get("a").execAsPipeline();
    await eventually(2);
    expect(await client.ping()).toBe("PONG");
    await client.rPush("queue", "x");
    expect(await pipeline).toEqual(["OK", { key: "queue", element: "x" }, "1"]);
    expect(await client.multi().blPop("queue", 0).exec()).toEqual([null]);
    await client.sendCommand(["MULTI"]);
    expect(await client.sendCommand(["BLPOP", "queue", "0"])).toBe("QUEUED");
    expect(await client.sendCommand(["EXEC"])).toEqual([null]);
  });

  test("what must stay on the client's connection stays there", async () => {
    await using client = await connect();
    await client.set("a", 1);
    expect(await client.wait(0, 100)).toBe(0);
    expect(await connections()).toBe(1);
  });

  test("a client that is not connected, or closed, says so", async () => {
    const client = createClient(server.uri);
    expect(await failure(client.blPop("a", 0))).toMatchObject({ code: "CLOSED_NOT_CONNECTED" });
    await client.connect();
    await client.close();
    expect(await failure(client.blPop("a", 0))).toMatchObject({ code: "CLOSED_CLIENT" });
  });
});

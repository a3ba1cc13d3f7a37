import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient, RedoubtError } from "@redoubt/client";
import { startReplicas, startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { Link } from "../../../src/client/link.ts";
import { defaultOfflineQueue } from "../../../src/client/offline-queue.ts";
import { get, incr } from "../../../src/commands/string.ts";
import { parse } from "../../../src/config/parse.ts";
import { dial } from "../../../src/net/dial.ts";
import { answeredOnce } from "../../../src/net/setback.ts";
import { startGround } from "./ground.ts";

describe("a command that was not written yet when the connection was lost", () => {
  const terms = { mode: 0, timeout: 5000, signal: undefined };
  const because = new RedoubtError("CLOSED_CONNECTION", "lost by the test");
  const open = async (uri: string): Promise<Link> => {
    const target = parse(uri);
    const link = new Link({
      dial: (options) => dial(target, options),
      reconnect: () => 0,
      offlineQueue: defaultOfflineQueue,
      connectTimeout: 5000,
      commandTimeout: 5000,
      socketTimeout: 10_000,
      limits: {},
    });
    await link.connect();
    return link;
  };

  /** The first command of a tick may leave at once; what comes behind it waits for the tick's end. */
  const occupy = (link: Link): void =>
    void link.execute(get("counter"), { ...terms, mode: answeredOnce }).catch(() => {});

  test("is sent on the next one, in order and once", async () => {
    await using server = await startServer();
    const link = await open(server.uri);
    occupy(link);
    const replies = [1, 2, 3].map(() => link.execute(incr("counter"), terms));
    link.renew(because);
    const after = link.execute(incr("counter"), terms);
    expect(await Promise.all([...replies, after])).toEqual([1, 2, 3, 4]);
    link.destroy();
  });

  test("is not sent again when its caller does not want that", async () => {
    await using server = await startServer();
    const link = await open(server.uri);
    occupy(link);
    const reply = link.execute(incr("counter"), { ...terms, mode: answeredOnce });
    link.renew(because);
    await expect(reply).rejects.toMatchObject({ code: "CLOSED_CONNECTION", command: "INCR" });
    expect(await link.execute(get("counter"), terms)).toBeNull();
    link.destroy();
  });
});

describe("a command that may have been carried out", () => {
  test("is sent again only if that was asked for and does no harm", async () => {
    await using ground = await startGround();
    await using client = await createClient(ground.url).connect();
    client.on("error", () => {});
    await client.mSet({ key: "value", counter: "5" });
    const again = client.withCommandOptions({ retry: "idempotent" });
    ground.proxy.stall();
    const asked = Promise.allSettled([
      again.get("key"),
      again.set("key", "other"),
      again.incr("counter"),
      again.lPop("list"),
      client.get("key"),
    ]);
    await delay(50);
    ground.proxy.cut();
    await ground.proxy.pass();
    const outcomes = (await asked).map((each) =>
      each.status === "fulfilled" ? each.value : each.reason.code,
    );
    expect(outcomes).toEqual(["value", "OK", "CLOSED_CONNECTION", "CLOSED_CONNECTION", "CLOSED_CONNECTION"]);
    expect(await client.mGet(["key", "counter"])).toEqual(["other", "5"]);
  });

  test("can be so for the whole client", async () => {
    await using ground = await startGround();
    await using client = await createClient({
      url: ground.url,
      commandOptions: { retry: "idempotent" },
    }).connect();
    client.on("error", () => {});
    await client.set("key", "value");
    ground.proxy.stall();
    const replies = [client.get("key"), client.multi().get("key").echo("a").execAsPipeline()];
    const never = client.withCommandOptions({ retry: "never" }).get("key");
    await delay(50);
    ground.proxy.cut();
    await ground.proxy.pass();
    await expect(never).rejects.toMatchObject({ code: "CLOSED_CONNECTION" });
    expect(await Promise.all(replies)).toEqual(["value", ["value", "a"]]);
  });

  test("is given up when each connection ends with it", async () => {
    await using ground = await startGround();
    await using client = await createClient({
      url: ground.url,
      commandOptions: { retry: "idempotent", timeout: 40_000 },
      socket: { reconnectStrategy: () => 0 },
    }).connect();
    let lost = 0;
    client.on("error", () => lost++);
    await client.set("key", "x".repeat(100_000));
    // Enough for a handshake, not for the reply.
    ground.proxy.cutAfter(20_000);
    await expect(client.get("key")).rejects.toMatchObject({ code: "CLOSED_CONNECTION", command: "GET" });
    expect(lost).toBeGreaterThanOrEqual(4);
    expect(lost).toBeLessThanOrEqual(6);
  });
});

describe("a command that was refused for a reason that passes", () => {
  test("READONLY: waits for a master, over a new connection", async () => {
    await using set = await startReplicas({ replicas: 1 });
    const [replica] = set.replicas;
    if (replica === undefined) throw new Error("there is no replica");
    await using client = await createClient({
      url: replica.uri,
      socket: { reconnectStrategy: () => 0 },
    }).connect();
    client.on("error", () => {});
    const id = await client.clientId();
    await delay(1100);
    const start = performance.now();
    const writing = client.set("key", "value");
    setTimeout(() => void replica.command("REPLICAOF", "NO", "ONE"), 300);
    expect(await writing).toBe("OK");
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(await client.clientId()).not.toBe(id);
  });

  test("READONLY: never longer than its time, and without a storm of connections", async () => {
    await using set = await startReplicas({ replicas: 1 });
    const [replica] = set.replicas;
    if (replica === undefined) throw new Error("there is no replica");
    await using client = await createClient({
      url: replica.uri,
      commandOptions: { timeout: 1500 },
    }).connect();
    const connections = async (): Promise<number> =>
      Number(/total_connections_received:(\d+)/.exec(String(await replica.command("INFO", "stats")))?.[1]);
    const before = await connections();
    const start = performance.now();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => client.set(`k${i}`, "v")));
    const took = performance.now() - start;
    expect(new Set(outcomes.map((each) => (each as PromiseRejectedResult).reason.code))).toEqual(
      new Set(["REPLY_READ_ONLY"]),
    );
    expect(took).toBeLessThan(8000);
    // One of them counts them.
    expect((await connections()) - before).toBeLessThanOrEqual(4);
    await expect(client.withCommandOptions({ retry: "never" }).set("k", "v")).rejects.toMatchObject({
      code: "REPLY_READ_ONLY",
    });
  });

  test("MASTERDOWN: waits until the replica has its primary again", async () => {
    await using set = await startReplicas({ replicas: 1, config: ["replica-serve-stale-data no"] });
    const [replica] = set.replicas;
    if (replica === undefined) throw new Error("there is no replica");
    await using client = await createClient({
      url: replica.uri,
      commandOptions: { timeout: 40_000 },
    }).connect();
    await set.primary.command("SET", "key", "value");
    await expect.poll(() => client.get("key")).toBe("value");
    await replica.command("REPLICAOF", "127.0.0.1", "1");
    const reading = client.get("key");
    await expect(client.withCommandOptions({ retry: "never" }).get("key")).rejects.toMatchObject({
      code: "REPLY_MASTER_DOWN",
    });
    setTimeout(() => void replica.command("REPLICAOF", "NO", "ONE"), 400);
    expect(await reading).toBe("value");
  });

  test("LOADING: waits until the data is there", async () => {
    const directory = await mkdtemp(join(tmpdir(), "redoubt-loading-"));
    try {
      await using server = await startServer({
        directory,
        config: ["key-load-delay 200"],
        startTimeout: 60_000,
      });
      await using client = await createClient({
        url: server.uri,
        commandOptions: { timeout: 40_000 },
      }).connect();
      client.on("error", () => {});
      // While it reads its log it looks at its clients after every 1024 commands.
      await Promise.all(Array.from({ length: 5000 }, (_, i) => client.set(`key:${i}`, i)));
      const restarted = server.restart();
      await expect.poll(() => client.isReady, { interval: 2 }).toBe(false);
      const impatient = client.withCommandOptions({ retry: "never" });
      const codes = new Set<string>();
      const watching = (async () => {
        for (let value: string | null = null; value === null; await delay(5))
          value = await impatient.get("key:7").catch(({ code }) => {
            codes.add(code);
            return null;
          });
      })();
      expect(await Promise.all([client.get("key:1"), client.incr("key:2")])).toEqual(["1", 3]);
      await Promise.all([restarted, watching]);
      expect([...codes]).toContain("REPLY_LOADING");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("CLUSTERDOWN: waits until the slots are served", async () => {
    await using server = await startServer({ config: ["cluster-enabled yes"] });
    await using client = await createClient(server.uri).connect();
    const writing = client.set("key", "value");
    await expect(client.withCommandOptions({ timeout: 1000 }).get("key")).rejects.toMatchObject({
      // The second where it was just being sent again.
      code: expect.stringMatching(/^(REPLY_CLUSTER_DOWN|TIMEOUT_COMMAND)$/) as string,
    });
    await server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    expect(await writing).toBe("OK");
  });

  test("not inside a transaction that is written by hand", async () => {
    await using server = await startServer({ config: ["cluster-enabled yes"] });
    await using client = await createClient(server.uri).connect();
    expect(await client.sendCommand(["MULTI"])).toBe("OK");
    const start = performance.now();
    await expect(client.set("key", "value")).rejects.toMatchObject({ code: "REPLY_CLUSTER_DOWN" });
    await expect(client.sendCommand(["EXEC"])).rejects.toMatchObject({ code: "REPLY_EXEC_ABORTED" });
    expect(performance.now() - start).toBeLessThan(3000);
    // A transaction as one block was given up as a whole: it is sent again as a whole.
    const block = client.multi().set("key", "1").incr("key").exec();
    setTimeout(() => void server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383"), 200);
    expect(await block).toEqual(["OK", 2]);
  });

  test("closing ends the waiting", async () => {
    await using server = await startServer({ config: ["cluster-enabled yes"] });
    const client = await createClient(server.uri).connect();
    const writing = client.set("key", "value").catch(({ code }) => code);
    await delay(100);
    const start = performance.now();
    client.destroy();
    expect(await writing).toBe("CLOSED_CLIENT");
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

test("an unknown policy is an error", async () => {
  expect(() => createClient({ commandOptions: { retry: "always" as never } })).toThrowError(
    expect.objectContaining({ code: "CONFIG_INVALID_VALUE", message: expect.stringContaining("idempotent") }),
  );
});

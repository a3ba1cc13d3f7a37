import { setTimeout as delay } from "node:timers/promises";
import { createClientPool, type PooledClient, type RedoubtError } from "@redoubt/client";
import { type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.stop());

/** How many connections of this name the server sees. */
const connections = async (name: string): Promise<number> =>
  String(await server.command("CLIENT", "LIST")).split(`name=${name} `).length - 1;

describe("a pool of clients", () => {
  test("connects its minimum, grows as it is asked, and shrinks again", async () => {
    const name = "grows";
    await using pool = await createClientPool(
      { url: server.uri, name },
      { minimum: 2, maximum: 5, cleanupDelay: 100 },
    ).connect();
    expect(pool.totalClients).toBe(2);
    expect(await connections(name)).toBe(2);
    const five = await Promise.all(Array.from({ length: 5 }, () => pool.acquire()));
    expect(await connections(name)).toBe(5);
    expect([pool.clientsInUse, pool.idleClients, pool.totalClients]).toEqual([5, 0, 5]);
    for (const client of five) client.release();
    await expect.poll(() => pool.totalClients).toBe(2);
    await expect.poll(() => connections(name)).toBe(2);
  });

  test("runs tasks and gives what they return or throw, with each client for one task at a time", async () => {
    await using pool = await createClientPool(server.uri, { maximum: 3 }).connect();
    const busy = new Set<PooledClient>();
    let most = 0;
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        pool.execute(async (client) => {
          expect(busy.has(client)).toBe(false);
          busy.add(client);
          most = Math.max(most, busy.size);
          const reply = await client.echo(`${i}`);
          busy.delete(client);
          return reply;
        }),
      ),
    );
    expect(replies).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
    expect(most).toBe(3);
    await expect(
      pool.execute(() => {
        throw new Error("the task's own");
      }),
    ).rejects.toThrow("the task's own");
    expect(pool.clientsInUse).toBe(0);
  });

  test("takes commands, transactions and options itself", async () => {
    await using pool = await createClientPool(server.uri, { maximum: 4 }).connect();
    expect(await pool.set("pool", "1")).toBe("OK");
    expect(await pool.multi().incr("pool").get("pool").exec()).toEqual([2, "2"]);
    expect(await pool.multi().incr("pool").get("pool").execAsPipeline()).toEqual([3, "3"]);
    expect(await pool.sendCommand(["GET", "pool"])).toBe("3");
    const aborted = AbortSignal.abort();
    await expect(pool.withAbortSignal(aborted).get("pool")).rejects.toMatchObject({ code: "CLOSED_ABORTED" });
  });

  test("before connect() it says so; twice, too", async () => {
    const pool = createClientPool(server.uri);
    await expect(pool.get("a")).rejects.toMatchObject({ code: "CLOSED_NOT_CONNECTED" });
    await using connected = await pool.connect();
    await expect(connected.connect()).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
  });

  test("a wrong password is told by connect()", async () => {
    const pool = createClientPool({ url: server.uri, password: "wrong" });
    await expect(pool.connect()).rejects.toMatchObject({ code: "AUTH_FAILED" });
    expect(pool.isOpen).toBe(false);
  });
});

test("clients of a pool share a cache: what one writes, another reads", async () => {
  await using pool = await createClientPool(
    { url: server.uri, clientSideCache: {} },
    { minimum: 4, maximum: 4 },
  ).connect();
  const getsSoFar = async (): Promise<number> =>
    Number(/cmdstat_get:calls=(\d+)/.exec(String(await server.command("INFO", "commandstats")))?.[1] ?? 0);
  for (let i = 0; i < 100; i++) {
    await Promise.all(Array.from({ length: 4 }, () => pool.get("cached")));
    await pool.set("cached", i);
    expect(await pool.get("cached")).toBe(String(i));
  }
  // What the last SET tells each connection may still be on its way, and makes the cache forget once more.
  await expect
    .poll(async () => {
      const before = await getsSoFar();
      const values = await Promise.all(Array.from({ length: 8 }, () => pool.get("cached")));
      expect(values).toEqual(Array(8).fill("99"));
      return (await getsSoFar()) - before;
    })
    .toBe(0);
});

describe("waiting", () => {
  test("is served in order", async () => {
    await using pool = await createClientPool(server.uri, { maximum: 1 }).connect();
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        pool.execute(async (client) => {
          order.push(i);
          await client.ping();
        }),
      ),
    );
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("ends in a clear error when its time is over, and leaves nothing behind", async () => {
    await using pool = await createClientPool(server.uri, { maximum: 1, acquireTimeout: 80 }).connect();
    const held = await pool.acquire();
    const start = performance.now();
    const error = await pool.acquire().catch((reason: RedoubtError) => reason);
    expect(error).toMatchObject({ code: "TIMEOUT_POOL", transient: true });
    expect((error as Error).message).toContain("1 lent of 1");
    expect(performance.now() - start).toBeLessThan(5000);
    expect([pool.tasksQueueLength, pool.stats.timeouts]).toEqual([0, 1]);
    held.release();
    using next = await pool.acquire();
    expect(next).toBe(held);
  });

  test("can be aborted, and is bounded", async () => {
    await using pool = await createClientPool(server.uri, { maximum: 1, maxWaiting: 2 }).connect();
    using held = await pool.acquire();
    const abort = new AbortController();
    const [first, second] = [pool.acquire({ signal: abort.signal }), pool.acquire({ signal: abort.signal })];
    await expect(pool.acquire()).rejects.toMatchObject({ code: "CLOSED_QUEUE_FULL" });
    abort.abort(new Error("gone"));
    await expect(first).rejects.toMatchObject({ code: "CLOSED_ABORTED" });
    await expect(second).rejects.toMatchObject({ code: "CLOSED_ABORTED" });
    expect(pool.tasksQueueLength).toBe(0);
    expect(await held.ping()).toBe("PONG");
  });
});

describe("clients that come back", () => {
  test("broken are replaced", async () => {
    await using proxy = await startFaultProxy({
      to: { host: server.address, port: server.tlsPort as number },
    });
    const url = new URL(server.uri);
    url.port = String(proxy.port);
    await using pool = await createClientPool(url.href, { maximum: 2 }).connect();
    const idle = await pool.acquire();
    idle.release();
    await proxy.refuse();
    proxy.cut();
    await expect.poll(() => idle.isReady).toBe(false);
    // Asked while nobody is let in, or the one that is broken might be well again.
    const acquiring = pool.acquire();
    await proxy.accept();
    using fresh = await acquiring;
    expect(fresh).not.toBe(idle);
    expect(await fresh.ping()).toBe("PONG");
    expect(pool.stats.discarded).toBe(1);
  });

  test("cannot be used any more, and cannot be given back twice", async () => {
    await using pool = await createClientPool(server.uri, { maximum: 1 }).connect();
    const client = await pool.acquire();
    client.release();
    client.release();
    await expect(client.get("a")).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
    await expect(client.withCommandOptions({ timeout: 10 }).get("a")).rejects.toMatchObject({
      code: "CLOSED_CLIENT",
    });
    expect(pool.stats).toMatchObject({ idle: 1, lent: 0 });
  });

  test("have the database and the locks that they should have, whatever the borrower did", async () => {
    await using pool = await createClientPool({ url: server.uri, database: 2 }, { maximum: 1 }).connect();
    {
      using client = await pool.acquire();
      await client.sendCommand(["SELECT", "5"]);
      await client.watch("locked");
    }
    await pool.set("locked", "changed");
    using next = await pool.acquire();
    expect((await next.clientInfo()).db).toBe(2);
    expect(await next.multi().set("locked", "mine").exec()).toEqual(["OK"]);
    expect(pool.stats.discarded).toBe(0);
  });

  test("are thrown away when the borrower still listens to a channel", async () => {
    await using pool = await createClientPool(server.uri, { maximum: 1 }).connect();
    {
      using client = await pool.acquire();
      await client.subscribe("news", () => {});
    }
    using next = await pool.acquire();
    expect(next.isPubSubActive).toBe(false);
    expect(pool.stats.discarded).toBe(1);
  });

  test("are thrown away when the borrower changed what cannot be put back", async () => {
    await using pool = await createClientPool(server.uri, { maximum: 1 }).connect();
    {
      using client = await pool.acquire();
      await client.sendCommand(["CLIENT", "NO-EVICT", "on"]);
    }
    expect(await pool.ping()).toBe("PONG");
    expect(pool.stats.discarded).toBe(1);
  });

  test("to a server that died leave no one waiting for ever, and the pool heals", async () => {
    await using mortal = await startServer();
    await using pool = await createClientPool(
      { url: mortal.uri, socket: { connectTimeout: 500 } },
      { maximum: 2, acquireTimeout: 10_000 },
    ).connect();
    const errors: string[] = [];
    pool.on("error", ({ code }) => errors.push(code));
    process.kill(mortal.pid as number, "SIGKILL");
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => pool.ping()));
    const codes = outcomes.map((one) =>
      one.status === "rejected" ? (one.reason as RedoubtError).code : "ok",
    );
    const expected = /^(TCP_REFUSED|TCP_RESET|TCP_TIMEOUT|TIMEOUT_\w+|CLOSED_\w+)$/;
    expect(codes.filter((code) => !expected.test(code))).toEqual([]);
    expect(codes).toContain("TCP_REFUSED");
    await mortal.restart();
    await expect.poll(() => pool.ping().catch(String)).toBe("PONG");
    expect(pool.stats).toMatchObject({ lent: 0, waiting: 0 });
  });
});

describe("closing", () => {
  test("waits for tasks that run and tasks that wait, and takes no more", async () => {
    const pool = await createClientPool(server.uri, { maximum: 1 }).connect();
    const done: string[] = [];
    const task = (name: string) =>
      pool.execute(async (client) => {
        await client.ping();
        await delay(50);
        done.push(name);
      });
    const tasks = [task("running"), task("waiting")];
    const closing = pool.close();
    expect(pool.isClosing).toBe(true);
    await expect(pool.ping()).rejects.toMatchObject({ code: "CLOSED_CLIENT" });
    await Promise.all([closing, ...tasks]);
    expect(done).toEqual(["running", "waiting"]);
    expect([pool.isOpen, pool.isClosing]).toEqual([false, false]);
  });

  test("waits no longer than its grace", async () => {
    const name = "graceless";
    const pool = await createClientPool({ url: server.uri, name }, { maximum: 1 }).connect();
    const kept = await pool.acquire();
    const waiter = pool.acquire().catch(({ code }: RedoubtError) => code);
    const start = performance.now();
    await pool.close({ graceMs: 100 });
    expect(performance.now() - start).toBeLessThan(4000);
    expect(await waiter).toBe("CLOSED_CLIENT");
    expect(kept.isOpen).toBe(false);
    await expect.poll(() => connections(name)).toBe(0);
  });
});

import { PooledRedisClientManager, RedisManagerPool, type RedoubtError } from "@redoubt/client";
import { type ReplicaSet, startReplicas, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let set: ReplicaSet;

beforeAll(async () => {
  set = await startReplicas({ replicas: 2 });
});

afterAll(() => set.stop());

const replicaUris = () => set.replicas.map(({ uri }) => uri);

describe("RedisManagerPool", () => {
  test("never blocks: beyond its size there are clients that are closed instead of coming back", async () => {
    await using manager = new RedisManagerPool(set.uri, { maxPoolSize: 2 });
    const clients = await Promise.all(Array.from({ length: 5 }, () => manager.getClient()));
    expect(await Promise.all(clients.map((client) => client.ping()))).toEqual(
      Array.from({ length: 5 }, () => "PONG"),
    );
    expect(manager.stats).toMatchObject({ total: 2, lent: 2, extra: 3, madeExtra: 3 });
    for (const client of clients) client.release();
    expect(manager.stats).toMatchObject({ idle: 2, lent: 0, extra: 0 });
    await expect.poll(() => clients.filter(({ isOpen }) => isOpen).length).toBe(2);
  });

  test("lends with `using`, and the same client again", async () => {
    await using manager = new RedisManagerPool(set.uri);
    let first: object;
    {
      using client = await manager.getClient();
      first = client;
      await client.set("using", "1");
    }
    using again = await manager.getReadOnlyClient();
    expect(again).toBe(first);
    expect(await again.get("using")).toBe("1");
    expect(manager.stats.made).toBe(1);
  });

  test("runs a task with exec(), and gives the client back when it throws", async () => {
    await using manager = new RedisManagerPool(set.uri);
    expect(await manager.exec((client) => client.echo("x"))).toBe("x");
    await expect(manager.exec(() => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    expect(manager.stats.lent).toBe(0);
  });

  test("takes ServiceStack's connection strings", async () => {
    // A password may begin as an option of redis-cli does.
    await using server = await startServer({ password: "-h_0815" });
    const { tlsPort, password, caFile } = server;
    await using manager = new RedisManagerPool(
      `${password}@localhost:${tlsPort}?ssl=true&sslprotocols=Tls12&client=todo`,
      { client: { tls: { caFile } } },
    );
    using client = await manager.getClient();
    expect(client.report?.tls?.protocol).toBe("TLSv1.2");
    expect(await client.clientGetName()).toBe("todo");
  });

  test("an empty list, a size of zero and a bad string are refused at once", () => {
    expect(() => new RedisManagerPool([])).toThrow(expect.objectContaining({ code: "CONFIG_NO_ENDPOINT" }));
    expect(() => new RedisManagerPool(set.uri, { maxPoolSize: 0 })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID_VALUE" }),
    );
    expect(() => new RedisManagerPool("rediss://host?nope=1")).toThrow(
      expect.objectContaining({ code: "CONFIG_UNKNOWN_KEY" }),
    );
  });

  test("failoverTo() leads to the new hosts; what is lent stays until it comes back", async () => {
    await using other = await startServer();
    await using manager = new RedisManagerPool(set.uri);
    let told = 0;
    manager.on("failover", () => told++);
    const lent = await manager.getClient();
    manager.failoverTo(other.uri);
    expect(told).toBe(1);
    expect(await lent.ping()).toBe("PONG");
    {
      using client = await manager.getClient();
      expect(client.report?.endpoint.port).toBe(other.tlsPort);
    }
    lent.release();
    expect(lent.isOpen).toBe(false);
    using client = await manager.getClient();
    expect(client.report?.endpoint.port).toBe(other.tlsPort);
  });
});

describe("PooledRedisClientManager", () => {
  test("waits for a client in order, then says that it took too long", async () => {
    await using manager = new PooledRedisClientManager(set.uri, [], {
      maxWritePoolSize: 1,
      poolTimeout: 400,
    });
    const held = await manager.getClient();
    const error = await manager.getClient().catch((reason: RedoubtError) => reason);
    expect(error).toMatchObject({ code: "TIMEOUT_POOL" });
    const waiting = manager.getClient();
    held.release();
    using next = await waiting;
    expect(next).toBe(held);
    // Readers have a pool of their own.
    using reader = await manager.getReadOnlyClient();
    expect(await reader.ping()).toBe("PONG");
  });

  test("takes hosts in turn, and reads from those that are for reading", async () => {
    await using manager = new PooledRedisClientManager(set.uri, replicaUris());
    const ports: (number | undefined)[] = [];
    for (let i = 0; i < 5; i++) {
      using client = await manager.getReadOnlyClient();
      ports.push(client.report?.endpoint.port);
      expect((await client.role()).role).toBe("slave");
    }
    const [one, two] = set.replicas.map(({ tlsPort }) => tlsPort as number);
    expect(ports).toEqual([one, two, one, two, one]);
    expect(manager.stats.read.made).toBe(2);
  });

  test("writes to a master only: a replica in the list is passed over", async () => {
    await using manager = new PooledRedisClientManager([...replicaUris(), set.uri]);
    for (let i = 0; i < 3; i++) {
      using client = await manager.getClient();
      expect(client.report?.endpoint.port).toBe(set.primary.tlsPort);
    }
    await using wrong = new PooledRedisClientManager(replicaUris(), [], {
      client: { socket: { connectTimeout: 1500 } },
    });
    await expect(wrong.getClient()).rejects.toMatchObject({ code: "TOPOLOGY_WRONG_ROLE" });
  });

  test("a host that is away is passed over", async () => {
    await using manager = new PooledRedisClientManager(["redis://localhost:1", set.uri]);
    for (let i = 0; i < 4; i++) {
      using client = await manager.getClient();
      expect(client.report?.endpoint.port).toBe(set.primary.tlsPort);
    }
  });

  test("failoverTo() replaces both lists", async () => {
    await using other = await startServer();
    await using manager = new PooledRedisClientManager(set.uri, replicaUris());
    manager.failoverTo([other.uri]);
    using writer = await manager.getClient();
    using reader = await manager.getReadOnlyClient();
    expect([writer.report?.endpoint.port, reader.report?.endpoint.port]).toEqual([
      other.tlsPort,
      other.tlsPort,
    ]);
  });
});

import { setTimeout as delay } from "node:timers/promises";
import { createClient, createSentinel, parse, type RedoubtError } from "@redoubt/client";
import { type SentinelSet, startFaultProxy, startSentinels } from "@redoubt/server";
import { describe, expect, test } from "vitest";

/** When the Sentinels named another master than before, and that one took writes (performance.now(), ms). */
async function replaced(set: SentinelSet, before: number): Promise<number> {
  for (;;) {
    const server = await set.currentPrimary().catch(() => null);
    if (server !== null && server.tlsPort !== before) {
      const written = await server.command("SET", "probe", "x").catch(() => null);
      if (written === "OK") return performance.now();
    }
    await delay(5);
  }
}

describe("a primary killed with -9 under load, behind Sentinels with TLS and passwords", () => {
  test("is followed at once, every promise settles, and every value stays with its key", async () => {
    await using set = await startSentinels({ replicas: 2, downAfter: 500 });
    await using client = await createClient({
      url: set.uri,
      commandOptions: { timeout: 40_000 },
      offlineQueue: { maxMs: 40_000 },
    }).connect();
    expect(client.report?.tls).toMatchObject({ verification: "full", verifiedName: "localhost" });
    const outcomes = new Map<string, number>();
    const count = (what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    let running = true;
    let [started, settled] = [0, 0];
    let [lastGood, firstGood, killed] = [0, 0, 0];
    const worker = async (id: number): Promise<void> => {
      for (let i = 0; running; i++) {
        const key = `key:${id}`;
        started++;
        try {
          await client.set(key, `${key}=${i}`);
          const value = await client.get(key);
          // A write that the old master took last may be lost with it, so the number may be an earlier one.
          if (!value?.startsWith(`${key}=`)) count(`${key} got ${value}`);
          count("ok");
          const now = performance.now();
          if (killed === 0) lastGood = now;
          else if (firstGood === 0 && client.report?.endpoint.port !== set.primary.tlsPort) firstGood = now;
        } catch (error) {
          count((error as RedoubtError).code);
          await delay(1);
        }
        settled++;
        await delay(1);
      }
    };
    const workers = Array.from({ length: 20 }, (_, id) => worker(id));
    await expect.poll(() => outcomes.get("ok") ?? 0, { interval: 5 }).toBeGreaterThan(100);
    expect(await client.wait(2, 20_000)).toBe(2);
    const before = set.primary.tlsPort as number;
    killed = performance.now();
    process.kill(set.primary.pid as number, "SIGKILL");
    const decided = await replaced(set, before);
    await expect.poll(() => firstGood, { timeout: 30_000 }).toBeGreaterThan(0);
    await delay(200);
    running = false;
    await Promise.all(workers);
    console.log(
      `recovered ${Math.round(firstGood - killed)} ms after the kill, ${Math.round(firstGood - decided)} ms after the next master's first write;`,
      Object.fromEntries(outcomes),
      `last good before: ${Math.round(killed - lastGood)} ms`,
    );
    expect(settled).toBe(started);
    expect([...outcomes.keys()].filter((what) => what !== "ok" && what !== "CLOSED_CONNECTION")).toEqual([]);
    expect(firstGood - decided).toBeLessThan(1000);
    expect(outcomes.get("ok")).toBeGreaterThan(100);
    // Sentinels whose votes were split need ten seconds more to agree.
  }, 120_000);
});

describe("other ways in which a master changes", () => {
  test("a failover by order, RESP2, through addresses that are mapped, with names for the certificates", async () => {
    await using set = await startSentinels({ replicas: 1, downAfter: 10_000 });
    const servers = [set.primary, ...set.replicas];
    const proxies = await Promise.all(
      servers.map(({ tlsPort }) => startFaultProxy({ to: { host: "127.0.0.1", port: tlsPort as number } })),
    );
    // As the Sentinels announce them, the addresses are those of a network that cannot be reached from here.
    const through = new Map(
      servers.map(({ tlsPort }, at) => [`127.0.0.1:${tlsPort}`, proxies[at]?.port as number]),
    );
    await using client = await createSentinel({
      url: set.uri,
      nodeClientOptions: { RESP: 2 },
      sentinelClientOptions: { RESP: 2 },
      nodeAddressMap: (address) => {
        const port = through.get(address);
        return port === undefined ? undefined : { host: "localhost", port };
      },
    }).connect();
    const changes: string[] = [];
    client.on("topology-change", ({ type }) => changes.push(type));
    expect(client.report).toMatchObject({
      protocol: 2,
      endpoint: { host: "localhost", port: proxies[0]?.port },
    });
    expect(client.report?.tls?.verifiedName).toBe("localhost");
    await client.set("before", "failover");
    // Replication is asynchronous: a replica promoted before it has the write would lose it, as Redis may.
    expect(await client.wait(1, 20_000)).toBe(1);
    await set.sentinels[0]?.command("SENTINEL", "FAILOVER", set.masterName);
    await expect.poll(() => client.getMasterNode()?.port, { timeout: 40_000 }).toBe(proxies[1]?.port);
    expect(await client.set("after", "failover")).toBe("OK");
    expect(client.report?.endpoint.port).toBe(proxies[1]?.port);
    expect(await client.get("before")).toBe("failover");
    expect(changes).toContain("MASTER_CHANGE");
    for (const proxy of proxies) await proxy.stop();
  });

  test("a master that is made a replica by hand: writes wait for the next master instead of failing", async () => {
    await using set = await startSentinels({ replicas: 1, downAfter: 500 });
    await using client = await createClient({
      url: set.uri,
      commandOptions: { timeout: 50_000 },
      socket: { connectTimeout: 50_000 },
      offlineQueue: { maxMs: 50_000 },
    }).connect();
    const errors: string[] = [];
    client.on("error", ({ code }) => errors.push(code));
    await client.set("counter", "0");
    const [replica] = set.replicas;
    await set.primary.command("REPLICAOF", "127.0.0.1", String(replica?.tlsPort));
    // One of them: the first that finds the server read-only. Each is carried out once.
    const replies = await Promise.all(Array.from({ length: 10 }, () => client.incr("counter")));
    expect(replies).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(errors).toContain("REPLY_READ_ONLY");
  });

  test("a replica killed with -9: reads go on, at the others and at the master", async () => {
    await using set = await startSentinels({ replicas: 2, downAfter: 500 });
    await using sentinel = await createSentinel({ url: set.uri, replicaPoolSize: 2 }).connect();
    await expect.poll(() => sentinel.getReplicaNodes().size).toBe(2);
    const gone: unknown[] = [];
    sentinel.on("topology-change", (change) => {
      if (change.type === "REPLICA_REMOVE") gone.push(change.node.port);
    });
    await sentinel.set("read", "me");
    expect(await sentinel.wait(2, 20_000)).toBe(2);
    const replica = set.replicas[0];
    const reads: Promise<string | null>[] = [];
    for (let i = 0; i < 300; i++) {
      if (i === 100) process.kill(replica?.pid as number, "SIGKILL");
      reads.push(sentinel.get("read"));
      await delay(2);
    }
    expect(new Set(await Promise.all(reads))).toEqual(new Set(["me"]));
    await expect.poll(() => gone).toContain(replica?.tlsPort);
  });

  test("Sentinels without a password, given one that was said for all", async () => {
    await using set = await startSentinels({ replicas: 1, sentinelPassword: false });
    await using client = await createClient(set.uri).connect();
    expect(await client.ping()).toBe("PONG");
    await using sentinel = await createSentinel(
      set.primary.uriFor({ endpoints: set.sentinels }),
      set.masterName,
    ).connect();
    expect(await sentinel.ping()).toBe("PONG");
  });

  test("all Sentinels away: the client stays with its master, and finds the Sentinels again", async () => {
    await using set = await startSentinels({ replicas: 1, downAfter: 10_000 });
    const proxies = await Promise.all(
      set.sentinels.map(({ tlsPort }) =>
        startFaultProxy({ to: { host: "127.0.0.1", port: tlsPort as number } }),
      ),
    );
    const ports = new Map(
      set.sentinels.map(({ tlsPort }, at) => [`127.0.0.1:${tlsPort}`, proxies[at]?.port]),
    );
    const { password } = parse(set.uri).sentinel ?? {};
    await using client = await createSentinel({
      name: set.masterName,
      sentinelRootNodes: proxies.map(({ port }) => ({ host: "localhost", port })),
      nodeClientOptions: {
        password: set.primary.password as string,
        socket: { tls: { ca: set.authority.certificate } },
      },
      sentinelClientOptions: { password: password?.reveal() ?? "" },
      nodeAddressMap: (address) => (ports.has(address) ? `localhost:${ports.get(address)}` : undefined),
    }).connect();
    for (const proxy of proxies) {
      await proxy.refuse();
      proxy.cut();
    }
    await expect.poll(() => client.getSentinelNode()).toBeUndefined();
    expect(await client.set("without", "sentinels")).toBe("OK");
    expect(await client.wait(1, 20_000)).toBe(1);
    for (const proxy of proxies) await proxy.accept();
    await expect.poll(() => client.getSentinelNode()).toBeDefined();
    await set.sentinels[0]?.command("SENTINEL", "FAILOVER", set.masterName);
    await expect.poll(() => client.getMasterNode()?.port, { timeout: 40_000 }).toBe(set.replicas[0]?.tlsPort);
    expect(await client.get("without")).toBe("sentinels");
    for (const proxy of proxies) await proxy.stop();
  });
});

import { setTimeout as delay } from "node:timers/promises";
import { type Cluster, createCluster, type RedoubtError } from "@redoubt/client";
import { type RedisServer, type Cluster as Servers, startCluster } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { slotOf } from "../../../src/cluster/slot.ts";

let servers: Servers;
let cluster: Cluster;

beforeAll(async () => {
  servers = await startCluster({ primaries: 3, replicas: 1, nodeTimeout: 2000 });
  cluster = await createCluster({
    url: servers.uri,
    useReplicas: true,
    topologyRefreshInterval: 1000,
  }).connect();
});

afterAll(async () => {
  await cluster?.close();
  await servers?.stop();
});

/** Kills a server without a word, so that nothing is flushed and nobody is told. */
async function kill(server: RedisServer): Promise<void> {
  process.kill(server.pid as number, "SIGKILL");
  for (let i = 0; i < 1000 && server.pid !== undefined; i++) await delay(20);
}

const bySlot = (slot: number): RedisServer =>
  servers.primaries[Math.min(2, Math.floor((slot * 3) / 16_384))] as RedisServer;

test("questions go to replicas, too, and find what was written there", async () => {
  const keys = Array.from({ length: 60 }, (_, i) => `read:${i}`);
  await cluster.mSet(keys.map((key): [string, string] => [key, `value of ${key}`]));
  expect(await Promise.all(cluster.masters.map((node) => node.wait(1, 20_000)))).toEqual([1, 1, 1]);
  const before = await Promise.all(servers.nodes.map((node) => callsOfGet(node)));
  for (let round = 0; round < 4; round++)
    for (const key of keys) expect(await cluster.get(key)).toBe(`value of ${key}`);
  const after = await Promise.all(servers.nodes.map((node) => callsOfGet(node)));
  const more = after.map((calls, i) => calls - (before[i] as number));
  expect(more.reduce((sum, calls) => sum + calls, 0)).toBe(240);
  expect(more.every((calls) => calls > 10)).toBe(true);
});

async function callsOfGet(server: RedisServer): Promise<number> {
  const stats = String(await server.command("INFO", "commandstats"));
  return Number(/cmdstat_get:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

test("kill -9 of a primary under load: its replica takes over, every promise settles, no reply is another's", {
  timeout: 120_000,
}, async () => {
  const names = Array.from({ length: 30 }, (_, i) => `load${i}`);
  const victim = bySlot(slotOf("load0"));
  const wrong: string[] = [];
  const codes: Record<string, number> = {};
  const done = new Map<string, number>();
  const unsure = new Map<string, number>();
  let running = true;
  let settled = 0;
  let asked = 0;
  const worker = async (name: string): Promise<void> => {
    const key = `{${name}}:value`;
    for (let i = 0; running; i++) {
      const value = `${key}=${i}`;
      asked += 2;
      await Promise.allSettled([
        cluster.set(key, value).finally(() => settled++),
        cluster
          .incr(`{${name}}:count`)
          .then(
            () => done.set(name, (done.get(name) ?? 0) + 1),
            ({ code }: RedoubtError) => {
              codes[code] = (codes[code] ?? 0) + 1;
              unsure.set(name, (unsure.get(name) ?? 0) + 1);
            },
          )
          .finally(() => settled++),
      ]);
      const found = await cluster
        .withCommandOptions({ timeout: 40_000 })
        .get(key)
        .catch(() => null);
      if (found !== null && !found.startsWith(`${key}=`)) wrong.push(`${key}: ${found}`);
    }
  };
  const workers = names.map(worker);
  await delay(1000);
  const killed = performance.now();
  await kill(victim);
  const decided = takenOver(victim);
  let recovered = 0;
  const until = performance.now() + 40_000;
  while (recovered === 0 && performance.now() < until) {
    await cluster
      .withCommandOptions({ timeout: 2000 })
      .set("{load0}:probe", "x")
      .then(
        () => {
          recovered = performance.now();
        },
        () => {},
      );
    await delay(20);
  }
  await delay(1500);
  running = false;
  await Promise.all(workers);
  // Nearly all of it is what the nodes themselves need.
  expect(recovered).toBeGreaterThan(killed);
  expect(recovered - (await decided)).toBeLessThan(3000);
  expect(wrong).toEqual([]);
  expect(settled).toBe(asked);
  // Only what was in flight may fail, and it says so.
  for (const code of Object.keys(codes)) expect(["CLOSED_CONNECTION", "TIMEOUT_COMMAND"]).toContain(code);
  for (const name of names) {
    const count = Number(await cluster.get(`{${name}}:count`));
    const sure = done.get(name) ?? 0;
    const survived = bySlot(slotOf(name)) !== victim;
    // A replica is told after the client is: what the primary took last may be lost with it, never doubled.
    expect(count).toBeLessThanOrEqual(sure + (unsure.get(name) ?? 0));
    if (survived) expect(count).toBe(sure);
  }
  expect(cluster.masters).toHaveLength(3);
  expect((await cluster.health()).ready).toBe(true);

  // It comes back with nothing, joins again, and is found by the timer.
  await victim.restart();
  await rejoin(victim, bySlot(0) === victim ? (servers.primaries[1] as RedisServer) : bySlot(0));
  const replica = await eventually(() => cluster.replicas.find(({ port }) => port === victim.tlsPort));
  expect(replica.isReplica).toBe(true);
  expect(cluster.replicas).toHaveLength(3);
});

/** When all nodes that are left say that the cluster is well without a server (performance.now(), ms). */
async function takenOver(victim: RedisServer): Promise<number> {
  const rest = servers.nodes.filter((server) => server !== victim);
  for (const until = performance.now() + 40_000; performance.now() < until; await delay(20)) {
    const words = await Promise.all(
      rest.map(async (server) => [
        String(await server.command("CLUSTER", "INFO")),
        JSON.stringify(await server.command("CLUSTER", "SLOTS")),
      ]),
    );
    const well = ([info = "", slots = ""]: string[]): boolean =>
      info.includes("cluster_state:ok") && !slots.includes(`,${victim.tlsPort},`);
    if (words.every(well)) return performance.now();
  }
  throw new Error("nobody took over within 40 s");
}

/** What `look` finds, as soon as it finds something. */
async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (const until = performance.now() + 40_000; performance.now() < until; await delay(50)) {
    const found = look();
    if (found !== undefined) return found;
  }
  throw new Error("it did not come to that within 40 s");
}

/** Makes a server that has forgotten everything a replica of another one. */
async function rejoin(server: RedisServer, primary: RedisServer): Promise<void> {
  const id = String(await primary.command("CLUSTER", "MYID"));
  await server.command("CLUSTER", "MEET", primary.address, String(primary.tlsPort), String(primary.busPort));
  for (let attempt = 0; ; attempt++) {
    try {
      await server.command("CLUSTER", "REPLICATE", id);
      return;
    } catch (error) {
      if (attempt === 300) throw error;
      await delay(100);
    }
  }
}

test("a failover on request loses nothing but time", { timeout: 120_000 }, async () => {
  const counts = new Map<string, number>();
  const failures: Record<string, number> = {};
  let running = true;
  const workers = Array.from({ length: 12 }, async (_, i) => {
    const key = `planned:${i}`;
    while (running) {
      await cluster.incr(key).then(
        () => counts.set(key, (counts.get(key) ?? 0) + 1),
        ({ code }: RedoubtError) => {
          failures[code] = (failures[code] ?? 0) + 1;
        },
      );
    }
  });
  await delay(300);
  const replica = cluster.replicas[0];
  expect(await replica?.clusterFailover()).toBe("OK");
  await eventually(() => (replica?.isReplica ? undefined : true));
  await delay(500);
  running = false;
  await Promise.all(workers);
  expect(failures).toEqual({});
  for (const [key, count] of counts)
    expect(Number(await cluster.withCommandOptions({}).sendCommand(["GET", key]))).toBe(count);
});

import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { type RedisServer, startCluster, startReplicas, startSentinels } from "../../src/index.ts";
import { tryTls } from "./dial.ts";

const seen = async (server: RedisServer) => tryTls({ port: server.tlsPort as number, ca: server.ca });

test("replicas: what is written to the primary is on every replica, all over TLS", async () => {
  await using set = await startReplicas({ replicas: 2 });
  expect(set.replicas).toHaveLength(2);
  using control = await set.primary.control();
  await control.call("SET", "key", "value");
  expect(await control.call("WAIT", "2", "5000")).toBe(2);
  for (const replica of set.replicas) {
    expect(await replica.command("GET", "key")).toBe("value");
    expect(await replica.command("CONFIG", "GET", "port")).toEqual(["port", "0"]);
    expect(replica.ca).toBe(set.authority.certificate);
    expect(await seen(replica)).toMatch(/^TLSv1\.3 -NOAUTH/);
    await expect(replica.command("SET", "key", "other")).rejects.toThrow("READONLY");
  }
  expect(set.uri).toBe(set.primary.uri);
});

test("replicas of a server that wants client certificates, and replicas in plain text", async () => {
  await using mutual = await startReplicas({ clientCertificates: "required" });
  expect(await mutual.primary.command("ROLE")).toEqual([
    "master",
    expect.any(Number),
    [["127.0.0.1", String(mutual.replicas[0]?.tlsPort), expect.any(String)]],
  ]);
  await using plain = await startReplicas({ listen: "plain", password: false });
  expect(plain.replicas[0]?.tlsPort).toBeNull();
  const role = await plain.replicas[0]?.command("ROLE");
  expect(role).toEqual(["slave", "127.0.0.1", plain.primary.port, "connected", expect.any(Number)]);
});

test("Sentinels: each knows all, over TLS only, and they elect another primary when it dies", async () => {
  await using set = await startSentinels({ replicas: 2 });
  expect(set.sentinels).toHaveLength(3);
  for (const sentinel of set.sentinels) {
    expect(sentinel.port).toBeNull();
    expect(await seen(sentinel)).toMatch(/^TLSv1\.3/);
    const others = (await sentinel.command("SENTINEL", "SENTINELS", "mymaster")) as unknown[];
    expect(others).toHaveLength(2);
    expect(await sentinel.command("SENTINEL", "CKQUORUM", "mymaster")).toMatch(/^OK 3 usable Sentinels/);
  }
  const url = new URL(set.uri.replace(/,localhost:\d+/g, ""));
  expect(url.searchParams.get("sentinel")).toBe("mymaster");
  expect(url.searchParams.get("sentinelpassword")).toBe(set.sentinels[0]?.password ?? "absent");
  expect(decodeURIComponent(url.password)).toBe(set.primary.password);

  expect(await set.currentPrimary()).toBe(set.primary);
  process.kill(set.primary.pid as number, "SIGKILL");
  let now = set.primary;
  for (const deadline = Date.now() + 40_000; now === set.primary && Date.now() < deadline; await delay(100))
    now = await set.currentPrimary();
  expect(set.replicas).toContain(now);
  expect(await now.command("ROLE")).toContain("master");
}, 120_000);

test("a cluster: ok by every node's word, all slots covered, replicas following, TLS on every port", async () => {
  await using cluster = await startCluster({ replicas: 1 });
  expect(cluster.nodes).toHaveLength(6);
  for (const node of cluster.nodes) {
    const info = String(await node.command("CLUSTER", "INFO"));
    expect(info).toContain("cluster_state:ok");
    expect(info).toContain("cluster_slots_ok:16384");
    expect(info).toContain("cluster_known_nodes:6");
    expect(await seen(node)).toMatch(/^TLSv1\.3 -NOAUTH/);
    // The bus wants a client certificate: a handshake without one is refused by TLS itself, not by plain text.
    expect(await tryTls({ port: node.busPort as number, ca: node.ca })).toMatch(/^ERR_SSL_|ECONNRESET/);
  }
  const slots = (await cluster.primaries[0]?.command("CLUSTER", "SLOTS")) as unknown[][];
  const ranges = slots.map(([from, to, ...nodes]) => [Number(from), Number(to), nodes.length]);
  ranges.sort(([a = 0], [b = 0]) => a - b);
  expect(ranges).toEqual([
    [0, 5460, 2],
    [5461, 10921, 2],
    [10922, 16383, 2],
  ]);
  expect(cluster.replicas.map((replicas) => replicas.length)).toEqual([1, 1, 1]);
  expect(cluster.uri).toMatch(
    /^rediss:\/\/default:[^@]+@localhost:\d+,localhost:\d+,localhost:\d+\?cluster=true&ssl/,
  );
  // Keys of each third of the slots are stored where they belong, and nowhere else.
  const [first, second] = cluster.primaries as [RedisServer, RedisServer];
  await expect(first.command("SET", "foo", "1")).rejects.toThrow("MOVED 12182");
  expect(await first.command("SET", "bar", "1")).toBe("OK");
  await expect(second.command("GET", "bar")).rejects.toThrow("MOVED 5061");
}, 120_000);

test("a topology that cannot get ready stops what it started", async () => {
  await expect(startReplicas({ config: ["nonsense"] })).rejects.toThrow("nonsense");
  await expect(startReplicas({ certificate: "expired", startTimeout: 3000 })).rejects.toThrow(
    "master_link_status",
  );
});

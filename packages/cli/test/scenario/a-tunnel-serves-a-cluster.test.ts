import { existsSync } from "node:fs";
import { createCluster } from "@redis/client";
import { type Cluster, startCluster } from "@redoubt/server";
import { Cluster as IoCluster } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { execute } from "./redoubt.ts";
import { freePort } from "./stunnel-programs.ts";
import { startTunnel, type TunnelProcess } from "./tunnel-process.ts";

let cluster: Cluster;
let tunnel: TunnelProcess;
beforeAll(async () => {
  cluster = await startCluster({ primaries: 3 });
  tunnel = await startTunnel([], cluster.uri);
}, 60_000);
afterAll(async () => {
  await tunnel?.[Symbol.asyncDispose]();
  await cluster?.stop();
});

const python = "/usr/bin/python3";
const hasRedisPy = existsSync(python) && (await execute(python, ["-c", "import redis"])).code === 0;

test("redis-cli -c follows redirections", async () => {
  const commands = Array.from({ length: 30 }, (_, i) => `SET cli:${i} ${i}\nGET cli:${i}\n`).join("");
  const { stdout } = await execute("redis-cli", ["-c", "-p", String(tunnel.port)], { stdin: commands });
  const replies = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("->"));
  expect(replies).toEqual(Array.from({ length: 30 }, (_, i) => ["OK", String(i)]).flat());
});

test("redis-cli --cluster check sees one cluster behind the tunnel", async () => {
  const { stdout } = await execute("redis-cli", ["--cluster", "check", `127.0.0.1:${tunnel.port}`]);
  expect(stdout).toContain("All 16384 slots covered");
  for (const { tlsPort } of cluster.nodes) expect(stdout).not.toContain(`:${tlsPort} `);
});

test("redis-benchmark --cluster", async () => {
  const words = ["--cluster", "-p", String(tunnel.port), "-n", "3000", "-c", "12", "-q", "-t", "set,get"];
  const { stdout, stderr, code } = await execute("redis-benchmark", words);
  expect(stdout + stderr).not.toMatch(/error/i);
  expect(stdout.match(/requests per second/g)?.length).toBeGreaterThan(1);
  expect(code).toBe(0);
});

test.skipIf(!hasRedisPy)("redis-py", async () => {
  const script = `
import redis, sys
r = redis.RedisCluster(host="127.0.0.1", port=int(sys.argv[1]), decode_responses=True)
for i in range(50):
    assert r.set(f"py:{i}", i) is True
for i in range(50):
    assert r.get(f"py:{i}") == str(i)
p = r.pipeline()
for i in range(50):
    p.get(f"py:{i}")
assert p.execute() == [str(i) for i in range(50)]
print("fine")
`;

  // A machine that is busy with other things is no reason to fail.
  vi.setConfig({ testTimeout: 120_000 });
  const run = await execute(python, ["-c", script, String(tunnel.port)]);
  expect(run.stderr).toBe("");
  expect(run.stdout).toBe("fine\n");
});

test("ioredis", async () => {
  const client = new IoCluster([{ host: "127.0.0.1", port: tunnel.port }]);
  try {
    const keys = Array.from({ length: 50 }, (_, i) => `io:${i}`);
    expect(await Promise.all(keys.map((key) => client.set(key, key)))).toEqual(keys.map(() => "OK"));
    expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys);
    // Every node was reached through the tunnel, none past it.
    const ports = client.nodes("master").map(({ options }) => options.port);
    expect(new Set(ports).size).toBe(3);
    for (const { tlsPort } of cluster.nodes) expect(ports).not.toContain(tlsPort);
  } finally {
    client.disconnect();
  }
});

test("node-redis", async () => {
  const client = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${tunnel.port}` }] });
  client.on("error", () => {});
  await client.connect();
  try {
    const keys = Array.from({ length: 50 }, (_, i) => `node:${i}`);
    expect(await Promise.all(keys.map((key) => client.set(key, key)))).toEqual(keys.map(() => "OK"));
    expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys);
    expect(client.masters).toHaveLength(3);
    for (const { port } of client.masters)
      expect(cluster.nodes.map((node) => node.tlsPort)).not.toContain(port);
  } finally {
    client.destroy();
  }
});

test("--node-ports: the nodes have ports from that one up", async () => {
  const first = await freePort();
  await using other = await startTunnel(["--node-ports", String(first)], cluster.uri);
  const { stdout } = await execute("redis-cli", ["-p", String(other.port), "CLUSTER", "NODES"]);
  const ports = [...stdout.matchAll(/127\.0\.0\.1:(\d+)@/g)].map(([, port]) => Number(port));
  expect(ports).toHaveLength(3);
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(first);
    expect(port).toBeLessThan(first + 20);
    expect((await execute("redis-cli", ["-p", String(port), "PING"])).stdout).toBe("PONG\n");
  }
});

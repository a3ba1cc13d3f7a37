import { existsSync } from "node:fs";
import { type Cluster, startCluster } from "@redoubt/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { execute } from "./redoubt.ts";
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

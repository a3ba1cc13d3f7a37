import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { execute, redoubt } from "./redoubt.ts";
import { startTunnel } from "./tunnel-process.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

test.each([
  ["SIGTERM", 0],
  ["SIGINT", 130],
] as const)("%s: what is under way is answered, then it exits with %i", async (signal, code) => {
  await using tunnel = await startTunnel([], server.uri);
  const socket = connect(tunnel.port, "127.0.0.1");
  socket.write("ECHO ready\r\nBLPOP jobs 20\r\n");
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => (received += text));
  while (!received.includes("ready")) await once(socket, "data");
  while (!String(await server.command("INFO", "clients")).includes("blocked_clients:1")) continue;
  const ended = tunnel.end(signal);
  while (!tunnel.output().includes("Stopping")) await new Promise((resolve) => setTimeout(resolve, 10));
  await server.command("RPUSH", "jobs", "last");
  await once(socket, "close");
  expect(received).toBe("$5\r\nready\r\n*2\r\n$4\r\njobs\r\n$4\r\nlast\r\n");
  expect(await ended).toBe(code);
});

test("a Unix socket is for its user alone, and is gone afterwards", async () => {
  const folder = await mkdtemp(join(tmpdir(), "redoubt-unix-"));
  const path = join(folder, "redis.sock");
  try {
    await using tunnel = await startTunnel([], server.uri, {}, [`unix:${path}`]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await execute("redis-cli", ["-s", path, "PING"])).stdout).toBe("PONG\n");
    expect(await tunnel.end("SIGTERM")).toBe(0);
    await expect(stat(path)).rejects.toThrow("ENOENT");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a local password is asked for as Redis does", async () => {
  await using tunnel = await startTunnel([], server.uri, { REDOUBT_LOCAL_PASSWORD: "local-secret" });
  const cli = (words: string[], environment = {}) =>
    execute("redis-cli", ["-p", String(tunnel.port), ...words], { environment });
  expect((await cli(["PING"])).stdout).toContain("NOAUTH Authentication required.");
  expect((await cli(["PING"], { REDISCLI_AUTH: "local-secret" })).stdout).toBe("PONG\n");
  expect((await cli(["PING"], { REDISCLI_AUTH: "wrong" })).stderr).toContain("WRONGPASS");
  expect(tunnel.output()).not.toContain("local-secret");
});

test("the other side cannot be reached: local programs are told which step failed", async () => {
  await using other = await startServer({ certificate: "other-authority" });
  await using tunnel = await startTunnel([], other.uri.replace(other.caFile, server.caFile));
  const { stdout } = await execute("redis-cli", ["-p", String(tunnel.port), "PING"]);
  expect(stdout).toMatch(/^ERR TLS_\w+ .*certificate/m);
  while (!/TLS_\w+ in stage tls/.test(tunnel.output()))
    await new Promise((resolve) => setTimeout(resolve, 10));
});

test("addresses that others could reach are refused unless --exposed says so", async () => {
  const run = await redoubt(["tunnel", "--to", "-", "--listen", "0.0.0.0:0"], { stdin: server.uri });
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("CONFIG_EXPOSED");
});

import { createServer, type Server } from "node:net";
import { parse } from "@redoubt/client/config";
import { startServer } from "@redoubt/server";
import { freePorts } from "@redoubt/server/launch";
import { expect, test } from "vitest";
import { type TcpingAttempt, type TcpingOptions, tcping } from "../../src/tcping/tcping.ts";

async function all(text: string, options: TcpingOptions): Promise<TcpingAttempt[]> {
  const found: TcpingAttempt[] = [];
  for await (const attempt of tcping(parse(text), { interval: 1, ...options })) found.push(attempt);
  return found;
}

test("a port on which something listens is open, and gets no byte", async () => {
  const seen: number[] = [];
  const server: Server = createServer((socket) => {
    let bytes = 0;
    socket.on("data", (chunk) => (bytes += chunk.length));
    socket.on("close", () => seen.push(bytes)).on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const attempts = await all(`redis://127.0.0.1:${port}`, { count: 3 });
  expect(attempts.map(({ sequence, outcome, code }) => [sequence, outcome, code])).toEqual([
    [1, "open", null],
    [2, "open", null],
    [3, "open", null],
  ]);
  for (const { ms, tlsMs } of attempts) {
    expect(ms).toBeGreaterThan(0);
    expect(tlsMs).toBeNull();
  }
  await expect.poll(() => seen).toEqual([0, 0, 0]);
  server.close();
});

test("a port on which nothing listens is refused", async () => {
  const [port] = await freePorts(1);
  const [attempt] = await all(`redis://127.0.0.1:${port}`, { count: 1 });
  expect(attempt).toMatchObject({ outcome: "refused", code: "ECONNREFUSED" });
});

test("with the handshake its time is told, and the certificate verified, and nobody logs in", async () => {
  await using server = await startServer();
  const attempts = await all(server.uri, { count: 2, handshake: true, tls: { ca: server.ca } });
  for (const { outcome, tlsMs, detail } of attempts) {
    expect(outcome).toBe("open");
    expect(tlsMs).toBeGreaterThan(0);
    expect(detail).toContain("certificate verified for localhost");
    expect(detail).not.toContain("resumed");
  }
  expect(await server.command("CLIENT", "LIST")).not.toContain("user=(superuser)");
  expect(String(await server.command("INFO", "stats"))).toContain("total_connections_received");
});

test("a handshake that fails is told apart from a port that does", async () => {
  await using server = await startServer({ certificate: "other-host" });
  const [attempt] = await all(server.uri, { count: 1, handshake: true, tls: { ca: server.ca } });
  expect(attempt).toMatchObject({ outcome: "tls", code: "TLS_NAME_MISMATCH", tlsMs: null });
});

test("several addresses take turns, or all are tried each time", async () => {
  const [one, other] = await freePorts(2);
  const text = `redis://127.0.0.1:${one},127.0.0.1:${other}`;
  const ports = (attempts: readonly TcpingAttempt[]) => attempts.map(({ address }) => address.port);
  expect(ports(await all(text, { count: 3 }))).toEqual([one, other, one]);
  expect(ports(await all(text, { count: 2, allAddresses: true }))).toEqual([one, other, one, other]);
});

test("a family that the host has no address of is an error that says so", async () => {
  await expect(all("redis://127.0.0.1:6379", { count: 1, family: 6 })).rejects.toMatchObject({
    code: "DNS_NOT_FOUND",
    message: "127.0.0.1 has no IPv6 address.",
  });
});

test("a Unix socket has nothing to connect to by TCP", async () => {
  await expect(all("unix:///run/redis.sock", { count: 1 })).rejects.toMatchObject({
    code: "CONFIG_UNSUPPORTED",
  });
});

test("the signal ends it between two attempts", async () => {
  const [port] = await freePorts(1);
  const enough = new AbortController();
  const found: TcpingAttempt[] = [];
  for await (const attempt of tcping(parse(`redis://127.0.0.1:${port}`), {
    interval: 600_000,
    signal: enough.signal,
  })) {
    found.push(attempt);
    setTimeout(() => enough.abort(), 10);
  }
  expect(found).toHaveLength(1);
});

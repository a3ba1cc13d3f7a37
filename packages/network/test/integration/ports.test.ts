import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";
import { listen } from "./listening.ts";
import { silentPort } from "./silent-port.ts";

const quick = { latency: 0, timeout: 1000, connectTimeout: 1500 } as const;

/** A loopback address on which no service of a machine listens. */
const lonely = "127.9.8.7";

test("nothing listens on any port: the server is down", async () => {
  const { findings, verdict } = await doctor(`rediss://${lonely}:6380`, quick);
  expect(findings[0]).toMatchObject({ id: "tcp-server-down", severity: "error" });
  expect(findings[0]?.evidence.join("\n")).toContain(`${lonely}:6380: refused`);
  expect(verdict.state).toBe("unreachable");
});

test("TLS is on the next port: the line with the right port", async () => {
  await using server = await startServer();
  const port = server.tlsPort ?? 0;
  const { findings } = await doctor(server.uri.replace(`:${port}`, `:${port + 1}`), quick);
  expect(findings[0]?.id).toBe("tcp-wrong-port");
  expect(findings[0]?.fixes[0]?.after).toContain(`localhost:${port}`);
});

test("plain text on a port that is closed, and TLS on another: the line with TLS", async () => {
  await using server = await startServer();
  const port = server.tlsPort ?? 0;
  const { findings } = await doctor(`redis://127.0.0.1:${port + 1}`, quick);
  expect(findings[0]?.id).toBe("tcp-plain-port-off");
  expect(findings[0]?.fixes[0]?.after).toContain(`rediss://127.0.0.1:${port}`);
});

test("a port that drops what comes while the host is there: it is blocked", async () => {
  await using silent = await silentPort();
  const { findings, verdict } = await doctor(`rediss://127.0.0.1:${silent.port}`, quick);
  expect(findings[0]?.id).toBe("tcp-port-blocked");
  expect(findings[0]?.fixes[0]?.command).toContain(`--destination-port-ranges ${silent.port}`);
  expect(verdict.state).toBe("unreachable");
});

test("a Unix socket that is not there", async () => {
  const { findings } = await doctor("unix:///nowhere/redis.sock", quick);
  expect(findings[0]?.id).toBe("tcp-socket-file");
});

test("a peer that resets", async () => {
  await using resetting = await listen((socket) => socket.resetAndDestroy());
  const { findings } = await doctor(`redis://127.0.0.1:${resetting.port}`, quick);
  expect(findings[0]?.id).toBe("tcp-reset");
});

test("an examination has an end although everything is silent", async () => {
  await using silent = await silentPort();
  const start = performance.now();
  await doctor(`rediss://127.0.0.1:${silent.port}`, { ...quick, timeout: 500 });
  expect(performance.now() - start).toBeLessThan(15_000);
});

test("it is given up at once when it is aborted", async () => {
  await using silent = await silentPort();
  const gaveUp = doctor(`rediss://127.0.0.1:${silent.port}`, { ...quick, signal: AbortSignal.timeout(100) });
  await expect(gaveUp).rejects.toMatchObject({ code: "CLOSED_ABORTED" });
});

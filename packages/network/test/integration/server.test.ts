import { networkInterfaces } from "node:os";
import { createClient, parse } from "@redoubt/client";
import { startFaultProxy, startReplicas, startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";

const quick = { latency: 0, timeout: 2000 } as const;

test("a healthy server: what it tells is observed, and there is nothing to mend", async () => {
  await using server = await startServer();
  const { findings, verdict, observations, latency } = await doctor(server.uri, {
    latency: 300,
    setGet: true,
  });
  expect(findings).toEqual([]);
  expect(verdict).toMatchObject({ state: "healthy", connected: true, cause: null });
  const said = (subject: string) => observations.find((one) => one.subject === subject)?.detail;
  expect(said("role")).toBe("master");
  expect(said("maxmemory_policy")).toBe("noeviction");
  expect(said("set and get")).toContain("read");
  expect(latency?.samples).toBeGreaterThan(2);
  expect(latency?.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(latency?.samples);
  expect(await server.command("DBSIZE")).toBe(0);
});

test("a replica refuses writes", async () => {
  await using set = await startReplicas({ replicas: 1 });
  const [replica] = set.replicas;
  const { findings, verdict } = await doctor(replica?.uri ?? "", { ...quick, setGet: true });
  expect(findings[0]).toMatchObject({ id: "server-set-get", severity: "error" });
  expect(findings[0]?.evidence[0]).toMatch(/^READONLY/);
  expect(findings.find(({ id }) => id === "server-replica")?.evidence[0]).toContain("replica of");
  expect(verdict).toMatchObject({ state: "findings", connected: true });
});

test("connections are nearly used up, and then they are", async () => {
  await using server = await startServer({ listen: "plain", config: ["maxclients 10"] });
  const others = Array.from({ length: 8 }, () => createClient({ url: server.uri }));
  for (const other of others) other.on("error", () => {});
  try {
    await Promise.all(others.map((other) => other.connect()));
    const near = await doctor(server.uri, quick);
    expect(near.findings.find(({ id }) => id === "server-clients")?.evidence[0]).toMatch(/^[89] of 10 /);
    const last = [createClient({ url: server.uri }), createClient({ url: server.uri })];
    others.push(...last);
    await Promise.all(last.map((other) => other.on("error", () => {}).connect()));
    const full = await doctor(server.uri, quick);
    expect(full.findings[0]).toMatchObject({ id: "server-clients", severity: "error" });
    expect(full.verdict.connected).toBe(false);
  } finally {
    for (const other of others) other.destroy();
  }
});

test("memory is full, and nothing may be evicted", async () => {
  await using server = await startServer();
  await server.command("SET", "filler", "x".repeat(200_000));
  const used = /used_memory:(\d+)/.exec(String(await server.command("INFO", "memory")))?.[1];
  await server.command("CONFIG", "SET", "maxmemory", String(Number(used) - 50_000));
  const { findings } = await doctor(server.uri, { ...quick, setGet: true });
  expect(findings[0]?.id).toBe("server-set-get");
  expect(findings[0]?.evidence[0]).toMatch(/^OOM/);
  expect(findings.find(({ id }) => id === "server-memory")?.severity).toBe("error");
});

test("a database that does not exist: the line with database 0", async () => {
  await using server = await startServer({ config: ["databases 2"] });
  const target = { ...parse(server.uri), database: 7 };
  const { findings } = await doctor(target, quick);
  expect(findings[0]?.id).toBe("server-database");
  expect(findings[0]?.fixes[0]?.before).toContain("/7");
  expect(findings[0]?.fixes[0]?.after).not.toContain("/7");
});

test("the server closes silent connections: its setting is told, and measured when asked for", async () => {
  await using server = await startServer({ config: ["timeout 1"] });
  const told = await doctor(server.uri, quick);
  expect(told.findings.find(({ id }) => id === "server-idle-timeout")?.severity).toBe("info");
  expect(told.verdict.state).toBe("healthy");
  const { findings } = await doctor(server.uri, { ...quick, idle: 6000 });
  const cut = findings.find(({ id }) => id === "server-idle-cut");
  expect(cut?.evidence[0]).toMatch(/was closed after [1-6]\.\d s \(FIN\)/);
});

test("connections that nobody cuts survive", async () => {
  await using server = await startServer();
  const { observations, findings } = await doctor(server.uri, { ...quick, idle: 800 });
  expect(observations.find(({ subject }) => subject === "idle")?.ok).toBe(true);
  expect(findings).toEqual([]);
});

test("something on the way forgets silent connections without a word", async () => {
  await using server = await startServer();
  await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort ?? 0 } });
  const uri = server.uri.replace(`localhost:${server.tlsPort}`, `localhost:${proxy.port}`);
  const forgets = setInterval(() => proxy.stall(), 4000);
  try {
    const { findings } = await doctor(uri, { ...quick, idle: 12_000, timeout: 1000 });
    expect(findings.find(({ id }) => id === "server-idle-cut")?.evidence[0]).toContain("nobody had said so");
  } finally {
    clearInterval(forgets);
  }
});

test("replies that take long", async () => {
  await using server = await startServer();
  await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort ?? 0 } });
  proxy.delay(30);
  const uri = server.uri.replace(`localhost:${server.tlsPort}`, `localhost:${proxy.port}`);
  const { findings } = await doctor(uri, { latency: 800, timeout: 3000 });
  expect(findings[0]?.id).toBe("server-slow");
});

test("a server that is loading its data", async () => {
  await using server = await startServer({ config: ["enable-debug-command yes"] });
  await server.command("DEBUG", "POPULATE", "20000");
  await server.command(
    "CONFIG",
    "SET",
    "key-load-delay",
    "300",
    "loading-process-events-interval-bytes",
    "1024",
  );
  // It takes longer than the operator's line waits.
  const reloading = server.command("DEBUG", "RELOAD").catch(() => {});
  await expect.poll(async () => (await doctor(server.uri, quick)).findings[0]?.id).toBe("server-loading");
  await reloading;
});

const outside = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;

test.skipIf(outside === undefined)(
  "protected mode (skipped without an address besides loopback)",
  async () => {
    await using server = await startServer({
      listen: "plain",
      password: false,
      bind: [outside ?? "", "127.0.0.1"],
      config: ["protected-mode yes"],
    });
    const { findings } = await doctor(`redis://${outside}:${server.port}`, quick);
    expect(findings[0]?.id).toBe("server-protected");
  },
);

import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { ControlConnection, createAuthority, type ServerOptions, startServer } from "../../src/index.ts";
import { freePorts } from "../../src/server/ports.ts";
import { launch, type Role } from "../../src/server/start.ts";
import { talk, tryTls } from "./dial.ts";

test("by default: TLS only, verified by name and address, with a password, gone without a trace", async () => {
  const server = await startServer();
  const { pid, tlsPort, caFile, ca } = server;
  const folder = dirname(caFile);
  try {
    expect(server.port).toBeNull();
    expect(server.host).toBe("localhost");
    const port = tlsPort as number;
    for (const host of ["localhost", "127.0.0.1", "::1"])
      expect(await tryTls({ host, port, ca })).toMatch(/^TLSv1\.3 -NOAUTH/);
    // The server sends its authority along, which OpenSSL finds in tls-ca-cert-file.
    expect(await tryTls({ port })).toBe("SELF_SIGNED_CERT_IN_CHAIN");
    expect(await server.command("PING")).toBe("PONG");
    expect(await server.command("CONFIG", "GET", "port")).toEqual(["port", "0"]);
    expect(readFileSync(caFile, "utf8")).toBe(ca);
    expect(server.log()).toContain("Ready to accept connections");
  } finally {
    await server.stop();
  }
  await server.stop();
  expect(() => process.kill(pid as number, 0)).toThrow("ESRCH");
  expect(existsSync(folder)).toBe(false);
});

test("the connection string names user, password, host, port and the authority's file", async () => {
  await using server = await startServer({ password: "p@ss:/?#%" });
  const url = new URL(server.uri);
  expect(url.protocol).toBe("rediss:");
  expect(decodeURIComponent(url.password)).toBe("p@ss:/?#%");
  expect(url.username).toBe("default");
  expect(url.host).toBe(`localhost:${server.tlsPort}`);
  expect([...url.searchParams]).toEqual([["sslrootcert", server.caFile]]);
});

test("no password in print, JSON, the log, a command line, or in the open on disk", async () => {
  const secret = "very-secret-0815";
  await using server = await startServer({
    password: secret,
    users: { app: { password: `${secret}-app` } },
  });
  const shown = [inspect(server, { depth: 9, showHidden: true }), JSON.stringify(server), server.log()];
  shown.push(readFileSync(`/proc/${server.pid}/cmdline`, "utf8"));
  shown.push(readFileSync(join(dirname(server.caFile), "redis.conf"), "utf8"));
  for (const text of shown) expect(text).not.toContain(secret);
  expect(inspect(server)).toContain("default: '*****'");
  expect(statSync(dirname(server.caFile)).mode & 0o777).toBe(0o700);
  for (const file of [server.certificate.keyFile, join(dirname(server.caFile), "redis.conf")])
    expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("plain, and both", async () => {
  await using plain = await startServer({ listen: "plain", password: false });
  expect(plain.tlsPort).toBeNull();
  expect(plain.uri).toBe(`redis://localhost:${plain.port}`);
  expect(await talk(plain.port as number, "PING\r\n")).toBe("+PONG");
  expect(() => plain.ca).toThrow("the server has no TLS");

  await using both = await startServer({ listen: "both" });
  expect(await talk(both.port as number, "PING\r\n")).toMatch(/^-NOAUTH/);
  expect(await tryTls({ port: both.tlsPort as number, ca: both.ca })).toMatch(/^TLSv1\.3 -NOAUTH/);
  expect(both.uriFor({ tls: false })).toMatch(/^redis:\/\/default:.+@localhost:\d+$/);
});

test("plain text behind what is called a TLS port", async () => {
  await using server = await startServer({ listen: "plain-posing-as-tls", password: false });
  expect(server.uri).toBe(`rediss://localhost:${server.tlsPort}`);
  expect(server.port).toBeNull();
  expect(await talk(server.tlsPort as number, "PING\r\n")).toBe("+PONG");
  expect(await server.command("PING")).toBe("PONG");
});

test("another host name: dialled by address, verified by name", async () => {
  await using server = await startServer({ names: ["cache.example.test"] });
  const port = server.tlsPort as number;
  expect(server.host).toBe("127.0.0.1");
  expect(new URL(server.uri).searchParams.get("servername")).toBe("cache.example.test");
  expect(await tryTls({ host: "127.0.0.1", port, ca: server.ca, servername: "cache.example.test" })).toMatch(
    /^TLSv1\.3/,
  );
  expect(await tryTls({ host: "127.0.0.1", port, ca: server.ca })).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
});

test("one address only", async () => {
  await using server = await startServer({ bind: ["127.0.0.2"], names: ["127.0.0.2"] });
  expect(server.host).toBe("127.0.0.2");
  expect(await tryTls({ host: "127.0.0.2", port: server.tlsPort as number, ca: server.ca })).toMatch(/^TLS/);
  expect(await tryTls({ host: "127.0.0.1", port: server.tlsPort as number })).toBe("ECONNREFUSED");
});

test("ACL users with their rules, and connection strings for them", async () => {
  await using server = await startServer({
    users: { reader: { password: 'r"1 2', rules: "~app:* +get +ping" }, anybody: { password: false } },
  });
  expect(server.users).toMatchObject({ reader: 'r"1 2', anybody: null });
  expect(server.uriFor({ username: "reader" })).toContain("rediss://reader:r%221%202@");
  expect(() => server.uriFor({ username: "nobody" })).toThrow("no user nobody");
  const { fingerprint256: fingerprint } = server.certificate.x509;
  const target = { host: server.address, port: server.tlsPort as number, tls: { fingerprint } };
  using reader = await ControlConnection.open({ ...target, username: "reader", password: 'r"1 2' });
  expect(await reader.call("GET", "app:1")).toBeNull();
  await expect(reader.call("GET", "other")).rejects.toThrow("NOPERM");
  await expect(reader.call("SET", "app:1", "x")).rejects.toThrow("NOPERM");
  await expect(ControlConnection.open({ ...target, username: "reader", password: "no" })).rejects.toThrow(
    "WRONGPASS",
  );
});

test("lines for redis.conf take effect, and a wrong one shows what the server said, without secrets", async () => {
  await using server = await startServer({ config: ["maxmemory 12mb", "maxmemory-policy allkeys-lru"] });
  expect(await server.command("CONFIG", "GET", "maxmemory")).toEqual(["maxmemory", "12582912"]);
  const broken = startServer({ config: ["no-such-directive yes"] });
  await expect(broken).rejects.toThrow(/exited with code 1.*no-such-directive/s);
});

test("data in the caller's folder survives a restart and even the server's sudden death", async () => {
  const directory = await mkdtemp(join(tmpdir(), "redoubt-data-"));
  try {
    {
      await using server = await startServer({ directory });
      await server.command("SET", "key", "one");
      const { tlsPort, pid } = server;
      await server.restart();
      expect(server.tlsPort).toBe(tlsPort);
      expect(server.pid).not.toBe(pid);
      expect(await server.command("GET", "key")).toBe("one");
    }
    await using again = await startServer({ directory });
    expect(await again.command("GET", "key")).toBe("one");
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("without a folder nothing is kept", async () => {
  await using server = await startServer();
  await server.command("SET", "key", "one");
  await server.restart();
  expect(await server.command("GET", "key")).toBeNull();
});

test("a server that died can be started again, and stopped", async () => {
  await using server = await startServer();
  process.kill(server.pid as number, "SIGKILL");
  await vi.waitFor(() => expect(server.pid).toBeUndefined(), 20_000);
  await server.restart();
  expect(await server.command("PING")).toBe("PONG");
});

test("a server that does not react is killed within the grace", async () => {
  const server = await startServer();
  const pid = server.pid as number;
  process.kill(pid, "SIGSTOP");
  await server.stop();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
}, 120_000);

test("a port of one's own choice, and a clear error when it is taken", async () => {
  const [tlsPort] = (await freePorts(1)) as [number];
  await using server = await startServer({ tlsPort });
  expect(server.tlsPort).toBe(tlsPort);
  await expect(startServer({ tlsPort })).rejects.toThrow(/exited with code 1.*Address already in use/s);
});

test("a port that somebody else was quicker to take is given up for another", async () => {
  const blocker = createServer();
  const tried: (number | null)[] = [];
  const slow: Role = {
    argv: [],
    bus: false,
    directives: ({ tls }) => {
      // Called between choosing the ports and starting the server: the moment of the race.
      if (tried.push(tls) === 1) blocker.listen(tls as number);
      return [];
    },
  };
  try {
    await using server = await launch({}, slow);
    expect(tried).toHaveLength(2);
    expect(server.tlsPort).toBe(tried[1]);
    expect(await server.command("PING")).toBe("PONG");
  } finally {
    blocker.close();
  }
});

test("a replica of a server, under its authority without being told", async () => {
  await using primary = await startServer({ password: "p w" });
  await using replica = await startServer({ replicaOf: primary });
  expect(replica.ca).toBe(primary.ca);
  await vi.waitFor(async () => {
    expect(String(await replica.command("INFO", "replication"))).toContain("master_link_status:up");
  }, 20_000);
});

test("a word that is not among the allowed ones is named with them", async () => {
  const wrong = { listen: "TLS" } as unknown as ServerOptions;
  await expect(startServer(wrong)).rejects.toThrow('option "listen": "TLS" is none of tls, plain, both');
  await expect(startServer({ users: { default: { password: "x" } } })).rejects.toThrow(
    'the option "password"',
  );
  await expect(startServer({ password: "" })).rejects.toThrow('option "password": is empty');
  const open = { app: { password: "" } };
  await expect(startServer({ users: open })).rejects.toThrow('option "users.app.password": is empty');
  await expect(startServer({ bind: [] })).rejects.toThrow('option "bind"');
});

test("many at once, under one authority", async () => {
  const authority = await createAuthority();
  const servers = await Promise.all(Array.from({ length: 8 }, () => startServer({ authority })));
  try {
    expect(new Set(servers.map((server) => server.tlsPort)).size).toBe(8);
    for (const server of servers) {
      expect(server.ca).toBe(authority.certificate);
      expect(await server.command("PING")).toBe("PONG");
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
});

test("starting can be given up, and leaves nothing", async () => {
  const reason = new Error("enough");
  await expect(startServer({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test("a program that never gets ready is given up with its last words", async () => {
  const started = startServer({ binary: join(import.meta.dirname, "never-ready.sh"), startTimeout: 2000 });
  await expect(started).rejects.toThrow(/not ready within 2000 ms.*still thinking/s);
});

test("starting takes well under 300 ms once the machinery is warm", async () => {
  const times: number[] = [];
  // A machine that is busy with other things may hold up some of them, hardly all.
  for (let round = 0; round < 5 || (round < 20 && Math.min(...times) >= 300); round++) {
    const begin = performance.now();
    await using server = await startServer();
    times.push(performance.now() - begin);
    expect(server.pid).toBeGreaterThan(0);
  }
  expect(Math.min(...times)).toBeLessThan(300);
});

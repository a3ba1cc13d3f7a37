import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import {
  createAuthority,
  type FaultProxy,
  issueKind,
  type RedisServer,
  startFaultProxy,
  startServer,
} from "../../src/index.ts";
import { first, talk, tryTls } from "./dial.ts";

let server: RedisServer;
let proxy: FaultProxy;

beforeAll(async () => {
  server = await startServer({ listen: "both", password: false });
});
afterAll(() => server.stop());
beforeEach(async () => {
  proxy = await startFaultProxy({ to: { host: server.address, port: server.port as number }, record: 1_000 });
});
afterEach(() => proxy.stop());

const open = () => connect({ host: proxy.host, port: proxy.port });
const ping = () => talk(proxy.port, "PING\r\n");
const soon = () => ({ signal: AbortSignal.timeout(20_000) });

/** How a connection ends: by FIN ("end") or with an error's code. */
function ending(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.resume();
    socket.once("end", () => resolve("end"));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(String(error.code)));
  });
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

test("without a fault bytes pass, are counted and recorded", async () => {
  expect(await ping()).toBe("+PONG");
  expect(proxy.received.toString()).toBe("PING\r\n");
  expect(proxy.bytes).toEqual({ "to-server": 6, "to-client": 7 });
  expect(proxy.connections).toBe(1);
});

test("a megabyte passes unharmed, there and back", async () => {
  const value = Buffer.alloc(1_500_000, "0123456789");
  const socket = open();
  socket.write(`*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$${value.length}\r\n`);
  socket.write(value);
  socket.write("\r\n*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n*1\r\n$4\r\nQUIT\r\n");
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  await once(socket, "end", soon());
  const expected = Buffer.concat([
    Buffer.from(`+OK\r\n$${value.length}\r\n`),
    value,
    Buffer.from("\r\n+OK\r\n"),
  ]);
  expect(Buffer.concat(pieces).equals(expected)).toBe(true);
  expect(proxy.received).toHaveLength(1_000);
});

test("delay holds bytes back in each direction, and can be switched off on an open connection", async () => {
  const socket = open();
  const round = async () => {
    socket.write("PING\r\n");
    expect(await first(socket)).toBe("+PONG");
  };
  await round();
  proxy.delay(500);
  expect(await took(round)).toBeGreaterThan(990);
  await proxy.pass();
  expect(await took(round)).toBeLessThan(900);
  socket.destroy();
});

test("throttle limits the bytes per second", async () => {
  await server.command("SET", "slow", "x".repeat(4_000));
  proxy.throttle(10_000);
  const socket = open();
  socket.write("GET slow\r\nQUIT\r\n");
  let bytes = 0;
  socket.on("data", (piece: Buffer) => (bytes += piece.length));
  const ms = await took(() => once(socket, "end", soon()));
  expect(bytes).toBe("$4000\r\n".length + 4_002 + "+OK\r\n".length);
  expect(ms).toBeGreaterThan(350);
  expect(() => proxy.throttle(0)).toThrow("use stall()");
});

test("stall: open and new connections stay open, and nothing comes, not even an end", async () => {
  const before = open();
  before.write("PING\r\n");
  expect(await first(before)).toBe("+PONG");
  proxy.stall();
  const after = open();
  await once(after, "connect", soon());
  const heard: string[] = [];
  for (const socket of [before, after])
    for (const event of ["data", "end", "error", "close"]) socket.on(event, () => heard.push(event));
  before.write("PING\r\n");
  after.write("QUIT\r\n");
  await delay(200);
  expect(heard).toEqual([]);
  expect(proxy.open).toBe(2);
  await proxy.pass();
  expect(await ping()).toBe("+PONG");
  expect(heard).toEqual([]);
  before.destroy();
  after.destroy();
});

test("cutAfter lets exactly so many bytes pass", async () => {
  await server.command("SET", "long", "0123456789");
  proxy.cutAfter(9);
  const socket = open();
  socket.write("GET long\r\n");
  let text = "";
  socket.on("data", (piece: Buffer) => (text += piece.toString()));
  await once(socket, "end", soon());
  expect(text).toBe("$10\r\n0123");
});

test("cutAfter in the other direction: the server sees half a command", async () => {
  proxy.cutAfter(3, "to-server");
  const socket = open();
  socket.write("PING\r\n");
  expect(await ending(socket)).toBe("end");
  expect(proxy.bytes["to-client"]).toBe(0);
  await proxy.pass();
  expect(await ping()).toBe("+PONG");
});

test("cut ends with FIN, reset with RST, and new connections pass", async () => {
  for (const [fault, sign] of [
    [() => proxy.cut(), "end"],
    [() => proxy.reset(), "ECONNRESET"],
  ] as const) {
    const socket = open();
    socket.write("PING\r\n");
    await first(socket);
    const ended = ending(socket);
    fault();
    expect(await ended).toBe(sign);
    expect(await ping()).toBe("+PONG");
  }
});

test("refuse: new connections are refused, open ones go on, and pass() accepts on the same port", async () => {
  const socket = open();
  socket.write("PING\r\n");
  await first(socket);
  const { port } = proxy;
  await proxy.refuse();
  await expect(ping()).rejects.toThrow("ECONNREFUSED");
  socket.write("PING\r\n");
  expect(await first(socket)).toBe("+PONG");
  await proxy.pass();
  expect(proxy.port).toBe(port);
  expect(await ping()).toBe("+PONG");
  socket.destroy();
});

test("TLS passes through untouched", async () => {
  await using secure = await startFaultProxy({
    to: { host: server.address, port: server.tlsPort as number },
  });
  expect(await tryTls({ port: secure.port, host: "127.0.0.1", ca: server.ca })).toBe("TLSv1.3 +PONG");
});

test("with a certificate of its own it records what was said inside TLS", async () => {
  const authority = await createAuthority();
  const to = { host: server.address, port: server.port as number };
  const ca = authority.certificate;
  await using good = await startFaultProxy({ to, tls: await issueKind("valid", authority), record: 100 });
  expect(await tryTls({ port: good.port, host: "127.0.0.1", ca })).toBe("TLSv1.3 +PONG");
  expect(good.received.toString()).toBe("PING\r\n");
  await using bad = await startFaultProxy({ to, tls: await issueKind("expired", authority), record: 100 });
  expect(await tryTls({ port: bad.port, host: "127.0.0.1", ca })).toBe("CERT_HAS_EXPIRED");
  expect(bad.connections).toBe(1);
  expect(bad.received).toHaveLength(0);
});

test("a backend that sends and hangs up at once loses nothing, also with delay", async () => {
  const backend = createServer((socket) => socket.end("goodbye")).listen(0, "127.0.0.1");
  await once(backend, "listening", soon());
  try {
    const { port } = backend.address() as { port: number };
    await using late = await startFaultProxy({ to: { host: "127.0.0.1", port } });
    late.delay(50);
    expect(await talk(late.port, "hello")).toBe("goodbye");
  } finally {
    backend.close();
  }
});

test("a backend that is not there: accepted, then closed", async () => {
  const gone = await startServer({ listen: "plain" });
  const to = { host: gone.address, port: gone.port as number };
  await gone.stop();
  await using nowhere = await startFaultProxy({ to });
  const socket = connect({ host: nowhere.host, port: nowhere.port });
  expect(await ending(socket)).toMatch(/^(end|ECONNRESET)$/);
});

test("stop() ends connections and listener", async () => {
  const socket = open();
  socket.write("PING\r\n");
  await first(socket);
  const ended = ending(socket);
  await proxy.stop();
  expect(await ended).toBe("end");
  await expect(ping()).rejects.toThrow("ECONNREFUSED");
});

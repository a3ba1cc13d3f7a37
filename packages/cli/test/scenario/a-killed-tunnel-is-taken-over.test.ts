import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  freePort,
  isRunning,
  runFile,
  type StunnelProgram,
  stunnelPrograms,
  until,
} from "./stunnel-programs.ts";
import { Bytes, clientSection, familyOf, pingOnce } from "./tunnel-kinds.ts";
import { startTunnel } from "./tunnel-process.ts";

const ours = stunnelPrograms[0] as StunnelProgram;

let server: RedisServer;
let folder: string;
beforeAll(async () => {
  server = await startServer({ password: false });
  folder = mkdtempSync(join(tmpdir(), "redoubt-killed-"));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function workersOf(pid: number): Promise<number[]> {
  await until("both workers run", () => familyOf(pid).length === 3);
  return familyOf(pid).slice(1);
}

test("redoubt tunnel FILE: kill -9 cuts its clients, and the next start takes over its socket and its pid file", async () => {
  const socket = join(folder, "tls.sock");
  const pidFile = join(folder, "stunnel.pid");
  const file = join(folder, "stunnel.conf");
  const port = await freePort();
  const text = clientSection(server, socket).replace("connect =", `accept = 127.0.0.1:${port}\nconnect =`);
  writeFileSync(file, `pid = ${pidFile}\n${text}`);
  const words = ["--workers", "2"];
  {
    await using killed = await runFile(ours, file, socket, words);
    const workers = await workersOf(killed.pid);
    await until("it has written its number", () => existsSync(pidFile));
    using client = new Bytes(socket);
    using other = new Bytes(port);
    expect(await client.ping()).toBe("+PONG\r\n");
    expect(await other.ping()).toBe("+PONG\r\n");
    await killed.end("SIGKILL");
    await until("its clients are cut", () => client.isClosed && other.isClosed);
    await until("nothing of it is left", () => !workers.some(isRunning));
    expect(existsSync(socket)).toBe(true);
    expect(Number(readFileSync(pidFile, "utf8"))).toBe(killed.pid);
    expect(await pingOnce(port)).toBe("");
  }
  await using next = await runFile(ours, file, socket, words);
  await until("it has written its number", () => Number(readFileSync(pidFile, "utf8")) === next.pid);
  expect(await pingOnce(socket)).toBe("+PONG\r\n");
  expect(await pingOnce(port)).toBe("+PONG\r\n");
  // A second one beside it is refused, and takes nothing away from it.
  const second = join(folder, "second.conf");
  writeFileSync(second, clientSection(server, socket));
  await expect(runFile(ours, second, await freePort())).rejects.toThrow("Address already in use (98)");
  expect(await pingOnce(socket)).toBe("+PONG\r\n");
  await next.end();
  expect(existsSync(socket)).toBe(false);
  expect(existsSync(pidFile)).toBe(false);
});

test("redoubt tunnel FILE: workers under load end with a first process that hung and was killed", async () => {
  const port = await freePort();
  const file = join(folder, "hung.conf");
  writeFileSync(file, clientSection(server, port));
  await using tunnel = await runFile(ours, file, port, ["--workers", "2"]);
  const workers = await workersOf(tunnel.pid);
  const clients = Array.from({ length: 8 }, () => new Bytes(port));
  try {
    for (const client of clients) expect(await client.ping()).toBe("+PONG\r\n");
    process.kill(tunnel.pid, "SIGSTOP");
    // Whoever is connected is served on, and keeps the workers busy until the end.
    for (const { socket } of clients) {
      socket.on("data", () => socket.write("PING\r\n"));
      socket.write("PING\r\n".repeat(16));
    }
    const late = Array.from({ length: 8 }, () => new Bytes(port));
    await until("they are served", () => clients.every(({ text }) => text.length > 1000));
    await tunnel.end("SIGKILL");
    await until("no worker is left", () => !workers.some(isRunning));
    for (const client of late) client[Symbol.dispose]();
  } finally {
    for (const client of clients) client[Symbol.dispose]();
  }
});

test("redoubt tunnel FILE: a worker that is killed takes its own clients along, and is replaced", async () => {
  const port = await freePort();
  const file = join(folder, "workers.conf");
  writeFileSync(file, clientSection(server, port));
  await using tunnel = await runFile(ours, file, port, ["--workers", "2"]);
  const workers = await workersOf(tunnel.pid);
  const clients = Array.from({ length: 8 }, () => new Bytes(port));
  try {
    for (const client of clients) expect(await client.ping()).toBe("+PONG\r\n");
    process.kill(workers[0] as number, "SIGKILL");
    await until("its clients are cut", () => clients.some(({ isClosed }) => isClosed));
    const others = clients.filter(({ isClosed }) => !isClosed);
    expect(others.length).toBeGreaterThan(0);
    for (const client of others) expect(await client.ping()).toBe("+PONG\r\n");
    await until("another one is there", () => familyOf(tunnel.pid).length === 3);
    expect(familyOf(tunnel.pid)).not.toContain(workers[0]);
    expect(tunnel.output()).toContain("ended (SIGKILL): another one takes its place");
    for (let i = 0; i < 8; i++) expect(await pingOnce(port)).toBe("+PONG\r\n");
  } finally {
    for (const client of clients) client.socket.destroy();
  }
});

test("redoubt tunnel --to: likewise", async () => {
  const socket = join(folder, "redis.sock");
  {
    await using killed = await startTunnel([], server.uri, {}, [`unix:${socket}`]);
    using client = new Bytes(socket);
    expect(await client.ping()).toBe("+PONG\r\n");
    await killed.end("SIGKILL");
    await until("its client is cut", () => client.isClosed);
    expect(existsSync(socket)).toBe(true);
  }
  await using _ = await startTunnel([], server.uri, {}, [`unix:${socket}`]);
  expect(await pingOnce(socket)).toBe("+PONG\r\n");
  await expect(startTunnel([], server.uri, {}, [`unix:${socket}`])).rejects.toThrow("TCP_ADDRESS_IN_USE");
  expect(await pingOnce(socket)).toBe("+PONG\r\n");
});

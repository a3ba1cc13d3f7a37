import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { expect, test } from "vitest";
import type { Accepted } from "../../../src/listen/accepted.ts";
import { Listener } from "../../../src/listen/listener.ts";
import type { ListenerOptions } from "../../../src/listen/listener-options.ts";

/** Answers with who is there and what was said, and hangs up. */
const echo = ({ id, socket, peer }: Accepted): void => {
  socket.once("data", (said: Buffer) => {
    socket.end(
      `${id} ${peer.address || "unix"} ${peer.via === null ? "direct" : "proxied"} ${said.toString()}`,
    );
  });
};

const open = (options: Partial<ListenerOptions> = {}) =>
  Listener.open({ at: "127.0.0.1:0", serve: echo, ...options });

const portOf = ({ address }: Listener): number => ("port" in address ? address.port : 0);

async function say(words: string, options: NetConnectOpts): Promise<string> {
  const socket: Socket = connect(options);
  socket.on("error", () => {});
  socket.write(words);
  return await text(socket).catch((error: NodeJS.ErrnoException) => error.code ?? "");
}

test("hands over a connection with everything that was said", async () => {
  for (const expects of ["redis", "anything"] as const) {
    const listener = await open({ expects });
    expect(await say("PING", { port: portOf(listener), host: "127.0.0.1" })).toBe("1 127.0.0.1 direct PING");
    await expect.poll(() => listener.open).toBe(0);
    await listener.close();
  }
});

test("listens on IPv6 and on Unix sockets, also where a killed program left one", async () => {
  const ipv6 = await open({ at: "[::1]:0" });
  expect(await say("PING", { port: portOf(ipv6), host: "::1" })).toBe("1 ::1 direct PING");
  await ipv6.close();
  const folder = await mkdtemp(join(tmpdir(), "redoubt-listen-"));
  try {
    const path = join(folder, "redis.sock");
    const unix = await open({ at: path });
    expect(await say("PING", { path })).toBe("1 unix direct PING");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(open({ at: path })).rejects.toMatchObject({ code: "TCP_ADDRESS_IN_USE" });
    await unix.close();
    const left =
      'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, 9))';
    await once(spawn(process.execPath, ["-e", left, path]), "close");
    expect((await stat(path)).isSocket()).toBe(true);
    const after = await open({ at: path, mode: 0o660 });
    expect((await stat(path)).mode & 0o777).toBe(0o660);
    expect(await say("PING", { path })).toBe("1 unix direct PING");
    await after.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("an address that is taken, or that others reach, is refused with its name", async () => {
  const listener = await open();
  await expect(open({ at: listener.text })).rejects.toMatchObject({
    code: "TCP_ADDRESS_IN_USE",
    address: listener.text,
  });
  await listener.close();
  await expect(open({ at: "0.0.0.0:0" })).rejects.toMatchObject({ code: "CONFIG_EXPOSED" });
  await expect(open({ at: "192.0.2.1:0", exposed: true })).rejects.toMatchObject({ code: "TCP_FAILED" });
});

test("a TLS client of a plain port gets an alert at once", async () => {
  const refused: string[] = [];
  const listener = await open({ watcher: { refused: (_peer, reason) => void refused.push(reason) } });
  const socket = connectTls({ port: portOf(listener), host: "127.0.0.1" });
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE");
  await expect.poll(() => listener.open).toBe(0);
  expect(refused).toEqual(["tls"]);
  await listener.close();
});

test("limits: all together, for each address, and the rate", async () => {
  const refused: string[] = [];
  const watcher = { refused: (_peer: unknown, reason: string) => void refused.push(reason) };
  const listener = await open({ limits: { connections: 1 }, watcher });
  const target = { port: portOf(listener), host: "127.0.0.1" };
  const first = connect(target);
  await expect.poll(() => listener.open).toBe(1);
  expect(await say("", target)).toBe("-ERR max number of clients reached\r\n");
  first.destroy();
  await expect.poll(() => listener.open).toBe(0);
  expect(await say("PING", target)).toContain("PING");
  await listener.close();

  const slow = await open({ limits: { rate: { perSecond: 0.001, burst: 1 } }, watcher });
  const again = { port: portOf(slow), host: "127.0.0.1" };
  expect(await say("PING", again)).toContain("PING");
  expect(await say("PING", again)).toBe("-ERR too many new connections, try again later\r\n");
  await slow.close();

  const each = await open({ limits: { connectionsPerAddress: 1 }, watcher, serve: () => {} });
  const third = { port: portOf(each), host: "127.0.0.1" };
  const held = connect(third);
  held.write("PING");
  await expect.poll(() => each.open).toBe(1);
  expect(await say("PING", third)).toBe("-ERR max number of clients reached for this address\r\n");
  held.destroy();
  each.destroy();
  expect(refused).toEqual(["too-many-connections", "too-fast", "too-many-from-address"]);
});

test("above the rate connections wait for their turn", async () => {
  const listener = await open({ limits: { rate: { perSecond: 20, burst: 1 } } });
  const target = { port: portOf(listener), host: "127.0.0.1" };
  const began = performance.now();
  const answers = await Promise.all([1, 2, 3, 4].map(() => say("PING", target)));
  expect(answers.every((answer) => answer.endsWith("PING"))).toBe(true);
  expect(performance.now() - began).toBeGreaterThan(140);
  await listener.close();
});

test("PROXY headers: demanded from those who are trusted, refused from others, cut from what is handed over", async () => {
  const refused: string[] = [];
  const watcher = { refused: (_peer: unknown, reason: string) => void refused.push(reason) };
  const trusting = await open({ proxyFrom: ["127.0.0.0/8"], watcher, handshakeLimit: 300 });
  const target = { port: portOf(trusting), host: "127.0.0.1" };
  const header = "PROXY TCP4 203.0.113.9 127.0.0.1 40000 6379\r\n";
  expect(await say(`${header}PING`, target)).toBe("1 203.0.113.9 proxied PING");
  expect(await say("PROXY UNKNOWN\r\nPING", target)).toBe("2 127.0.0.1 direct PING");
  expect(await say("PING\r\n", target)).not.toContain("PING");
  expect(await say("PROXY TC", target)).toBe("");
  await trusting.close();
  const other = await open({ proxyFrom: ["10.0.0.0/8"], watcher });
  expect(await say(`${header}PING`, { port: portOf(other), host: "127.0.0.1" })).not.toContain("PING");
  expect(await say("PING", { port: portOf(other), host: "127.0.0.1" })).toBe("1 127.0.0.1 direct PING");
  await other.close();
  expect(refused).toEqual(["malformed-proxy-header", "handshake-timeout", "malformed-proxy-header"]);
});

test("clients from elsewhere than allowed are told so, and nobody is let in where no place is named", async () => {
  for (const [clientsFrom, answer] of [
    [["127.0.0.0/8"], "1 127.0.0.1 direct PING"],
    [["10.0.0.0/8", "::1"], "-NOPERM clients from this address are not let in\r\n"],
    [[], "-NOPERM clients from this address are not let in\r\n"],
  ] as const) {
    const listener = await open({ clientsFrom });
    expect(await say("PING", { port: portOf(listener), host: "127.0.0.1" })).toBe(answer);
    await listener.close();
  }
});

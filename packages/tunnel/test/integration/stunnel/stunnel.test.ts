import type { Buffer } from "node:buffer";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Stunnel } from "../../../src/stunnel/stunnel.ts";

const folder = mkdtempSync(join(tmpdir(), "rd-stunnel-"));
/** Only ends what hangs: a busy machine takes long for much work, ms. */
const patience = 300_000;

let server: RedisServer;

beforeAll(async () => {
  server = await startServer({ listen: "both", password: false });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function portOf(tunnel: Stunnel, index = 0): number {
  return Number(/:(\d+)$/.exec(tunnel.listeners[index]?.address ?? "")?.[1]);
}

async function ask(port: number): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  const answer = await answerOn(socket);
  socket.destroy();
  return answer;
}

/** What comes back for a PING; empty when the connection ends instead. */
function answerOn(socket: Socket): Promise<string> {
  socket.write("PING\r\n");
  return new Promise((resolve) => {
    socket.once("data", (bytes) => resolve(bytes.toString()));
    socket.once("close", () => resolve(""));
  });
}

const clientSection = () => `client = yes
[r]
accept = 127.0.0.1:0
connect = 127.0.0.1:${server.tlsPort}
verifyChain = yes
CAfile = ${server.caFile}
checkIP = 127.0.0.1
`;

describe("a reload", () => {
  test("puts a new file in force, keeps the listener and open connections", async () => {
    const file = join(folder, "reload.conf");
    writeFileSync(file, clientSection());
    await using tunnel = await Stunnel.start({ file });
    const port = portOf(tunnel);
    const open = connect({ port, host: "127.0.0.1" });
    expect(await answerOn(open)).toBe("+PONG\r\n");
    writeFileSync(file, clientSection().replace("checkIP = 127.0.0.1", "checkHost = wrong.test"));
    expect(await tunnel.reload()).toBe(null);
    expect(portOf(tunnel)).toBe(port);
    expect(await ask(port)).toBe("");
    expect(await answerOn(open)).toBe("+PONG\r\n");
    open.destroy();
  });

  test.each([
    ["an unknown option", (text: string) => `${text}nix = 1\n`, "CONFIG_UNKNOWN_KEY"],
    [
      "a certificate that is none",
      (text: string) => `${text}cert = ${join(folder, "reload.conf")}\n`,
      "CONFIG_KEY_MATERIAL",
    ],
    ["a CA that is not there", (text: string) => text.replace(/CAfile = .*/, "CAfile = /nix"), "CONFIG_FILE"],
    [
      "a port that is taken",
      (text: string) => `${text}[s]\nconnect = 127.0.0.1:1\naccept = 127.0.0.1:${server.port}\n`,
      "TCP_ADDRESS_IN_USE",
    ],
  ])("with %s leaves the old file in force and says the line", async (_, spoil, code) => {
    const file = join(folder, "broken.conf");
    writeFileSync(file, clientSection());
    const log: string[] = [];
    await using tunnel = await Stunnel.start({ file }, { log: (line) => log.push(line) });
    const port = portOf(tunnel);
    writeFileSync(file, spoil(clientSection()));
    const problem = await tunnel.reload();
    expect(problem).toMatchObject({ code });
    expect(problem?.message).toMatch(/broken\.conf:\d+: "/);
    expect(log.join("\n")).toContain("Failed to reload the configuration file");
    expect(await ask(port)).toBe("+PONG\r\n");
  });

  test("closes the listeners of sections that are gone, and opens new ones", async () => {
    const file = join(folder, "sections.conf");
    const path = join(folder, "new.sock");
    writeFileSync(file, clientSection());
    await using tunnel = await Stunnel.start({ file });
    const port = portOf(tunnel);
    writeFileSync(file, clientSection().replace("[r]", "[other]").replace("127.0.0.1:0", path));
    expect(await tunnel.reload()).toBe(null);
    expect(tunnel.listeners).toEqual([{ service: "other", address: path }]);
    expect(await ask(port)).toBe("");
    const socket = connect({ path });
    expect(await answerOn(socket)).toBe("+PONG\r\n");
    socket.destroy();
  });
});

test("a plain Redis behind a client section is named long before TIMEOUTbusy", async () => {
  const log: string[] = [];
  await using tunnel = await Stunnel.start(
    { text: `client = yes\n[r]\naccept = 127.0.0.1:0\nconnect = 127.0.0.1:${server.port}\n` },
    { log: (line) => log.push(line) },
  );
  const socket = connect({ port: portOf(tunnel), host: "127.0.0.1" });
  socket.on("error", () => {});
  await expect
    .poll(() => log.join("\n"))
    .toContain(`127.0.0.1:${server.port} speaks plain Redis where TLS is expected: was TLS switched off?`);
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});

test("sessions are resumed, and only of servers that were accepted", async () => {
  const log: string[] = [];
  await using tunnel = await Stunnel.start(
    { text: `debug = info\n${clientSection()}` },
    { log: (line) => log.push(line) },
  );
  expect(await ask(portOf(tunnel))).toBe("+PONG\r\n");
  expect(await ask(portOf(tunnel))).toBe("+PONG\r\n");
  expect(log.filter((line) => line.includes("new session negotiated"))).toHaveLength(1);
  expect(log.filter((line) => line.includes("previous session reused"))).toHaveLength(1);
});

test("protocol = proxy tells the backend who is connected", async () => {
  const { certFile, keyFile } = server.certificate;
  const heard: string[] = [];
  const backend = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      heard.push(bytes.toString());
      if (heard.join("").endsWith("PING\r\n")) socket.write("+PONG\r\n");
    });
  }).listen(0, "127.0.0.1");
  await once(backend, "listening");
  const { port } = backend.address() as { port: number };
  await using tunnel = await Stunnel.start({
    text: `[s]\naccept = 127.0.0.1:0\ncert = ${certFile}\nkey = ${keyFile}\nprotocol = proxy\nconnect = 127.0.0.1:${port}\n`,
  });
  const socket = connectTls({ port: portOf(tunnel), host: "127.0.0.1", ca: server.ca });
  const from = once(socket, "connect").then(() => socket.localPort);
  expect(await answerOn(socket)).toBe("+PONG\r\n");
  expect(heard.join("")).toBe(`PROXY TCP4 127.0.0.1 127.0.0.1 ${await from} ${portOf(tunnel)}\r\nPING\r\n`);
  socket.destroy();
  backend.close();
});

test("the name that a client asks for chooses the section", async () => {
  const { certFile, keyFile } = server.certificate;
  const own = `cert = ${certFile}\nkey = ${keyFile}\n`;
  await using tunnel = await Stunnel.start({
    text: `[main]\naccept = 127.0.0.1:0\n${own}connect = 127.0.0.1:1\n[a]\nsni = main:a.test\n${own}connect = 127.0.0.1:${server.port}\n[b]\nsni = main:*.b.test\n${own}verifyChain = yes\nCAfile = ${server.caFile}\nconnect = 127.0.0.1:${server.port}\n`,
  });
  const through = async (servername: string): Promise<string> => {
    const socket = connectTls({
      port: portOf(tunnel),
      host: "127.0.0.1",
      servername,
      rejectUnauthorized: false,
    });
    socket.on("error", () => {});
    const answer = await answerOn(socket);
    socket.destroy();
    return answer;
  };
  expect(await through("a.test")).toBe("+PONG\r\n");
  expect(await through("other.test")).toBe("");
  // It demands a certificate, and none is shown.
  expect(await through("x.b.test")).toBe("");
});

test("a Unix socket that a killed process left behind is taken over, one in use is not", async () => {
  const path = join(folder, "left.sock");
  const text = clientSection().replace("127.0.0.1:0", path);
  await using first = await Stunnel.start({ text });
  await expect(Stunnel.start({ text })).rejects.toMatchObject({ code: "TCP_ADDRESS_IN_USE" });
  expect(first.listeners).toHaveLength(1);
});

test("a reader that does not read holds back what Redis sends, in bounded memory", {
  timeout: patience,
}, async () => {
  const size = 4 * 1024 * 1024;
  const replies = 24;
  await server.command("SET", "big", "x".repeat(size));
  await using tunnel = await Stunnel.start({ text: clientSection() });
  const socket = connect({ port: portOf(tunnel), host: "127.0.0.1" });
  socket.pause();
  const before = process.memoryUsage().rss;
  socket.write("GET big\r\n".repeat(replies));
  let moved = -1;
  let now = 0;
  do {
    moved = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
    now = Number(/(\d+) byte\(s\) sent to socket/.exec(tunnel.connections[0] ?? "")?.[1] ?? 0);
  } while (now !== moved || now === 0);
  expect(now).toBeLessThan(32 * 1024 * 1024);
  let received = 0;
  let peak = 0;
  socket.on("data", (bytes: Buffer) => {
    received += bytes.length;
    peak = Math.max(peak, process.memoryUsage().rss);
  });
  socket.resume();
  const expected = replies * (`$${size}\r\n`.length + size + 2);
  await expect.poll(() => received, { timeout: patience }).toBe(expected);
  // 96 MiB went through; half of it would be too much to hold.
  expect(peak - before).toBeLessThan(160 * 1024 * 1024);
  socket.destroy();
  await server.command("DEL", "big");
});

test("a thousand clients at once", { timeout: patience }, async () => {
  await using tunnel = await Stunnel.start({ text: `debug = 3\n${clientSection()}` });
  const sockets = Array.from({ length: 1000 }, () => connect({ port: portOf(tunnel), host: "127.0.0.1" }));
  for (const socket of sockets) socket.on("error", () => {});
  const answers = await Promise.all(sockets.map(answerOn));
  expect(answers.filter((answer) => answer === "+PONG\r\n")).toHaveLength(1000);
  expect(tunnel.open).toBe(1000);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => tunnel.open, { timeout: patience }).toBe(0);
});

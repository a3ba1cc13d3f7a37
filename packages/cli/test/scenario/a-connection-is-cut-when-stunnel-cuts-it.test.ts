import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  freePort,
  type RunningFile,
  runFile,
  type StunnelProgram,
  stunnelPrograms,
  until,
} from "./stunnel-programs.ts";
import { Bytes } from "./tunnel-kinds.ts";

// Never before its time, and far before the time that would hold without the option: 12 hours, one minute, five minutes.
const early = 100;
const late = 30_000;

let server: RedisServer;
/** Answers one word, and never ends its half. */
let endless: Server;
const kept = new Set<TLSSocket>();
let folder: string;
beforeAll(async () => {
  server = await startServer({ listen: "both", password: false });
  const { certificate, key } = await server.authority.issue();
  endless = createServer({ cert: certificate, key, allowHalfOpen: true }, (socket) => {
    kept.add(socket);
    socket.on("error", () => {}).resume();
    socket.write("+HELLO\r\n");
  }).listen(0, "127.0.0.1");
  await once(endless, "listening");
  folder = mkdtempSync(join(tmpdir(), "redoubt-cut-"));
});
afterAll(async () => {
  for (const socket of kept) socket.destroy();
  endless?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(stunnelPrograms)("$name", (program) => {
  async function run(line: string, target: number): Promise<RunningFile & { readonly port: number }> {
    const port = await freePort();
    const file = join(folder, `${port}.conf`);
    const section = `[r]\nclient = yes\naccept = 127.0.0.1:${port}\nconnect = 127.0.0.1:${target}\n`;
    writeFileSync(file, `foreground = yes\nsyslog = no\npid =\n${section}${line}\n`);
    return Object.assign(await runFile(program satisfies StunnelProgram, file, port), { port });
  }

  /** How long it takes from now on until the connection is over, ms. */
  async function cut(client: Bytes): Promise<number> {
    const from = performance.now();
    await until("it is cut", () => client.isClosed);
    return performance.now() - from;
  }

  test("TIMEOUTidle: silence of both sides, and every byte begins it anew", async () => {
    await using tunnel = await run("TIMEOUTidle = 2", server.tlsPort as number);
    using client = new Bytes(tunnel.port);
    for (let i = 0; i < 6; i++) {
      expect(await client.ping()).toBe("+PONG\r\n");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(await client.ping()).toBe("+PONG\r\n");
    const ms = await cut(client);
    expect(ms).toBeGreaterThan(2000 - early);
    expect(ms).toBeLessThan(late);
  });

  test("TIMEOUTclose: how long the other side may take to end", async () => {
    await using tunnel = await run("TIMEOUTclose = 2", (endless.address() as AddressInfo).port);
    using client = new Bytes(tunnel.port);
    await until("it is answered", () => client.text === "+HELLO\r\n");
    client.socket.end();
    const ms = await cut(client);
    expect(ms).toBeGreaterThan(2000 - early);
    expect(ms).toBeLessThan(late);
  });

  test("TIMEOUTclose = 0: not at all", async () => {
    await using tunnel = await run("TIMEOUTclose = 0", (endless.address() as AddressInfo).port);
    using client = new Bytes(tunnel.port);
    await until("it is answered", () => client.text === "+HELLO\r\n");
    client.socket.end();
    expect(await cut(client)).toBeLessThan(late);
  });

  test("TIMEOUTbusy: a plain Redis, which never answers a TLS handshake", async () => {
    await using tunnel = await run("TIMEOUTbusy = 2", server.port as number);
    using client = new Bytes(tunnel.port);
    const ms = await cut(client);
    expect(ms).toBeGreaterThan(2000 - early);
    expect(ms).toBeLessThan(late);
  });
});

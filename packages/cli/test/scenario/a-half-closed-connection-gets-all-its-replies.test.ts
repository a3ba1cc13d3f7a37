import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { freePort, runFile, type StunnelProgram, stunnelPrograms, until } from "./stunnel-programs.ts";
import { Bytes, clientSection, tunnelKinds } from "./tunnel-kinds.ts";

const size = 4 * 1024 * 1024;

test("redoubt tunnel --to: what was asked before is answered, and then the other half ends", async () => {
  await using server = await startServer({ password: false });
  await using tunnel = await (tunnelKinds[1] as (typeof tunnelKinds)[number]).open(server);
  await server.command("SET", "large", "x".repeat(size));
  using client = new Bytes(tunnel.port);
  client.socket.end(`${"ECHO a\r\n".repeat(200)}GET large\r\nECHO last\r\n`);
  await until("the other half ends", () => client.hasEnded);
  const before = "$1\r\na\r\n".repeat(200);
  expect(client.text.length).toBe(before.length + `$${size}\r\n`.length + size + 2 + "$4\r\nlast\r\n".length);
  expect(client.text.startsWith(before)).toBe(true);
  expect(client.text.endsWith("x\r\n$4\r\nlast\r\n")).toBe(true);
});

// Redis itself drops what it has not sent yet when a client ends its half; so here somebody answers who does not.
test("redoubt tunnel FILE: each half ends by itself", async () => {
  await using server = await startServer();
  const { certificate, key } = await server.authority.issue();
  const heard: string[] = [];
  const backend = createServer({ cert: certificate, key, allowHalfOpen: true }, (socket) => {
    socket.setEncoding("latin1").on("data", (part: string) => heard.push(part));
    socket.once("end", () => socket.end("x".repeat(size)));
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(backend, "listening");
  const { port: target } = backend.address() as AddressInfo;
  const file = `${server.caFile}.conf`;
  const port = await freePort();
  writeFileSync(file, clientSection(server, port).replace(`:${server.tlsPort}`, `:${target}`));
  try {
    await using _ = await runFile(stunnelPrograms[0] as StunnelProgram, file, port);
    using client = new Bytes(port);
    client.socket.end("question".repeat(100_000));
    await until("the other half ends", () => client.hasEnded);
    expect(heard.join("")).toBe("question".repeat(100_000));
    expect(client.text.length).toBe(size);
  } finally {
    backend.close();
    rmSync(file);
  }
});

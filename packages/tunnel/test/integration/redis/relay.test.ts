import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTunnel } from "../../../src/tunnel.ts";
import { Talk } from "./talk.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

test("auth none: programs log in themselves, and each has a connection of its own", async () => {
  await using tunnel = await createTunnel({
    to: server.uri,
    listen: "127.0.0.1:0",
    connectTimeout: 30_000,
    auth: "none",
  });
  await tunnel.check();
  using talk = await Talk.open(tunnel.addresses[0] as string);
  using other = await Talk.open(tunnel.addresses[0] as string);
  expect(await talk.say("PING")).toEqual(["-NOAUTH Authentication required."]);
  expect(await talk.say(`AUTH ${server.password}`, "ECHO on")).toEqual(["+OK", "$2\r\non"]);
  expect(await other.say("PING")).toEqual(["-NOAUTH Authentication required."]);
  expect(tunnel.upstreamConnections).toBe(2);
});

test("auth none: what is wrong on the other side is told before the connection ends", async () => {
  await using wrong = await startServer({ certificate: "other-host" });
  const to = wrong.uri.replace(/[?&]servername=[^&]*/, "");
  await using tunnel = await createTunnel({
    to,
    listen: "127.0.0.1:0",
    connectTimeout: 30_000,
    auth: "none",
  });
  using talk = await Talk.open(tunnel.addresses[0] as string);
  talk.send("PING");
  expect((await talk.take(1))[0]).toMatch(/^-ERR TLS_NAME_MISMATCH /);
  await talk.hungUp();
});

test("auth none: a plain Redis where TLS was asked for is named long before the deadline", async () => {
  await using plain = await startServer({ listen: "plain" });
  const to = `rediss://127.0.0.1:${plain.port}`;
  await using tunnel = await createTunnel({
    to,
    listen: "127.0.0.1:0",
    connectTimeout: 60_000,
    auth: "none",
  });
  using talk = await Talk.open(tunnel.addresses[0] as string);
  talk.send("PING");
  expect((await talk.take(1))[0]).toMatch(/^-ERR TLS_PEER_IS_PLAINTEXT /);
  await talk.hungUp();
});

test("auth none with users of the tunnel's own is refused", async () => {
  const tunnel = createTunnel({
    to: server.uri,
    listen: "127.0.0.1:0",
    connectTimeout: 30_000,
    auth: "none",
    users: { default: "x" },
  });
  await expect(tunnel).rejects.toMatchObject({ code: "CONFIG_AMBIGUOUS" });
});

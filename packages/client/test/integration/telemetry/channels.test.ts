import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import {
  type BatchTrace,
  type CommandTrace,
  createClient,
  createCluster,
  type LogEntry,
  logTo,
} from "@redoubt/client";
import { type RedisServer, startCluster, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Listens to channels until the test is over. */
function listen<Message>(...names: string[]): { name: string; message: Message }[] {
  const heard: { name: string; message: Message }[] = [];
  for (const name of names) {
    const listener = (message: unknown) => heard.push({ name, message: message as Message });
    subscribe(name, listener);
    stops.push(() => void unsubscribe(name, listener));
  }
  return heard;
}

const events = (channel: string): string[] =>
  ["start", "end", "asyncStart", "asyncEnd", "error"].map((event) => `tracing:${channel}:${event}`);
const last = (name: string): string => name.slice(name.lastIndexOf(":") + 1);

describe("redoubt:command", () => {
  test("tells begin and end of a command, its server, and no arguments", async () => {
    await using client = await createClient({ url: server.uri, database: 3 }).connect();
    const heard = listen<CommandTrace>(...events("redoubt:command"));
    await client.set("private-key", "private-value");
    expect(heard.map(({ name }) => last(name))).toEqual(["start", "end", "asyncStart", "asyncEnd"]);
    const trace = heard[0]?.message as CommandTrace;
    expect(new Set(heard.map(({ message }) => message))).toEqual(new Set([trace]));
    expect(trace).toMatchObject({
      command: "SET",
      argumentCount: 2,
      server: { host: "localhost", port: server.tlsPort, database: 3 },
    });
    expect(inspect(trace, { depth: 9, showHidden: true }) + JSON.stringify(trace)).not.toContain("private");
    expect(trace.text()).toBe("SET private-key private-value");
  });

  test("tells an error once, and the caller gets it", async () => {
    await using client = await createClient(server.uri).connect();
    await client.set("text", "a");
    const heard = listen<CommandTrace>(...events("redoubt:command"));
    const error = await client.lPush("text", "b").catch((reason) => reason);
    expect(heard.map(({ name }) => last(name))).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
    expect(heard[0]?.message.error).toBe(error);
  });

  test("one for a command that waits, is sent again, or is redirected", async () => {
    await using cluster = await startCluster();
    await using client = await createCluster({ url: cluster.uri }).connect();
    const heard = listen<CommandTrace>(...events("redoubt:command"));
    await Promise.all(Array.from({ length: 30 }, (_, i) => client.set(`key:${i}`, i)));
    const sets = heard.filter(({ name, message }) => last(name) === "start" && message.command === "SET");
    expect(sets.length).toBe(30);
  });

  test("names the server of a command that waited for its connection", async () => {
    await using proxy = await startFaultProxy({
      to: { host: server.address, port: server.tlsPort as number },
    });
    const url = new URL(server.uri);
    url.port = String(proxy.port);
    await using client = await createClient(url.href).connect();
    client.on("error", () => {});
    const lost = new Promise<void>((resolve) => client.once("reconnecting", () => resolve()));
    proxy.cut();
    await lost;
    const heard = listen<CommandTrace>(...events("redoubt:command"));
    const asked = client.get("a");
    expect(heard[0]?.message.server).toBeNull();
    await asked;
    expect(heard[0]?.message.server?.port).toBe(proxy.port);
  });

  test("never tells passwords, even when asked for the text", async () => {
    await using client = await createClient(server.uri).connect();
    const heard = listen<CommandTrace>(...events("redoubt:command"));
    await client.auth({ username: "default", password: server.password as string });
    await client.aclSetUser("somebody", ["on", ">hidden-secret"]);
    expect(heard.length).toBe(8);
    expect(new Set(heard.map(({ message }) => message.text()))).toEqual(new Set(["AUTH ?", "ACL SETUSER ?"]));
  });
});

test("redoubt:batch tells transactions and pipelines as one", async () => {
  await using client = await createClient(server.uri).connect();
  const commands = listen<CommandTrace>(...events("redoubt:command"));
  const heard = listen<BatchTrace>(...events("redoubt:batch"));
  await client.multi().set("a", "1").get("a").exec();
  await client.multi().get("a").get("b").execAsPipeline();
  expect(commands).toEqual([]);
  const starts = heard.filter(({ name }) => last(name) === "start").map(({ message }) => message);
  expect(starts).toMatchObject([
    { kind: "MULTI", commands: ["SET", "GET"] },
    { kind: "PIPELINE", commands: ["GET", "GET"] },
  ]);
  expect(starts[0]?.text()).toBe("SET a 1\nGET a");
  expect(heard.filter(({ name }) => last(name) === "asyncEnd").length).toBe(2);
});

test("a listener changes no result, and none is told once it has gone", async () => {
  await using client = await createClient(server.uri).connect();
  const heard = listen<CommandTrace>(...events("redoubt:command"));
  expect(await client.set("n", "1")).toBe("OK");
  expect(await Promise.all(Array.from({ length: 50 }, () => client.incr("n")))).toEqual(
    Array.from({ length: 50 }, (_, i) => i + 2),
  );
  const { length } = heard;
  expect(length).toBe(51 * 4);
  for (const stop of stops.splice(0)) stop();
  await client.get("n");
  expect(heard.length).toBe(length);
});

test("logTo tells of connections: stages, errors with hints, no secrets", async () => {
  await using proxy = await startFaultProxy({ to: { host: server.address, port: server.tlsPort as number } });
  const url = new URL(server.uri);
  url.port = String(proxy.port);
  const log: LogEntry[] = [];
  stops.push(logTo((entry) => log.push(entry)));
  const client = await createClient(url.href).connect();
  proxy.cut();
  await expect.poll(() => log.map(({ message }) => message)).toContain("connection lost");
  await expect.poll(() => client.isReady).toBe(true);
  await client.close();
  const wrong = createClient({ url: server.uri, password: "hidden-secret" });
  await wrong.connect().catch(() => {});
  await delay(1);
  expect(log.map(({ level, message }) => `${level} ${message}`)).toEqual([
    "debug connected",
    "info connection ready",
    "warn connection lost",
    "debug connected",
    "info connection ready",
    "info connection closed",
    "warn could not connect",
    "error connection closed",
  ]);
  expect(Object.keys(log[0]?.stages ?? {})).toEqual(["dns", "tcp", "tls", "auth", "setup"]);
  expect(log[2]).toMatchObject({ code: "CLOSED_CONNECTION", hint: expect.any(String) });
  expect(log[6]).toMatchObject({ code: "AUTH_FAILED", server: `localhost:${server.tlsPort}` });
  expect(JSON.stringify(log)).not.toContain("hidden-secret");
  expect(JSON.stringify(log)).not.toContain(server.password);
});

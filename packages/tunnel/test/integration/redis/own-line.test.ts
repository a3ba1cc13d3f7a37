import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTunnel, type Tunnel } from "../../../src/tunnel.ts";
import { Talk, until } from "./talk.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let server: RedisServer;
let tunnel: Tunnel;
const open = (): Promise<Talk> => Talk.open(tunnel.addresses[0] as string);

beforeAll(async () => {
  server = await startServer();
  tunnel = await createTunnel({ to: server.uri, listen: "127.0.0.1:0", connectTimeout: 30_000 });
});
afterAll(async () => {
  await tunnel?.close();
  await server?.stop();
});

const confirmation = (type: string, kind: string, channel: string, count: number): string =>
  `${type}3\r\n$${kind.length}\r\n${kind}\r\n$${channel.length}\r\n${channel}\r\n:${count}`;

test("WATCH sees what others do until EXEC", async () => {
  using talk = await open();
  using other = await open();
  expect(await talk.say("WATCH w", "GET w")).toEqual(["+OK", "$-1"]);
  expect(await other.say("SET w 1")).toEqual(["+OK"]);
  expect(await talk.say("MULTI", "SET w 2", "EXEC")).toEqual(["+OK", "+QUEUED", "*-1"]);
  expect(await talk.say("GET w")).toEqual(["$1\r\n1"]);
});

test("a client that blocks keeps nobody waiting", async () => {
  using talk = await open();
  using other = await open();
  talk.send("BLPOP queue 0");
  await until(
    "it blocks",
    async () => (await other.say("INFO clients"))[0]?.includes("blocked_clients:1") === true,
  );
  expect(await other.say("RPUSH queue job")).toEqual([":1"]);
  expect(await talk.take(1)).toEqual(["*2\r\n$5\r\nqueue\r\n$3\r\njob"]);
});

test("SELECT leads to another database, for this client alone", async () => {
  using talk = await open();
  using other = await open();
  expect(await talk.say("SELECT 3", "SET only:3 yes", "SELECT 99", "GET only:3")).toEqual([
    "+OK",
    "+OK",
    "-ERR DB index is out of range",
    "$3\r\nyes",
  ]);
  expect(await other.say("EXISTS only:3", "SELECT x", "SELECT 3", "EXISTS only:3")).toEqual([
    ":0",
    "-ERR value is not an integer or out of range",
    "+OK",
    ":1",
  ]);
  expect(await talk.say("RESET", "EXISTS only:3")).toEqual(["+RESET", ":0"]);
});

test("what a client settles for itself it finds again", async () => {
  using talk = await open();
  expect(await talk.say("CLIENT SETNAME worker", "CLIENT GETNAME", "CLIENT SETINFO LIB-NAME x")).toEqual([
    "+OK",
    "$6\r\nworker",
    "+OK",
  ]);
  const [id] = await talk.say("CLIENT ID");
  expect(id).toMatch(/^:\d+$/);
  const [info, again] = await talk.say("CLIENT INFO", "CLIENT ID");
  expect(info).toContain(`id=${(id as string).slice(1)} `);
  expect(info).toContain("name=worker ");
  expect(again).toBe(id);
  expect((await talk.say("CLIENT REPLY OFF"))[0]).toMatch(/^-ERR CLIENT REPLY OFF/);
  expect(await talk.say("CLIENT SETNAME a\u00e9")).toEqual([
    "-ERR Client names cannot contain spaces, newlines or special characters.",
  ]);
});

test("HELLO is answered by the tunnel, in the words of the server", async () => {
  using talk = await open();
  const [two] = await talk.say("HELLO");
  expect(two).toMatch(/^\*14\r\n\$6\r\nserver\r\n\$5\r\nredis\r\n\$7\r\nversion/);
  const [three] = await talk.say("HELLO 3 AUTH default anything SETNAME me");
  expect(three).toMatch(/^%7\r\n[^]*\$5\r\nproto\r\n:3\r\n/);
  await talk.say("HSET hash a b");
  expect(await talk.say("HGETALL hash", "CLIENT GETNAME")).toEqual(["%1\r\n$1\r\na\r\n$1\r\nb", "$2\r\nme"]);
  expect(await talk.say("HELLO 4", "HELLO x", "HELLO 3 NONSENSE")).toEqual([
    "-NOPROTO unsupported protocol version",
    "-ERR Protocol version is not an integer or out of range",
    "-ERR Syntax error in HELLO option 'NONSENSE'",
  ]);
  await talk.say("HELLO 2");
  expect(await talk.say("HGETALL hash")).toEqual(["*2\r\n$1\r\na\r\n$1\r\nb"]);
});

describe("publish and subscribe", () => {
  test("in RESP2: arrays, and the context that a subscriber is in", async () => {
    using talk = await open();
    using other = await open();
    expect(await talk.say("SUBSCRIBE a")).toEqual([confirmation("*", "subscribe", "a", 1)]);
    expect(await other.say("PUBLISH a news")).toEqual([":1"]);
    expect(await talk.take(1)).toEqual(["*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$4\r\nnews"]);
    expect(await talk.say("PING", "PING hello")).toEqual([
      "*2\r\n$4\r\npong\r\n$0\r\n",
      "*2\r\n$4\r\npong\r\n$5\r\nhello",
    ]);
    const mixed = await talk.say("PING one", "GET x", "PING two");
    expect(mixed.map((reply) => reply.slice(-3))).toEqual(["one", "ext", "two"]);
    expect((await talk.say("GET x"))[0]).toBe(
      "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context",
    );
    expect(await talk.say("PSUBSCRIBE b*")).toEqual([confirmation("*", "psubscribe", "b*", 2)]);
    expect(await talk.say("UNSUBSCRIBE")).toEqual([confirmation("*", "unsubscribe", "a", 1)]);
    expect(await talk.say("PUNSUBSCRIBE")).toEqual([confirmation("*", "punsubscribe", "b*", 0)]);
    expect(await talk.say("ECHO back", "UNSUBSCRIBE")).toEqual([
      "$4\r\nback",
      "*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0",
    ]);
    await other.say("HSET hash2 a b");
    expect(await talk.say("HGETALL hash2")).toEqual(["*2\r\n$1\r\na\r\n$1\r\nb"]);
  });

  test("in RESP3: pushes, with other commands in between", async () => {
    using talk = await open();
    using other = await open();
    await talk.say("HELLO 3");
    talk.send("SUBSCRIBE a b", "GET nothing");
    expect(await talk.take(3)).toEqual([
      confirmation(">", "subscribe", "a", 1),
      confirmation(">", "subscribe", "b", 2),
      "_",
    ]);
    expect(await other.say("PUBLISH b news")).toEqual([":1"]);
    expect(await talk.take(1)).toEqual([">3\r\n$7\r\nmessage\r\n$1\r\nb\r\n$4\r\nnews"]);
    expect(await talk.say("PING")).toEqual(["+PONG"]);
  });

  test("SUBSCRIBE without a channel is refused, and the client goes on", async () => {
    using talk = await open();
    expect(await talk.say("SUBSCRIBE")).toEqual(["-ERR wrong number of arguments for 'subscribe' command"]);
    expect(await talk.say("ECHO on")).toEqual(["$2\r\non"]);
  });
});

test("a client whose replies are large gets a connection of its own", async () => {
  await using quiet = await createTunnel({
    to: server.uri,
    listen: "127.0.0.1:0",
    connectTimeout: 30_000,
    sharedLines: 1,
  });
  using talk = await Talk.open(quiet.addresses[0] as string);
  await talk.say("SETRANGE large 3000000 x");
  expect(quiet.upstreamConnections).toBe(1);
  expect((await talk.say("GET large"))[0]).toHaveLength("$3000001\r\n".length + 3_000_001);
  expect(await talk.say("PING")).toEqual(["+PONG"]);
  expect(quiet.upstreamConnections).toBe(2);
});

test("MONITOR shows what others do", async () => {
  using talk = await open();
  using other = await open();
  expect(await talk.say("MONITOR")).toEqual(["+OK"]);
  await other.say("ECHO seen-by-monitor");
  const [line] = await talk.take(1);
  expect(line).toContain("seen-by-monitor");
});

test("invalidations of client-side caching reach the client that tracks", async () => {
  using talk = await open();
  using other = await open();
  await talk.say("HELLO 3");
  expect(await talk.say("CLIENT TRACKING ON", "GET tracked")).toEqual(["+OK", "_"]);
  await other.say("SET tracked 1");
  expect(await talk.take(1)).toEqual([">2\r\n$10\r\ninvalidate\r\n*1\r\n$7\r\ntracked"]);
});

test("CLIENT TRACKING with REDIRECT: a subscriber of RESP2 hears what the other one has to forget", async () => {
  using listener = await open();
  using tracking = await open();
  using other = await open();
  const [id] = await listener.say("CLIENT ID");
  await listener.say("SUBSCRIBE __redis__:invalidate");
  const redirect = `CLIENT TRACKING ON REDIRECT ${(id as string).slice(1)}`;
  expect(await tracking.say(redirect, "GET redirected")).toEqual(["+OK", "$-1"]);
  await other.say("SET redirected 1");
  const head = "$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n";
  expect(await listener.take(1)).toEqual([`*3\r\n${head}*1\r\n$10\r\nredirected`]);
  await other.say("FLUSHDB");
  expect(await listener.take(1)).toEqual([`*3\r\n${head}$-1`]);
  // Other messages are messages as before.
  await other.say("PUBLISH __redis__:invalidate x");
  expect(await listener.take(1)).toEqual([`*3\r\n${head}$1\r\nx`]);
});

test("WAIT is about the client's own writes", async () => {
  using talk = await open();
  using other = await open();
  expect(await talk.say("SET waited 1", "WAIT 0 100")).toEqual(["+OK", ":0"]);
  expect(await other.say("PING")).toEqual(["+PONG"]);
  expect(await talk.say("GET waited")).toEqual(["$1\r\n1"]);
});

test("QUIT is answered and the connection ends", async () => {
  using talk = await open();
  expect(await talk.say("SET q 1", "QUIT")).toEqual(["+OK", "+OK"]);
  await talk.hungUp();
});

test("XREAD waits on a connection of its own only when it is told to block", async () => {
  using talk = await open();
  expect(await talk.say("XREAD STREAMS s 0")).toEqual(["*-1"]);
  expect(await talk.say("XREAD BLOCK 1 STREAMS s 0")).toEqual(["*-1"]);
});

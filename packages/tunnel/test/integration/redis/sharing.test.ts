import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTunnel, type Tunnel } from "../../../src/tunnel.ts";
import { folder } from "../listen/listening.ts";
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

/** Small numbers that look random and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

test("a program needs no password, and what it brings along is taken", async () => {
  using talk = await open();
  expect(await talk.say("PING", "AUTH whatever", "AUTH a b", "SET greeting hello", "GET greeting")).toEqual([
    "+PONG",
    "+OK",
    "+OK",
    "+OK",
    "$5\r\nhello",
  ]);
});

test("every reply comes to the one who asked, in order, however commands are mixed and cut", async () => {
  const clients = 40;
  const rounds = 25;
  const long = "x".repeat(70_000);
  using seeder = await open();
  for (let i = 0; i < clients; i++) await seeder.say(`SET long:${i} ${i}:${long}`);

  const work = async (id: number): Promise<number> => {
    using talk = await open();
    const random = numbers(id + 1);
    let checked = 0;
    for (let round = 0; round < rounds; round++) {
      const commands: string[] = [];
      const expected: string[] = [];
      const ask = (command: string, reply: string): void => {
        commands.push(command);
        expected.push(reply);
      };
      for (let i = random(30); i >= 0; i--) {
        const value = `${id}:${round}:${i}`;
        const key = `key:${id}`;
        switch (random(9)) {
          case 0:
            ask(`GET long:${id}`, `$${`${id}:${long}`.length}\r\n${id}:${long}`);
            break;
          case 1:
            ask("MULTI", "+OK");
            ask(`SET ${key} ${value}`, "+QUEUED");
            ask(`GET ${key}`, "+QUEUED");
            ask("EXEC", `*2\r\n+OK\r\n$${value.length}\r\n${value}`);
            break;
          case 2:
            ask(`RPUSH list:${id} ${value}`, ":1");
            ask(
              `BLPOP list:${id} 5`,
              `*2\r\n$${`list:${id}`.length}\r\nlist:${id}\r\n$${value.length}\r\n${value}`,
            );
            break;
          case 3:
            ask(`LPUSH ${key} a`, "-WRONGTYPE Operation against a key holding the wrong kind of value");
            break;
          case 4:
            ask("nonsense", "-ERR unknown command 'nonsense', with args beginning with: ");
            break;
          default:
            ask(`ECHO ${value}`, `$${value.length}\r\n${value}`);
        }
      }
      // The key must hold a string whatever came before.
      await talk.say(`SET key:${id} start`);
      talk.send(...commands);
      expect(await talk.take(commands.length)).toEqual(expected);
      checked += commands.length;
    }
    return checked;
  };
  const counts = await Promise.all(Array.from({ length: clients }, (_, id) => work(id)));
  expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(clients * rounds * 10);
});

test("many clients share few connections", async () => {
  await using quiet = await createTunnel({ to: server.uri, listen: "127.0.0.1:0", connectTimeout: 30_000 });
  const talks = await Promise.all(Array.from({ length: 200 }, () => Talk.open(quiet.addresses[0] as string)));
  const replies = await Promise.all(talks.map((talk, i) => talk.say(`ECHO ${i}`)));
  replies.forEach(([reply], i) => expect(reply).toBe(`$${String(i).length}\r\n${i}`));
  expect(quiet.connections).toBe(200);
  expect(quiet.upstreamConnections).toBeLessThanOrEqual(2);
  for (const talk of talks) talk[Symbol.dispose]();
});

test("commands arrive in any pieces, and also as lines of words", async () => {
  using talk = await open();
  const bytes = '*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\nECHO "a b"\r\n*0\r\n\r\n*1\r\n$4\r\nPING\r\n';
  for (const byte of bytes) {
    talk.socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await talk.take(3)).toEqual(["$3\r\nabc", "$3\r\na b", "+PONG"]);
});

test("a command of many megabytes flows over a connection of its own, and all is well afterwards", async () => {
  using talk = await open();
  const value = "v".repeat(5_000_000);
  expect(await talk.say(`SET big ${value}`, "STRLEN big", "PING")).toEqual(["+OK", ":5000000", "+PONG"]);
  const [read] = await talk.say("GET big");
  expect(read).toBe(`$5000000\r\n${value}`);
  await talk.say("DEL big");
});

describe("what is no RESP is answered as Redis does, and hurts nobody else", () => {
  test.each([
    ["*1\r\n+PING\r\n", "-ERR Protocol error: expected '$', got '+'"],
    ["*99999999\r\n", "-ERR Protocol error: invalid multibulk length"],
    ['ECHO "a\r\n', "-ERR Protocol error: unbalanced quotes in request"],
  ])("%j", async (bytes, reply) => {
    using other = await open();
    using talk = await open();
    talk.socket.write(bytes);
    expect(await talk.take(1)).toEqual([reply]);
    await talk.hungUp();
    expect(await other.say("PING")).toEqual(["+PONG"]);
  });

  test("what came before is answered before", async () => {
    using talk = await open();
    talk.socket.write("PING\r\n*1\r\n$4\r\nPING\r\n*1\r\n!\r\nPING\r\n");
    expect(await talk.take(3)).toEqual(["+PONG", "+PONG", "-ERR Protocol error: expected '$', got '!'"]);
    await talk.hungUp();
  });

  test("a web page that posts to the port is cut off before anything is carried out", async () => {
    using talk = await open();
    talk.socket.write("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nSET stolen yes\r\n");
    await talk.hungUp();
    using other = await open();
    expect(await other.say("EXISTS stolen")).toEqual([":0"]);
  });
});

test("a client that ends its half gets all replies before the other half ends", async () => {
  using talk = await open();
  talk.socket.end("ECHO one\r\nECHO two\r\n");
  expect(await talk.take(2)).toEqual(["$3\r\none", "$3\r\ntwo"]);
  await talk.hungUp();
});

test("connections that were lent come back and are lent again", async () => {
  await using quiet = await createTunnel({ to: server.uri, listen: "127.0.0.1:0", connectTimeout: 30_000 });
  using talk = await Talk.open(quiet.addresses[0] as string);
  for (let i = 0; i < 20; i++) {
    expect(await talk.say("MULTI", "PING", "EXEC")).toEqual(["+OK", "+QUEUED", "*1\r\n+PONG"]);
    expect(await talk.say("PING")).toEqual(["+PONG"]);
  }
  expect(quiet.upstreamConnections).toBeLessThanOrEqual(2);
});

test("half a transaction is gone with its client", async () => {
  {
    using talk = await open();
    expect(await talk.say("MULTI", "SET half done")).toEqual(["+OK", "+QUEUED"]);
  }
  using other = await open();
  await until("the transaction is given up", async () => (await other.say("EXISTS half"))[0] === ":0");
  expect(await other.say("MULTI", "GET half", "EXEC")).toEqual(["+OK", "+QUEUED", "*1\r\n$-1"]);
});

test("a program that has ended its half, and takes its time to read, gets all that it asked for", async () => {
  await using files = await folder();
  const path = join(files.path, "tunnel.sock");
  await using _local = await createTunnel({ to: server.uri, listen: path, connectTimeout: 30_000 });
  using talk = await open();
  await talk.say(`SET slowly ${"s".repeat(600_000)}`);
  // How much a Unix socket holds is the system's business: the tunnel is to be left with little of one of these.
  const lengths = Array.from({ length: 20 }, (_, i) => 200_000 + i * 20_000);
  const read = async (length: number): Promise<number> => {
    const reader = connect({ path });
    reader.end(`GETRANGE slowly 0 ${length - 1}\r\n`);
    await once(reader, "readable");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return (await text(reader)).length - `$${length}\r\n\r\n`.length;
  };
  expect(await Promise.all(lengths.map(read))).toEqual(lengths);
  await talk.say("DEL slowly");
});

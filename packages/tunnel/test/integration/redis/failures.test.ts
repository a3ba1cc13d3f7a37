import { type AddressInfo, connect, createServer } from "node:net";
import { type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTunnel } from "../../../src/tunnel.ts";
import { Talk, until } from "./talk.ts";

// A machine that is busy with other things is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

describe("what is wrong on the other side is told where a reply is due, and the local connection stays", () => {
  test("a certificate for another name", async () => {
    await using wrong = await startServer({ certificate: "other-host" });
    const to = wrong.uri.replace(/[?&]servername=[^&]*/, "");
    await using tunnel = await createTunnel({ to, listen: "127.0.0.1:0", connectTimeout: 30_000 });
    using talk = await Talk.open(tunnel.addresses[0] as string);
    const [reply] = await talk.say("PING");
    expect(reply).toMatch(/^-ERR TLS_NAME_MISMATCH .*Dial the name that the certificate carries/);
    expect((await talk.say("PING"))[0]).toBe(reply);
    expect(reply).not.toContain(String(wrong.password));
  });

  test("a wrong password", async () => {
    const to = server.uri.replace(String(server.password), "not-the-password");
    await using tunnel = await createTunnel({ to, listen: "127.0.0.1:0", connectTimeout: 30_000 });
    using talk = await Talk.open(tunnel.addresses[0] as string);
    const replies = await talk.say("GET a", "GET b", "MULTI");
    for (const reply of replies) expect(reply).toMatch(/^-ERR AUTH_FAILED /);
    expect(replies.join()).not.toContain("not-the-password");
  });

  test("a plain Redis where TLS was asked for is found within the deadline", async () => {
    await using plain = await startServer({ listen: "plain-posing-as-tls" });
    await using tunnel = await createTunnel({ to: plain.uri, listen: "127.0.0.1:0", connectTimeout: 4000 });
    using talk = await Talk.open(tunnel.addresses[0] as string);
    const [reply] = await talk.say("PING");
    expect(reply).toMatch(/^-ERR TLS_PEER_IS_PLAINTEXT .*find out whether TLS was switched off/);
  });

  test("nobody there, and somebody there again", async () => {
    const told: string[] = [];
    await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort as number } });
    const to = server.uri.replace(/localhost:\d+/, `localhost:${proxy.port}`);
    await using tunnel = await createTunnel({
      to,
      listen: "127.0.0.1:0",
      connectTimeout: 30_000,
      status: "127.0.0.1:0",
      log: (line) => told.push(line),
    });
    using talk = await Talk.open(tunnel.addresses[0] as string);
    expect(await talk.say("PING")).toEqual(["+PONG"]);
    await proxy.refuse();
    proxy.reset();
    await until("it is told", async () =>
      /^-ERR (?:TCP|CLOSED)_/.test((await talk.say("PING"))[0] as string),
    );
    await until(
      "nobody is there",
      async () => (await talk.say("PING"))[0]?.startsWith("-ERR TCP_REFUSED") === true,
    );
    expect((await fetch(`http://${tunnel.status}/ready`)).status).toBe(503);
    await proxy.accept();
    await until("it is back", async () => (await talk.say("PING"))[0] === "+PONG");
    expect((await fetch(`http://${tunnel.status}/ready`)).status).toBe(200);
    expect(told.some((line) => line.includes("TCP_REFUSED"))).toBe(true);
  });
});

test("kill -9 of the server: commands under way are answered with what is known, and then it goes on", async () => {
  await using victim = await startServer();
  await using tunnel = await createTunnel({ to: victim.uri, listen: "127.0.0.1:0", connectTimeout: 30_000 });
  const open = (): Promise<Talk> => Talk.open(tunnel.addresses[0] as string);
  using talk = await open();
  using blocked = await open();
  using transacting = await open();
  using subscriber = await open();
  await talk.say("PING");
  await subscriber.say("SUBSCRIBE news");
  await transacting.say("MULTI", "SET half done");
  blocked.send("BLPOP none 0");
  await until(
    "it blocks",
    async () => (await talk.say("INFO clients"))[0]?.includes("blocked_clients:1") === true,
  );
  process.kill(victim.pid as number, "SIGKILL");
  expect((await blocked.take(1))[0]).toMatch(/^-ERR CLOSED_CONNECTION .*may have been executed/);
  // What was left on a connection is gone: those clients have to begin anew, and are made to.
  await subscriber.hungUp();
  await transacting.hungUp();
  await victim.restart();
  await until("it is back", async () => (await talk.say("PING"))[0] === "+PONG");
  expect(await blocked.say("EXISTS half")).toEqual([":0"]);
});

test("a server that is made a replica: new commands follow to where the name leads", async () => {
  await using old = await startServer();
  await using next = await startServer({ replicaOf: old, password: String(old.password) });
  // As a name whose address changes: connections that are open stay where they are.
  let leadsTo = old.tlsPort as number;
  const signpost = createServer((socket) => {
    const other = connect(leadsTo, "127.0.0.1");
    for (const end of [socket, other])
      end.on("error", () => {}).on("close", () => (socket.destroy(), other.destroy()));
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((resolve) => signpost.listen(0, "127.0.0.1", resolve));
  const { port } = signpost.address() as AddressInfo;
  const to = old.uri.replace(/localhost:\d+/, `localhost:${port}`);
  await using tunnel = await createTunnel({ to, listen: "127.0.0.1:0", connectTimeout: 30_000 });
  using talk = await Talk.open(tunnel.addresses[0] as string);
  expect(await talk.say("SET before yes")).toEqual(["+OK"]);
  await until("it is replicated", async () => String(await next.command("GET", "before")) === "yes");
  await next.command("REPLICAOF", "NO", "ONE");
  await old.command("REPLICAOF", "127.0.0.1", "1");
  leadsTo = next.tlsPort as number;
  const readOnly = "-READONLY You can't write against a read only replica.";
  await until("it follows", async () => {
    const [reply] = await talk.say("SET after yes");
    if (reply !== "+OK") expect(reply).toBe(readOnly);
    return reply === "+OK";
  });
  expect(await next.command("GET", "after")).toBe("yes");
  signpost.close();
});

test("a slow reader of very many bytes holds nobody up, and memory stays small", async () => {
  await using tunnel = await createTunnel({ to: server.uri, listen: "127.0.0.1:0", connectTimeout: 30_000 });
  const open = (): Promise<Talk> => Talk.open(tunnel.addresses[0] as string);
  using other = await open();
  const size = 4 * 1024 * 1024;
  await other.say(`SETRANGE huge ${size - 1} x`);
  const slow = await open();
  slow.socket.pause();
  const count = 256;
  const atFirst = process.memoryUsage().rss;
  slow.send(...Array.from({ length: count }, () => "GET huge"));
  // Behind a client that never reads, a reply would never come.
  for (let i = 0; i < 50; i++) {
    expect(await other.say("PING")).toEqual(["+PONG"]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(process.memoryUsage().rss - atFirst).toBeLessThan(500 * 1024 * 1024);
  // All of it comes: a gigabyte, in order.
  let received = 0;
  slow.socket.removeAllListeners("data").on("data", (chunk: Buffer) => (received += chunk.length));
  slow.socket.resume();
  const total = count * (`$${size}\r\n`.length + size + 2);
  // However slow the machine is, some of it comes all the time.
  while (received < total) {
    const before = received;
    await until("more has come", () => received > before);
  }
  expect(received).toBe(total);
  expect(process.memoryUsage().rss - atFirst).toBeLessThan(500 * 1024 * 1024);
  slow[Symbol.dispose]();
}, 180_000);

test("a thousand clients", async () => {
  await using tunnel = await createTunnel({ to: server.uri, listen: "127.0.0.1:0", connectTimeout: 30_000 });
  const talks = await Promise.all(
    Array.from({ length: 1000 }, () => Talk.open(tunnel.addresses[0] as string)),
  );
  for (let round = 0; round < 3; round++)
    await Promise.all(
      talks.map(async (talk, i) => {
        const value = `${round}:${i}`;
        expect(await talk.say(`SET c:${i} ${value}`, `GET c:${i}`)).toEqual([
          "+OK",
          `$${value.length}\r\n${value}`,
        ]);
      }),
    );
  expect(tunnel.connections).toBe(1000);
  expect(tunnel.upstreamConnections).toBeLessThanOrEqual(2);
  for (const talk of talks) talk[Symbol.dispose]();
  await until("all are gone", () => tunnel.connections === 0);
});

test("lines that are opened later have the protocol and the database of their clients, whatever the first client chose since", async () => {
  await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort as number } });
  const to = server.uri.replace(/localhost:\d+/, `localhost:${proxy.port}`);
  await using tunnel = await createTunnel({ to, listen: "127.0.0.1:0", connectTimeout: 30_000 });
  using first = await Talk.open(tunnel.addresses[0] as string);
  expect(await first.say("SET where zero", "SELECT 3", "HELLO 3")).toHaveLength(3);
  using second = await Talk.open(tunnel.addresses[0] as string);
  expect(await second.say("GET where")).toEqual(["$4\r\nzero"]);
  proxy.reset();
  await until("it is back", async () => (await second.say("PING"))[0] === "+PONG");
  expect(await second.say("GET where", "GET nothing", "DEL where")).toEqual(["$4\r\nzero", "$-1", ":1"]);
});

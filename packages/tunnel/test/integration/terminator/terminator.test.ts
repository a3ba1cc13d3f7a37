import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { startReplicas, startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { pair } from "../listen/listening.ts";
import { cli, type Ground, ground } from "./ground.ts";

/** A connection that says things and hears answers. */
async function client(
  at: Ground,
  login = true,
  more: object = {},
): Promise<
  { socket: TLSSocket; say: (words: string) => Promise<string>; closed: Promise<unknown> } & Disposable
> {
  const socket = connect({
    port: at.port,
    host: "127.0.0.1",
    servername: "localhost",
    ca: at.authority.certificate,
    ...more,
  });
  socket.on("error", () => {});
  const closed = once(socket, "close");
  await once(socket, "secureConnect");
  const say = async (words: string): Promise<string> => {
    const heard = once(socket, "data") as Promise<[Buffer]>;
    socket.write(words);
    return (await heard)[0].toString();
  };
  if (login) expect(await say(`AUTH ${at.server.password ?? ""}\r\n`)).toBe("+OK\r\n");
  return { socket, say, closed, [Symbol.dispose]: () => socket.destroy() };
}

test("redis-cli comes in by TLS, and the log and the metrics tell the truth", async () => {
  await using at = await ground();
  expect(await cli(at, ["SET", "k", "value"])).toBe("OK");
  expect(await cli(at, ["GET", "k"], ["--sni", "localhost"])).toBe("value");
  await expect.poll(() => at.log.length).toBe(2);
  const upstream = `localhost:${at.server.port}`;
  expect(at.log[1]).toMatchObject({
    servername: "localhost",
    protocol: "TLSv1.3",
    upstream,
    reason: "client-closed",
  });
  const labels = `{listener="${at.terminator.address}"}`;
  const [sent, received] = (["sent", "received"] as const).map((side) =>
    at.log.reduce((sum, entry) => sum + entry[side], 0),
  );
  expect(at.metric(`redoubt_tunnel_client_bytes_total${labels}`)).toBe(sent);
  expect(at.metric(`redoubt_tunnel_upstream_bytes_total${labels}`)).toBe(received);
  expect(at.metric(`redoubt_tunnel_connections_total${labels}`)).toBe(2);
  expect(at.metric(`redoubt_tunnel_connections_open${labels}`)).toBe(0);
  expect(at.metric(`redoubt_tunnel_upstream_connect_seconds_count${labels}`)).toBe(2);
  expect(JSON.stringify([at.log, at.said, at.terminator.metrics])).not.toContain(at.server.password);
});

test("bytes are counted as they were sent", async () => {
  await using at = await ground();
  using one = await client(at, false);
  const auth = `AUTH ${at.server.password ?? ""}\r\n`;
  await one.say(auth);
  const value = "x".repeat(100_000);
  const set = `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n${value}\r\n`;
  expect(await one.say(set)).toBe("+OK\r\n");
  const labels = `{listener="${at.terminator.address}"}`;
  expect(at.metric(`redoubt_tunnel_client_bytes_total${labels}`)).toBe(auth.length + set.length);
  expect(at.metric(`redoubt_tunnel_upstream_bytes_total${labels}`)).toBe("+OK\r\n".length * 2);
  expect(at.metric(`redoubt_tunnel_connections_open${labels}`)).toBe(1);
});

test("a TLS Redis behind it is verified, and one that cannot be is not talked to", async () => {
  await using server = await startServer();
  await using good = await ground({ to: server.uri });
  expect(await cli({ ...good, server }, ["PING"])).toBe("PONG");
  await using bad = await ground({ to: `rediss://localhost:${server.tlsPort}` });
  expect(bad.terminator.troubles.join()).toContain("is down");
  expect(await cli({ ...bad, server }, ["PING"])).toContain("no Redis can be reached");
  await expect.poll(() => bad.log.at(-1)).toMatchObject({ reason: "no-backend", upstream: null });
});

test("a plain Redis where TLS is expected is named in the log, and the client is answered at once", async () => {
  await using at = await ground(({ port }) => ({ to: `rediss://127.0.0.1:${port}` }));
  const began = performance.now();
  expect(await cli(at, ["PING"])).toContain("no Redis can be reached behind this port");
  expect(performance.now() - began).toBeLessThan(5000);
  expect(at.said.join("\n")).toContain("speaks plain Redis where TLS was asked for");
});

test("certificates decide who is let in: CA, list of names, and nobody else", async () => {
  await using at = await ground((_server, path) => ({
    tls: {
      certificates: [{ certFile: join(path, "server.crt"), keyFile: join(path, "server.key") }],
      clientCertificates: "required",
      clientCaFile: join(path, "ca.crt"),
    },
    allow: ["app-*", "DNS:*.clients.example"],
  }));
  const say = async (name: string, options: { commonName?: string; names?: string[] }) => {
    const { certFile, keyFile } = await pair(at.path, name, at.authority, options);
    return cli(at, ["PING"], ["--cert", certFile, "--key", keyFile]);
  };
  expect(await say("one", { commonName: "app-1" })).toBe("PONG");
  expect(await say("two", { commonName: "x", names: ["a.clients.example"] })).toBe("PONG");
  expect(await say("three", { commonName: "stranger", names: ["a.example"] })).toContain(
    "NOPERM the client certificate stranger is not let in here",
  );
  expect(await cli(at, ["PING"])).toContain("client certificate refused: none was shown");
  await expect
    .poll(() => at.log.map(({ reason }) => reason).sort())
    .toEqual(["access-denied", "client-certificate", "client-closed", "client-closed"]);
  expect(at.log.find(({ reason }) => reason === "access-denied")).toMatchObject({
    certificate: "stranger",
    sent: 0,
  });
});

test("the name that a client asks for chooses its backend", async () => {
  await using other = await startServer({ listen: "plain", password: false });
  await using at = await ground(() => ({
    to: [],
    routes: [{ names: ["*.other.example"], to: `redis://127.0.0.1:${other.port}` }],
  }));
  await other.command("SET", "who", "other");
  expect(await cli({ ...at, server: other }, ["GET", "who"], ["--sni", "a.other.example"])).toBe("other");
  expect(await cli({ ...at, server: other }, ["GET", "who"], ["--sni", "a.b.other.example"])).toContain(
    "no Redis",
  );
});

test("an idle connection is cut in order; a subscriber is spared where that was said", async () => {
  await using at = await ground({ idleLimit: 1500, idleSpares: "subscribers" });
  using idle = await client(at);
  using subscriber = await client(at);
  expect(await subscriber.say("SUBSCRIBE news\r\n")).toContain("subscribe");
  const ended = once(idle.socket, "end");
  idle.socket.resume();
  await ended;
  await expect.poll(() => at.log.map(({ reason }) => reason)).toEqual(["idle-limit"]);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(at.terminator.connections).toBe(1);
  const heard = once(subscriber.socket, "data") as Promise<[Buffer]>;
  await at.server.command("PUBLISH", "news", "hello");
  expect((await heard)[0].toString()).toContain("hello");
});

test("the idle limit follows what the server says, and goes on following", async () => {
  await using at = await ground({ idleLimit: "follow", health: { interval: 50 } });
  // 0 in Redis: no limit of its own, so ours.
  using before = await client(at);
  expect(await before.say("PING\r\n")).toBe("+PONG\r\n");
  await using strict = await startServer({ listen: "plain", config: ["timeout 1"] });
  await using following = await ground({ to: strict.uri, idleLimit: "follow" });
  using one = await client({ ...following, server: strict });
  one.socket.resume();
  await one.closed;
  await expect.poll(() => following.log.at(-1)?.reason).toMatch(/^(idle-limit|server-closed)$/);
});

test("the first backend that is up takes the connections, and the next when it dies", async () => {
  await using first = await startServer({ listen: "plain", password: false });
  await using second = await startServer({ listen: "plain", password: false });
  await using at = await ground(() => ({
    to: [`redis://127.0.0.1:${first.port}`, `redis://127.0.0.1:${second.port}`],
    health: { interval: 50, fall: 2, rise: 1 },
    status: { at: "127.0.0.1:0" },
  }));
  const ready = async () => (await fetch(`http://${at.terminator.statusAddress ?? ""}/ready`)).status;
  await Promise.all([first, second].map((server, i) => server.command("SET", "who", String(i))));
  const who = () => cli({ ...at, server: first }, ["GET", "who"]);
  expect([await who(), await ready()]).toEqual(["0", 200]);
  process.kill(first.pid as number, "SIGKILL");
  await first.ended;
  // At once, before any check has failed: the next one is tried.
  expect(await who()).toBe("1");
  await expect.poll(() => at.metric(`redoubt_tunnel_backend_up{backend="127.0.0.1:${first.port}"}`)).toBe(0);
  expect([await who(), await ready()]).toEqual(["1", 200]);
  process.kill(second.pid as number, "SIGKILL");
  await expect.poll(ready).toBe(503);
  expect(await who()).toContain("no Redis can be reached");
  await first.restart();
  await first.command("SET", "who", "back");
  await expect.poll(ready).toBe(200);
  expect(await who()).toBe("back");
});

test("checks know passwords and roles: a replica is not taken for a master, and its connections are closed", async () => {
  await using set = await startReplicas({ replicas: 1, listen: "plain" });
  const [replica] = set.replicas;
  const targets = [replica, set.primary].map((server) => server?.uri ?? "");
  await using at = await ground(() => ({
    to: targets,
    health: { interval: 50, fall: 1, rise: 1, role: "master" },
  }));
  expect(at.metric(`redoubt_tunnel_backend_up{backend="localhost:${replica?.port}"}`)).toBe(0);
  expect(at.said.join("\n")).toContain("it is a replica");
  using one = await client({ ...at, server: set.primary });
  expect(await one.say("ROLE\r\n")).toContain("master");
  await replica?.command("REPLICAOF", "NO", "ONE");
  await set.primary.command("REPLICAOF", "127.0.0.1", String(replica?.port));
  one.socket.resume();
  await one.closed;
  await expect.poll(() => at.log.at(-1)?.reason).toBe("backend-down");
  await expect.poll(() => cli({ ...at, server: set.primary }, ["ROLE"])).toMatch(/^master/);
});

test("a wrong password of the checks is named; a server that wants a login we do not have is alive", async () => {
  await using at = await ground(({ port }) => ({ to: `redis://127.0.0.1:${port}` }));
  expect(at.terminator.troubles).toEqual([]);
  expect(await cli(at, ["PING"])).toBe("PONG");
  await using wrong = await ground(({ port }) => ({ to: `redis://:wrong-password@127.0.0.1:${port}` }));
  expect(wrong.terminator.troubles.join()).toMatch(/is down: .*(WRONGPASS|password)/i);
  expect(wrong.terminator.troubles.join()).not.toContain("wrong-password");
});

test("it drains: open connections finish, and new ones are refused", async () => {
  await using at = await ground({ status: { at: "127.0.0.1:0" } });
  using finishing = await client(at);
  const stopping = at.terminator.stop(60_000);
  expect((await fetch(`http://${at.terminator.statusAddress ?? ""}/ready`)).status).toBe(503);
  expect(await cli(at, ["PING"])).toContain("Connection refused");
  expect(await finishing.say("PING\r\n")).toBe("+PONG\r\n");
  finishing.socket.end();
  expect(await stopping).toEqual({ finished: 1, closed: 0 });
  expect(at.log.map(({ reason }) => reason)).toEqual(["client-closed"]);
});

test("what is still open when the time for draining is over is closed in order", async () => {
  await using at = await ground();
  using staying = await client(at);
  const ended = once(staying.socket, "end");
  staying.socket.resume();
  expect(await at.terminator.stop(100)).toEqual({ finished: 0, closed: 1 });
  await ended;
  expect(at.log.map(({ reason }) => reason)).toEqual(["drained"]);
});

test("what cannot work is refused before anything is opened", async () => {
  await expect(ground({ allow: ["app"] })).rejects.toMatchObject({ code: "CONFIG_MISSING" });
  await expect(ground({ listen: "0.0.0.0:0" })).rejects.toMatchObject({ code: "CONFIG_EXPOSED" });
  const missing = { certFile: "/nowhere/server.crt" };
  await expect(ground({ tls: { certificates: [missing] } })).rejects.toMatchObject({ code: "CONFIG_FILE" });
  await expect(
    ground(async (_server, path) => {
      const certFile = join(path, "rubbish.crt");
      await writeFile(certFile, "rubbish");
      return { tls: { certificates: [{ certFile }] } };
    }),
  ).rejects.toMatchObject({ code: "CONFIG_KEY_MATERIAL" });
});

test("a login that ends takes its connection with it, unless there was a newer one", async () => {
  const ends = new Map<string, number>();
  await using at = await ground({ staysUntil: ({ password }) => ends.get(password) });
  const said = async (one: { say: (words: string) => Promise<string> }, password: string): Promise<void> => {
    await at.server.command("ACL", "SETUSER", "who", "on", `>${password}`, "+@all", "~*");
    expect(await one.say(`AUTH who ${password}\r\n`)).toBe("+OK\r\n");
  };
  using lazy = await client(at, false);
  using eager = await client(at, false);
  ends.set("first", Date.now() + 4000);
  await said(lazy, "first");
  await said(eager, "first");
  ends.set("second", Date.now() + 600_000);
  await said(eager, "second");
  // Nobody knows this one: the server refuses it, and the end stays as it was.
  expect(await lazy.say("AUTH who unknown\r\n")).toContain("WRONGPASS");
  await lazy.closed;
  expect(Date.now()).toBeGreaterThanOrEqual(ends.get("first") as number);
  await expect.poll(() => at.log.at(-1)).toMatchObject({ reason: "login-expired" });
  expect(await eager.say("PING\r\n")).toBe("+PONG\r\n");
});

import { inspect } from "node:util";
import { type RedisServer, startServer, type UserOptions } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { open, refused } from "../dialling.ts";
import { answering, Peer } from "./peer.ts";

const library = { name: "redoubt", version: "0.1.0" };
const user = (rules: string): UserOptions => ({ password: "pass of the user", rules });

describe("at a real Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startServer({
      listen: "plain",
      password: "pass of default",
      users: {
        nobody: user("~* &* -@all"),
        quiet: user("~* &* +@all -client"),
        confined: user("~* &* +@all -select"),
        pathless: user("~* &* +@all -ping"),
      },
      config: ["databases 4"],
    });
  });
  afterAll(() => server.stop());

  const uriOf = (login: string, path = "") => `redis://${login}127.0.0.1:${server.port}${path}`;

  test("a wrong password, a wrong user, and none at all", async () => {
    for (const login of [":a guess@", "app:pass%20of%20default@", "quiet:pass%20of%20default@"]) {
      const { error, stages } = await refused(uriOf(login.replaceAll(" ", "%20")));
      expect({ code: error.code, stage: error.stage }).toEqual({ code: "AUTH_FAILED", stage: "auth" });
      expect(stages.at(-1)).toMatchObject({ name: "auth", ok: false });
      expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toMatch(/guess|pass of/);
    }
    const { error } = await refused(uriOf(""));
    expect(error).toMatchObject({
      code: "AUTH_REQUIRED",
      message: expect.stringContaining("none was given") as string,
    });
  });

  test("the same with RESP2", async () => {
    expect((await refused(uriOf(":guess@"), { protocol: 2 })).error.code).toBe("AUTH_FAILED");
    expect((await refused(uriOf(""), { protocol: 2 })).error.code).toBe("AUTH_REQUIRED");
    using connection = await open(uriOf("quiet:pass%20of%20the%20user@"), { protocol: 2 });
    expect(connection.report.protocol).toBe(2);
    using byDefault = await open(uriOf(":pass%20of%20default@"), { protocol: 2 });
    expect(byDefault.report.server).toEqual({ product: null, version: null, mode: null, role: null });
  });

  test("credentials given in code win over those of the string", async () => {
    const credentials = { username: "quiet", password: "pass of the user" };
    using connection = await open(uriOf(":guess@"), { credentials });
    expect(connection.report.stages.find(({ name }) => name === "auth")?.detail).toContain("user quiet");
  });

  test("a user who may do nothing is logged in; name and library are courtesies", async () => {
    using nobody = await open(`${uriOf("nobody:pass%20of%20the%20user@")}?clientname=shop`, { library });
    expect(nobody.report.protocol).toBe(3);
    expect(nobody.report.stages.at(-1)).toMatchObject({
      name: "setup",
      ok: true,
      detail: "nothing that the server allows",
    });
    using quiet = await open(`${uriOf("quiet:pass%20of%20the%20user@", "/1")}?clientname=shop`, { library });
    expect(quiet.report.stages.at(-1)?.detail).toBe("database 1");
    using pathless = await open(uriOf("pathless:pass%20of%20the%20user@"), { protocol: 2 });
    expect(pathless.report.protocol).toBe(2);
  });

  test("a database that may not be selected, and one that is not there", async () => {
    const denied = await refused(uriOf("confined:pass%20of%20the%20user@", "/1"));
    expect({ code: denied.error.code, stage: denied.error.stage }).toEqual({
      code: "AUTH_FORBIDDEN",
      stage: "setup",
    });
    const beyond = await refused(uriOf(":pass%20of%20default@", "/4"));
    expect({ code: beyond.error.code, stage: beyond.error.stage }).toEqual({
      code: "REPLY_DATABASE_RANGE",
      stage: "setup",
    });
    expect(beyond.error.message).toContain("database 4");
    expect(beyond.stages.at(-1)).toMatchObject({ name: "setup", ok: false });
  });
});

describe("a password for a server without one", () => {
  test("is let through by HELLO, and told by AUTH", async () => {
    await using server = await startServer({ listen: "plain", password: false });
    const uri = `redis://:superfluous@127.0.0.1:${server.port}`;
    using connection = await open(uri);
    expect(connection.report.protocol).toBe(3);
    expect((await refused(uri, { protocol: 2 })).error.code).toBe("AUTH_NOT_CONFIGURED");
  });
});

describe("HELLO is refused", () => {
  test("renamed away: AUTH and RESP2", async () => {
    await using server = await startServer({
      listen: "plain",
      password: "open sesame",
      config: ['rename-command HELLO ""'],
    });
    using connection = await open(`${server.uri}/1?clientname=shop`, { library });
    expect(connection.report.protocol).toBe(2);
    expect(connection.report.stages.at(-1)?.detail).toMatch(/^name shop, .*database 1$/);
    const { error } = await refused(server.uri.replace("sesame", "barley"));
    expect(error.code).toBe("AUTH_FAILED");
  });

  test("renamed away, and no password either", async () => {
    await using server = await startServer({
      listen: "plain",
      password: false,
      config: ['rename-command HELLO ""'],
    });
    using connection = await open(server.uri);
    expect(connection.report.protocol).toBe(2);
  });

  test.each([
    [
      "an old server",
      "-ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `default`, `open sesame`, \r\n",
    ],
    ["a proxy", "-ERR unsupported command 'hello'\r\n"],
    ["a server of RESP2 only", "-NOPROTO unsupported protocol version\r\n"],
    ["an ACL", "-NOPERM this user has no permissions to run the 'hello' command\r\n"],
  ])("by %s", async (_, refusal) => {
    await using peer = await Peer.start(answering({ HELLO: refusal }));
    using connection = await open(`redis://:open%20sesame@127.0.0.1:${peer.port}`);
    expect(connection.report.protocol).toBe(2);
    expect(peer.received).toContain("AUTH\r\n$11\r\nopen sesame\r\n");
  });

  test("an AUTH that is refused is no login, whatever the words, and the password is not repeated", async () => {
    for (const answer of [
      "-NOPERM this user has no permissions to run the 'auth' command\r\n",
      "-ERR unknown command `AUTH`, with args beginning with: `open sesame`, \r\n",
      "-ERR the password open sesame is not mine\r\n",
    ]) {
      await using peer = await Peer.start(
        answering({ HELLO: "-ERR unknown command `HELLO`\r\n", AUTH: answer }),
      );
      const { error, stages } = await refused(`redis://:open%20sesame@127.0.0.1:${peer.port}`);
      expect(error.stage).toBe("auth");
      expect(inspect([error, stages], { depth: 9 }) + JSON.stringify(error)).not.toContain("sesame");
    }
  });

  test("a proxy that answers HELLO 3 with RESP2", async () => {
    const flat = "*4\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:2\r\n";
    await using peer = await Peer.start(answering({ HELLO: flat }));
    using connection = await open(`redis://127.0.0.1:${peer.port}`);
    expect(connection.report).toMatchObject({ protocol: 2, server: { product: "redis" } });
  });
});

describe("peers that answer HELLO with something else", () => {
  test.each([
    ["null", "$-1\r\n", "REPLY_PROTOCOL"],
    ["a status", "+OK\r\n", "REPLY_PROTOCOL"],
    ["a list", "*1\r\n+x\r\n", "REPLY_PROTOCOL"],
    ["two replies", "%0\r\n+OK\r\n", "REPLY_PROTOCOL"],
    ["rubbish", "hello yourself\r\n", "REPLY_PROTOCOL"],
    ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "REPLY_NOT_REDIS"],
    ["a TLS alert", "\x15\x03\x01\x00\x02\x02\x46", "TLS_PEER_REQUIRES_TLS"],
    ["loading", "-LOADING Redis is loading the dataset in memory\r\n", "REPLY_LOADING"],
    ["protected mode", "-DENIED Redis is running in protected mode because ...\r\n", "REPLY_PROTECTED_MODE"],
    ["too many clients", "-ERR max number of clients reached\r\n", "REPLY_MAX_CLIENTS"],
    ["a length beyond limits", "$999999999999\r\n", "REPLY_LIMIT"],
  ])("%s", async (_, answer, code) => {
    await using peer = await Peer.start(
      (socket) => void socket.once("data", () => socket.write(answer, "latin1")),
    );
    const { error } = await refused(`redis://:pw@127.0.0.1:${peer.port}`);
    expect(error).toMatchObject({
      code,
      stage: code.startsWith("TLS_") ? "tls" : "auth",
      address: `127.0.0.1:${peer.port}`,
    });
    await expect.poll(() => peer.open).toBe(0);
  });

  test("pushes before and after the greeting are passed over, also in pieces", async () => {
    await using peer = await Peer.start((socket) => {
      socket.once("data", () => {
        socket.write(">1\r\n+early\r\n%1\r\n+server\r\n+redis\r\n>2\r\n+la");
        setTimeout(() => socket.write("te\r\n+push\r\n+OK\r\n"), 50);
      });
    });
    using connection = await open(`redis://127.0.0.1:${peer.port}/1`);
    expect(connection.report.stages.at(-1)?.detail).toBe("database 1");
  });
});

test("a real Redis that is full", async () => {
  await using full = await startServer({ listen: "plain", password: false, config: ["maxclients 1"] });
  using first = await open(full.uri);
  expect(first.report.protocol).toBe(3);
  expect((await refused(full.uri)).error.code).toBe("REPLY_MAX_CLIENTS");
});

test("a server that lies about lengths cannot exhaust memory", async () => {
  const lies = [
    "$536870911\r\nabc",
    "*1000000000\r\n:1\r\n",
    "%1000000000\r\n+a\r\n",
    ">1000000000\r\n+a\r\n",
    "*1000000000\r\n".repeat(60),
    "*1\r\n".repeat(10_000),
  ];
  let turn = 0;
  await using peer = await Peer.start(
    (socket) => void socket.once("data", () => socket.write(lies[turn++ % lies.length] as string)),
  );
  const uri = `redis://127.0.0.1:${peer.port}`;
  const before = process.memoryUsage().rss;
  const all = await Promise.all(Array.from({ length: 120 }, () => refused(uri, { connectTimeout: 3000 })));
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  for (const { error } of all) expect(error.code).toMatch(/^(TIMEOUT_CONNECT|REPLY_LIMIT)$/);
});

import { type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtInDocs } from "../../src/hints/built-in.ts";
import { loadDocs } from "../../src/hints/load.ts";
import { errorText, numberOf, plainText } from "../../src/reply/text.ts";
import { shell } from "../run-both.ts";
import { sessionWith } from "../session-with.ts";

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.stop());

const kill = (id: number) => server.command("CLIENT", "KILL", "ID", String(id));

describe("a connection that was lost is opened again with", () => {
  test("the database and the RESP version", async () => {
    const session = sessionWith(server);
    try {
      await session.ask(["HELLO", "3"]);
      await session.ask(["SELECT", "7"]);
      await kill(numberOf(await session.ask(["CLIENT", "ID"])));
      await expect.poll(() => session.isOpen).toBe(false);
      const info = plainText(await session.ask(["CLIENT", "INFO"]));
      expect(info).toContain(" db=7 ");
      expect(info).toContain(" resp=3");
    } finally {
      session.close();
    }
  });

  test("the user who logged in by a command", async () => {
    await server.command("ACL", "SETUSER", "ada", "on", ">her-secret", "+@all", "~*");
    const session = sessionWith(server);
    try {
      expect(plainText(await session.ask(["AUTH", "ada", "her-secret"]))).toBe("OK");
      await kill(numberOf(await session.ask(["CLIENT", "ID"])));
      await expect.poll(() => session.isOpen).toBe(false);
      expect(plainText(await session.ask(["ACL", "WHOAMI"]))).toBe("ada");
    } finally {
      session.close();
    }
  });
});

test("a login that comes as a command is followed by the database and the RESP version that were asked for", async () => {
  const stdin = `AUTH ${server.password}\nCLIENT INFO\n`;
  const bare = server.uri.replace(/\/\/[^@]*@/, "//");
  const { stdout, code } = await shell(["-u", bare, "-n", "4", "-3"], { stdin });
  expect(stdout).toMatch(/^OK\n/);
  expect(stdout).toContain(" db=4 ");
  expect(stdout).toContain(" resp=3");
  expect(code).toBe(0);
});

test("a transaction does not outlive its connection, nor its SELECT", async () => {
  const session = sessionWith(server);
  try {
    const id = numberOf(await session.ask(["CLIENT", "ID"]));
    await session.ask(["SELECT", "2"]);
    await session.ask(["MULTI"]);
    await session.ask(["SELECT", "3"]);
    expect(session.state).toMatchObject({ inMulti: true, database: 3 });
    await kill(id);
    await expect.poll(() => session.isOpen).toBe(false);
    session.state.broken();
    expect(session.state).toMatchObject({ inMulti: false, database: 2 });
    expect(errorText(await session.ask(["EXEC"]))).toContain("without MULTI");
  } finally {
    session.close();
  }
});

test("a command whose reply is lost is not sent again", async () => {
  await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort ?? 0 } });
  const uri = server.uri.replace(/:\d+([/?]|$)/, `:${proxy.port}$1`);
  await server.command("DEL", "pushed");
  const waiting = shell(["-u", uri, "--no-auth-warning", "BLPOP", "nothing-comes", "0"]);
  await expect.poll(async () => String(await server.command("INFO", "clients"))).toMatch(/blocked_clients:1/);
  proxy.cut();
  const { code, stdout, stderr } = await waiting;
  expect(stderr).toContain("CLOSED_CONNECTION");
  expect({ code, stdout }).toEqual({ code: -1, stdout: "" });
});

test("a server that was told to end has gone without a word, which is no failure", async () => {
  await using own = await startServer();
  const run = await shell(["-u", own.uri, "--no-auth-warning", "SHUTDOWN", "NOSAVE"]);
  expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
  const again = await shell(["-u", own.uri, "--no-auth-warning", "PING"]);
  expect(again.stderr).toContain("TCP_REFUSED");
});

test("help is there where the server refuses COMMAND", async () => {
  await using managed = await startServer({ config: ['rename-command COMMAND ""'] });
  const session = sessionWith(managed);
  try {
    expect(await loadDocs(session)).toBe(builtInDocs());
    const { stdout } = await shell(["-u", managed.uri, "--no-auth-warning", "help", "hset"]);
    expect(stdout).toContain("key field value [field value ...]");
  } finally {
    session.close();
  }
});

test("a database that does not exist is an error, and nothing is sent", async () => {
  const { code, stderr, stdout } = await shell([
    "-u",
    server.uri,
    "--no-auth-warning",
    "-n",
    "99",
    "SET",
    "a",
    "b",
  ]);
  expect(stderr).toContain("REPLY_DATABASE_RANGE");
  expect({ code, stdout }).toEqual({ code: -1, stdout: "" });
});

test("RESP2 is spoken where RESP3 is only wished for and refused", async () => {
  await using old = await startServer({ config: ['rename-command HELLO ""'] });
  const flags = ["-u", old.uri, "--no-auth-warning"];
  expect(await shell([...flags, "--json", "PING"])).toMatchObject({ code: 0, stdout: '"PONG"\n' });
  const said = await shell([...flags, "-3", "PING"]);
  expect(said.stderr).toContain("HELLO failed");
  expect(said.code).toBe(-1);
});

test("big numbers and attributes, at which redis-cli ends", async () => {
  await using debugging = await startServer({ config: ["enable-debug-command yes"] });
  const flags = ["-u", debugging.uri, "--no-auth-warning", "-3", "--no-raw", "debug", "protocol"];
  const big = await shell([...flags, "bignum"]);
  expect(big.stdout).toBe("(big number) 1234567999999999999999999999999999999\n");
  const attribute = await shell([...flags, "attrib"]);
  expect(attribute.stdout).toBe('"Some real reply following the attribute"\n');
});

test("a terminal is not steered by what the server says", async () => {
  const script = "return redis.error_reply('ERR \\27[2J gone')";
  const { code, stderr } = await shell(["-u", server.uri, "--no-auth-warning", "-e", "EVAL", script, "0"]);
  expect(stderr).toBe("ERR \\x1b[2J gone\n");
  expect(code).toBe(1);
});

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasTmux, Terminal } from "./terminal.ts";

describe.runIf(hasTmux || process.env["CI"])("in a terminal", () => {
  let server: RedisServer;
  let folder: string;
  let connection: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "redoubt-shell-"));
    server = await startServer({ directory: join(folder, "data") });
    writeFileSync(join(folder, "ca.pem"), server.authority.certificate);
    connection = ["cli", "-u", bare(), "--cacert", join(folder, "ca.pem")];
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const bare = () => server.uri.replace(/\/\/[^@]*@/, "//").replace("127.0.0.1", "localhost");
  const place = () => `localhost:${server.tlsPort}`;
  const open = (words: string[] = [], environment: Record<string, string> = {}) =>
    Terminal.open([...connection, ...words], {
      environment: { REDISCLI_AUTH: server.password ?? "", ...environment },
    });
  const prompt = (rest = "> ") => new RegExp(`${place()}${rest.replace(/[[\]()]/g, "\\$&")}`.trimEnd());

  test("lines are edited, and sent", async () => {
    await using terminal = await open();
    await terminal.shows(prompt());
    await terminal.type("get txt");
    await terminal.press("Left", "Left");
    await terminal.type("e");
    await terminal.press("Home");
    await terminal.type("m");
    await terminal.press("Enter");
    await terminal.shows(/mget text\n1\) \(nil\)/);
    await terminal.enter("SET text 'hello world'");
    await terminal.shows(/\nOK/);
    await terminal.enter("SELECT 3");
    await terminal.shows(prompt("[3]>"));
    expect(await terminal.screen()).not.toContain(server.password);
  });

  test("history is kept for the next time, for this user only, without passwords", async () => {
    const history = join(folder, "state", "redoubt", "cli-history");
    const environment = { XDG_STATE_HOME: join(folder, "state") };
    {
      await using terminal = await open([], environment);
      await terminal.shows(prompt());
      await terminal.enter("ECHO first");
      await terminal.shows(/"first"/);
      await terminal.enter("AUTH verysecret");
      await terminal.shows(/WRONGPASS/);
      await terminal.enter("ACL SETUSER someone >anothersecret");
      await terminal.shows(/anothersecret\s+OK/);
      await terminal.enter("CONFIG SET masterauth thirdsecret");
      await terminal.shows(/thirdsecret\s+OK/);
      await terminal.enter("ECHO last");
      await terminal.shows(/"last"/);
      await terminal.press("C-d");
      await terminal.shows(/ended 0/);
    }
    expect(readFileSync(history, "utf8")).toBe("ECHO first\nECHO last\n");
    expect(statSync(history).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "state", "redoubt")).mode & 0o777).toBe(0o700);
    await using terminal = await open([], environment);
    await terminal.shows(prompt());
    await terminal.press("Up", "Up");
    await terminal.shows(/> ECHO first/);
    await terminal.press("Enter");
    await terminal.shows(/"first"/);
  });

  test("Tab completes, and what may follow is shown in grey", async () => {
    await using terminal = await open();
    await terminal.shows(prompt());
    await terminal.type("hgeta");
    await terminal.press("Tab");
    await terminal.shows(/> hgetall key/);
    const coloured = await terminal.screen(true);
    expect(coloured).toMatch(/hgetall.*\u001b\[90m ?key/);
    await terminal.type(" h");
    await terminal.press("Enter");
    // The hint is gone once the line is sent.
    await terminal.shows(/> hgetall h\n\(empty array\)/);
    await terminal.enter(":set nohints");
    await terminal.type("set ");
    await terminal.shows(/> set$/);
    await terminal.press("C-c");
    await terminal.type("config res");
    await terminal.press("Tab");
    await terminal.shows(/> config resetstat/);
  });

  test("the prompt says that a transaction is under way, and in which database", async () => {
    await using terminal = await open(["-n", "2"]);
    await terminal.shows(prompt("[2]>"));
    await terminal.enter("MULTI");
    await terminal.shows(prompt("[2](TX)>"));
    await terminal.enter("INCR counted");
    await terminal.shows(/QUEUED/);
    await terminal.enter("EXEC");
    expect(await terminal.shows(new RegExp(`1\\) \\(integer\\) 1\\s+${place()}\\[2\\]>$`))).not.toContain(
      "UNEXPECTED",
    );
  });

  test("messages come while one types, and commands can be typed among them", async () => {
    await using terminal = await open(["-3"]);
    await terminal.shows(prompt());
    await terminal.enter("SUBSCRIBE news");
    await terminal.shows(prompt("(subscribed mode)>"));
    await terminal.type("subscribe oth");
    await server.command("PUBLISH", "news", "one");
    await terminal.shows(/1\) "message"\n2\) "news"\n3\) "one"\n.*\(subscribed mode\)> subscribe oth/);
    await terminal.type("er");
    await terminal.press("Enter");
    await terminal.shows(/2\) "other"\n3\) \(integer\) 2/);
    await terminal.enter("UNSUBSCRIBE");
    expect(await terminal.shows(new RegExp(`\\(integer\\) 0\\s+${place()}>$`))).not.toContain("UNEXPECTED");
  });

  test("with RESP2, too, a message is not taken for a reply", async () => {
    await using terminal = await open();
    await terminal.shows(prompt());
    await terminal.enter("PSUBSCRIBE n* m*");
    await terminal.shows(/2\) "m\*"\n3\) \(integer\) 2\n.*\(subscribed mode\)>$/);
    await server.command("PUBLISH", "news", "one");
    await terminal.shows(/4\) "one"\n.*\(subscribed mode\)>$/);
    await terminal.enter("PING");
    await terminal.shows(/1\) "pong"/);
    await terminal.enter("PUNSUBSCRIBE");
    await terminal.shows(new RegExp(`3\\) \\(integer\\) 0\\s+${place()}>$`));
    await terminal.enter("GET nothing");
    expect(await terminal.shows(/\(nil\)/)).toContain("PUNSUBSCRIBE");
  });

  test("what a server says unasked comes above the line", async () => {
    await using terminal = await open(["-3"]);
    await terminal.shows(prompt());
    await terminal.enter("CLIENT TRACKING ON");
    await terminal.shows(/\nOK/);
    await terminal.enter("GET watched");
    await terminal.shows(/\(nil\)/);
    await terminal.type("get wat");
    await server.command("SET", "watched", "1");
    const screen = await terminal.shows(/-> invalidate: 'watched'\n.*> get wat/);
    expect(screen).not.toContain("(subscribed mode)");
  });

  test("lines that are pasted are carried out one after the other", async () => {
    await using terminal = await open();
    await terminal.shows(prompt());
    await terminal.type("DEL pasted\nRPUSH pasted a b\nRPUSH pasted c\nLRANGE pasted 0 -1\n");
    const screen = await terminal.shows(/1\) "a"\n2\) "b"\n3\) "c"/);
    expect(screen).toContain("(integer) 3");
  });

  test("a single command ends with 130 when it is interrupted", async () => {
    await using terminal = await open(["BLPOP", "nothing", "0"]);
    await expect
      .poll(async () => String(await server.command("INFO", "clients")))
      .toMatch(/blocked_clients:1/);
    await terminal.press("C-c");
    expect(await terminal.shows(/ended \d+/)).toContain("ended 130");
  });

  test("Ctrl-C ends a subscription, a wait and MONITOR, not the shell; on an empty line it leaves", async () => {
    await using terminal = await open();
    await terminal.shows(prompt());
    await terminal.enter("SUBSCRIBE news");
    await terminal.shows(prompt("(subscribed mode)>"));
    await terminal.press("C-c");
    await terminal.shows(new RegExp(`\\n${place()}>$`));
    await terminal.enter("BLPOP nothing 0");
    await terminal.shows(/BLPOP nothing 0$/);
    await terminal.press("C-c");
    await terminal.shows(new RegExp(`BLPOP nothing 0\\s+${place()}>$`));
    await terminal.enter("MONITOR");
    await terminal.shows(/MONITOR\nOK$/);
    await server.command("ECHO", "looked-at");
    await terminal.shows(/"looked-at"/);
    await terminal.press("C-c");
    await terminal.shows(new RegExp(`\\n${place()}>$`));
    await terminal.enter("ECHO still-here");
    await terminal.shows(/"still-here"/);
    await terminal.type("half a line");
    await terminal.press("C-c");
    await terminal.shows(new RegExp(`\\n${place()}>$`));
    await terminal.press("C-c");
    expect(await terminal.shows(/ended 0/)).not.toContain("UNEXPECTED");
  });

  test("a server that has gone and come back is used again, in the same database", async () => {
    await using own = await startServer({ directory: join(folder, "own") });
    const words = ["cli", "-u", own.uri.replace("127.0.0.1", "localhost"), "--no-auth-warning"];
    writeFileSync(join(folder, "own.pem"), own.authority.certificate);
    await using terminal = await Terminal.open([...words, "--cacert", join(folder, "own.pem")]);
    await terminal.shows(new RegExp(`localhost:${own.tlsPort}>`));
    await terminal.enter("SELECT 5");
    await terminal.shows(/\[5\]>/);
    process.kill(own.pid as number, "SIGKILL");
    await terminal.shows(/not connected>/);
    await terminal.enter("DBSIZE");
    await terminal.shows(/TCP_REFUSED[^]*not connected>$/);
    await own.restart();
    await terminal.enter("BLPOP nothing 0");
    const clients = async () => String(await own.command("INFO", "clients"));
    await expect.poll(clients).toMatch(/blocked_clients:1/);
    process.kill(own.pid as number, "SIGKILL");
    await terminal.shows(/CLOSED_CONNECTION[^]*may have been executed\.[^]*not connected>$/);
    await own.restart();
    await terminal.enter("DBSIZE");
    expect(
      await terminal.shows(new RegExp(`\\(integer\\) 0\\s+localhost:${own.tlsPort}\\[5\\]>$`)),
    ).not.toContain("UNEXPECTED");
  });

  test("on production what destroys has to be confirmed by the server's name", async () => {
    await using terminal = await open(["--production"]);
    await terminal.shows(prompt());
    await terminal.enter("FLUSHALL");
    await terminal.shows(/marked as production\.\nType localhost:\d+ to go on:$/);
    await terminal.enter("yes");
    await terminal.shows(/CONFIG_PRODUCTION/);
    await terminal.enter("FLUSHALL");
    await terminal.shows(/to go on:$/);
    await terminal.enter(place());
    expect(await terminal.shows(new RegExp(`\\nOK\\s+${place()}>$`))).not.toContain("UNEXPECTED");
  });

  test("where a password is wanted and none was given, it is asked for", async () => {
    await using terminal = await Terminal.open(connection);
    await terminal.shows(/Password of the default user/);
    await terminal.type(server.password ?? "");
    await terminal.press("Enter");
    await terminal.shows(prompt());
    await terminal.enter("PING");
    await terminal.shows(/PONG/);
    expect(await terminal.screen()).not.toContain(server.password);
  });
});

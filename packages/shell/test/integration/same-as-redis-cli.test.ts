import { execFileSync } from "node:child_process";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ran, redisCli, shell } from "../run-both.ts";
import { commands, fixtures, formats } from "./commands.ts";

/** redis-cli's output differs a little from version to version; this is the one that is equalled. */
const equalled = "redis-cli 7.0.15";
const isThere = installed() === equalled;

function installed(): string {
  try {
    return execFileSync("redis-cli", ["--version"], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

describe.runIf(isThere || process.env["CI"])("byte for byte as redis-cli 7.0.15", () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await startServer({
      listen: "plain",
      password: false,
      config: ["enable-debug-command yes"],
    });
  });

  afterAll(() => server.stop());

  /** Puts the server into the state in which every comparison begins. */
  async function reset(): Promise<void> {
    const lines = ["RESET", "FLUSHALL", "SCRIPT FLUSH", ...fixtures].join("\n");
    const { stdout } = await redisCli(["-p", String(server.port)], { stdin: lines });
    expect(stdout.match(/\b(ERR|WRONGTYPE)\b/)).toBeNull();
  }

  async function both(argv: readonly string[], options: Parameters<typeof shell>[1] = {}): Promise<Ran> {
    const place = ["-p", String(server.port)];
    await reset();
    const theirs = await redisCli([...place, ...argv], options);
    await reset();
    const ours = await shell([...place, ...argv], options);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(ours.code).toBe(theirs.code);
    return theirs;
  }

  test("what is compared is the real one", () => {
    expect(isThere).toBe(true);
    expect(commands.length).toBeGreaterThan(70);
    expect(formats.length).toBeGreaterThan(6);
  });

  describe.each(formats)("%s", (flags) => {
    test.each(commands.map((words) => [words.join(" "), words] as const))("%s", async (_, words) => {
      const ran = await both([...flags.split(" ").filter((flag) => flag !== ""), ...words]);
      expect(ran.code).toBe(0);
    });
  });

  const sessions: readonly (readonly [name: string, lines: string])[] = [
    ["commands and empty lines", "get text\n\n   \nget nothing\n"],
    ["quotes", 'echo \'a\\\'b\'\necho "a\\x41\\n\\q\\""\necho a"b"\necho "a"\'b\'\necho \'a\\b\'\necho ""\n'],
    ["quotes that are wrong", "echo \"a\necho 'a\necho \"a\"b\necho 'a'b\n"],
    ["bytes that are no text", 'set b "\\xff\\x00\\xfe"\nget b\nset \u00ff x\nkeys *\n'],
    ["repetition", "3 incr number\n0 ping\n-1 ping\n2 echo x\n"],
    ["transactions", "multi\nset a 1\nget a\nexec\nexec\nmulti\nnosuch\nexec\nmulti\ndiscard\n"],
    ["databases", "select 2\nset x 1\nselect 0\nget x\nselect 99\n"],
    ["what is no command of the server", ":set x\n:nohints\nrestart\n? get\nhelp nosuch\n"],
    ["the end", "ping\nexit\nping\n"],
    ["the other end", "ping\nQUIT\nping\n"],
    ["without a last line end", "ping\nget text"],
    ["line ends of Windows", "ping\r\nget text\r\n"],
  ];

  describe.each(["", "--no-raw", "--csv", "--json", "-3 --no-raw"])("a session from a pipe, %s", (flags) => {
    test.each(sessions)("%s", async (_, lines) => {
      const ran = await both(
        flags.split(" ").filter((flag) => flag !== ""),
        { stdin: lines },
      );
      expect(ran.stdout.length).toBeGreaterThan(0);
    });
  });

  const flagged: readonly (readonly [argv: readonly string[], stdin?: string | Buffer])[] = [
    [["-r", "3", "incr", "number"]],
    [["-r", "3", "-i", "0.01", "--csv", "incr", "number"]],
    [["-r", "0", "ping"]],
    [["-n", "3", "dbsize"]],
    [["-n", "0", "get", "text"]],
    [["-x", "set", "text"], "from stdin\n"],
    [["-x", "echo"], Buffer.from([0, 255, 10])],
    [["-X", "TAG", "set", "TAG", "value"], "key"],
    [["-X", "TAG", "echo", "TAG"], ""],
    [["-d", ",", "--raw", "lrange", "list", "0", "-1"]],
    [["-d", "", "lrange", "list", "0", "-1"]],
    [["-D", "", "--raw", "get", "text"]],
    [["-D", "|", "-r", "2", "get", "text"]],
    [["--quoted-input", "set", '"a\\x00b"', "'v w'"]],
    [["-e", "get"]],
    [["-e", "get", "text"]],
    [["-e", "--json", "get"]],
    [["-2", "--json", "hgetall", "hash"]],
    [["-c", "get", "text"]],
    [["--scan"]],
    [["--scan", "--pattern", "l*"]],
    [["--scan", "--quoted-pattern", '"\\x6c*"']],
    [["--scan", "--pattern", "l*", "--no-raw"]],
    [["--show-pushes", "no", "-3", "debug", "protocol", "push"]],
    [["--show-pushes", "yes", "-3", "--no-raw", "debug", "protocol", "push"]],
    [["--show-pushes", "yes", "-3", "debug", "protocol", "push"]],
    [["-3", "--csv", "--show-pushes", "y", "debug", "protocol", "push"]],
    [["--verbose", "ping"]],
    [["--pipe"], "*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$4\r\ntext\r\nSET a b\r\n"],
    [["--pipe"], "*1\r\n$4\r\nNOPE\r\nPING\r\n"],
    [["--pipe"], ""],
    [["--bigkeys"]],
    [["--memkeys"]],
    [["--memkeys-samples", "1"]],
    [["help", "get"]],
    [["help", "@hyperloglog"]],
    [["help", "config", "get"]],
    [["help", "config"]],
    [["help", "nosuch"]],
    [["?", "set"]],
    [["HELP", "@STRING"]],
    [["-3", "--no-raw", "--show-pushes", "yes"], "client tracking on\nget text\nset text 1\nping\n"],
    [["-3", "--csv", "--show-pushes", "yes"], "client tracking on\nmget text list\nflushall\nping\n"],
    [["-3"], "client tracking on\nget text\nset text 1\nping\n"],
    [["unsubscribe"]],
    [["shutdown", "abort"]],
  ];

  test.each(flagged.map(([argv, stdin]) => [argv.join(" "), argv, stdin] as const))(
    "%s",
    async (_, argv, stdin) => {
      const ran = await both(argv, stdin === undefined ? {} : { stdin });
      expect(ran.code).toBeGreaterThanOrEqual(0);
    },
  );

  describe("over TLS, to a user with a password", () => {
    let secure: RedisServer;

    beforeAll(async () => {
      secure = await startServer({ users: { ada: { password: "in-the-test" } } });
    });

    afterAll(() => secure.stop());

    test.each([
      ["-p", ["ping"]],
      ["-3", ["--no-raw", "-3", "acl", "whoami"]],
      ["-n", ["-n", "5", "--csv", "client", "no-evict", "on"]],
      ["--json", ["--json", "config", "get", "maxmemory"]],
      ["-x", ["-x", "set", "key"]],
      ["-e", ["-e", "nosuch"]],
      ["--pipe", ["--pipe"]],
    ] as [string, string[]][])("%s", async (_, argv) => {
      const place = ["-h", "localhost", "-p", String(secure.tlsPort), "--tls", "--cacert", secure.caFile];
      const login = ["--user", "ada", "--pass", "in-the-test"];
      const options = { stdin: "PING\r\n" };
      const theirs = await redisCli([...place, ...login, ...argv], options);
      const ours = await shell([...place, ...login, ...argv], options);
      expect(ours).toEqual(theirs);
      expect(ours.stderr).toContain("Warning: Using a password");
    });
  });

  test("FAKETTY is a terminal", async () => {
    const { stdout } = await both(["get", "text"], { environment: { FAKETTY: "1" } });
    expect(stdout).toMatch(/^"/);
  });

  test.each([
    ["subscribe", ["subscribe", "a", "b"]],
    ["subscribe in a table", ["--csv", "subscribe", "a"]],
    ["psubscribe for people", ["--no-raw", "psubscribe", "a*"]],
    ["subscribe with RESP3", ["-3", "--no-raw", "subscribe", "a", "b"]],
    ["monitor", ["monitor"]],
  ] as [string, string[]][])("%s, until it is ended", async (_, argv) => {
    const last = argv.includes("monitor") ? "OK\n" : argv.includes("b") ? "2\n" : "1\n";
    const ran = await redisCli(["-p", String(server.port), ...argv], { until: last });
    const ours = await shell(["-p", String(server.port), ...argv], { until: last });
    expect(ours.stdout.startsWith(ran.stdout) || ran.stdout.startsWith(ours.stdout)).toBe(true);
    expect(ours.stdout.length).toBeGreaterThan(2);
  });

  test("--eval", async () => {
    const { mkdtempSync, writeFileSync, rmSync } = await import("node:fs");
    const folder = mkdtempSync("/tmp/redoubt-shell-");
    try {
      writeFileSync(`${folder}/a.lua`, "return {KEYS[1], ARGV[1], ARGV[2], #KEYS}");
      await both(["--eval", `${folder}/a.lua`, "k", ",", "a", "b c"]);
      await both(["--eval", `${folder}/a.lua`, "k", "l"]);
      await both(["--no-raw", "--eval", `${folder}/a.lua`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(folder).not.toBe("");
  });

  test("help of every command", async () => {
    const groups = [
      "bitmap",
      "cluster",
      "connection",
      "generic",
      "geo",
      "hash",
      "hyperloglog",
      "list",
      "pubsub",
      "scripting",
    ];
    const others = ["sentinel", "server", "set", "sorted-set", "stream", "string", "transactions"];
    const stdin = [...groups, ...others].map((group) => `help @${group}\n`).join("");
    const theirs = await redisCli(["-p", String(server.port)], { stdin });
    const ours = await shell(["-p", String(server.port)], { stdin });
    expect(ours.stdout.split("\r\n")).toEqual(theirs.stdout.split("\r\n"));
    expect(theirs.stdout.length).toBeGreaterThan(10_000);
  });
});

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shell } from "../run-both.ts";

let server: RedisServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "redoubt-shell-"));
  server = await startServer();
  for (let i = 0; i < 300; i++) await server.command("SET", `key:${i}`, "x".repeat(i));
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const run = (argv: string[], options: Parameters<typeof shell>[1] = {}) =>
  shell(["-u", server.uri, "--no-auth-warning", ...argv], options);

test("--rdb writes a file from which a server can start, for its user only", async () => {
  await server.command(
    "FUNCTION",
    "LOAD",
    "REPLACE",
    "#!lua name=lib\nredis.register_function('f', function() return 1 end)",
  );
  const file = join(folder, "dump.rdb");
  const { code, stderr } = await run(["--rdb", file]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/Transfer finished with success after \d+ bytes\n$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file).subarray(0, 5).toString()).toBe("REDIS");
  expect(readFileSync(file).includes("key:299")).toBe(true);
  await using copy = await startServer({
    directory: folder,
    config: ["dbfilename dump.rdb", "appendonly no"],
  });
  expect(await copy.command("DBSIZE")).toBe(300);
});

test("--functions-rdb has functions and no keys, and goes to stdout", async () => {
  await server.command(
    "FUNCTION",
    "LOAD",
    "REPLACE",
    "#!lua name=lib\nredis.register_function('f', function() return 1 end)",
  );
  const { code, stdout } = await run(["--functions-rdb", "-"]);
  expect(code).toBe(0);
  expect(stdout.startsWith("REDIS")).toBe(true);
  expect(stdout).toContain("register_function");
  expect(stdout).not.toContain("key:299");
});

test("--rdb to a place where nothing can be written", async () => {
  const { code, stderr } = await run(["--rdb", join(folder, "no", "such", "folder")]);
  expect(stderr).toContain("CONFIG_FILE");
  expect(code).toBe(-1);
});

test("--pipe takes many commands at once", async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `SET piped:${i} ${i}\r\n`).join("");
  const { code, stdout } = await run(["-n", "1", "--pipe"], { stdin: lines });
  expect(stdout).toContain("errors: 0, replies: 20000\n");
  expect(code).toBe(0);
  const { stdout: size } = await run(["-n", "1", "DBSIZE"]);
  expect(size).toBe("20000\n");
});

test("--pipe does not wait for ever for a reply", async () => {
  const { code, stderr } = await run(["--pipe", "--pipe-timeout", "0.3"], {
    stdin: "BLPOP nothing-comes 0\r\n",
  });
  expect(stderr).toContain("TIMEOUT_COMMAND");
  expect(code).toBe(-1);
});

test("--scan finds every key once", async () => {
  const { stdout } = await run(["--scan", "--pattern", "key:*"]);
  const keys = stdout.trimEnd().split("\n");
  expect(new Set(keys).size).toBe(300);
  expect(keys.length).toBe(300);
});

test("--stat prints figures, line by line", async () => {
  const { stdout } = await run(["--stat", "-i", "0.05"], { until: "(+1)" });
  const [, , first = ""] = stdout.split("\n");
  expect(stdout).toMatch(
    /^------- data ------ -+ load -+ - child -\nkeys +mem +clients blocked requests +connections +\n/,
  );
  expect(first).toMatch(/^\d+ +[\d.]+[KMG] +\d+ +\d+ +\d+ \(\+0\) +\d+ +$/);
});

test("--latency gives figures to programs, once", async () => {
  const { code, stdout } = await run(["--latency", "-i", "0.2", "--csv"]);
  expect(stdout).toMatch(/^\d+,\d+,\d+\.\d\d,\d+\n$/);
  expect(code).toBe(0);
});

test("--latency-history gives them again and again", async () => {
  const { stdout } = await run(["--latency-history", "-i", "0.1"], { until: "\n" });
  expect(stdout).toMatch(/^\d+ \d+ \d+\.\d\d \d+\n/);
  const people = await run(["--latency-history", "-i", "0.1", "--no-raw"], { until: "range\n" });
  expect(people.stdout).toMatch(
    /min: \d+, max: \d+, avg: [\d.]+ \(\d+ samples\) -- 0\.\d\d seconds range\n$/,
  );
});

test("--latency-dist paints", async () => {
  const { stdout } = await run(["--latency-dist", "-i", "0.1"], { until: "?\u001b[0m\n" });
  expect(stdout).toContain("From 0 to 100%: \u001b[48;5;0m ");
  expect(stdout).toMatch(/\u001b\[38;5;0m(\u001b\[48;5;\d+m[^\u001b]){31}/);
});

test("--hotkeys wants an LFU policy, and finds what is used", async () => {
  const refused = await run(["--hotkeys"]);
  expect(refused.stderr).toContain("LFU");
  expect(refused.code).toBe(-1);
  await server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
  for (let i = 0; i < 50; i++) await server.command("GET", "key:7");
  const { stdout, code } = await run(["--hotkeys"]);
  expect(stdout).toMatch(/hot key found with counter: \d+\tkeyname: "key:7"\n/);
  expect(code).toBe(0);
});

test("--bigkeys only looks at keys of the pattern", async () => {
  const { stdout } = await run(["--bigkeys", "--pattern", "key:1?"]);
  expect(stdout).toContain("Sampled 10 keys in the keyspace!");
  expect(stdout).toContain(`Biggest string found '"key:19"' has 19 bytes`);
});

test("interrupted is interrupted", async () => {
  const { code, stderr } = await run(["--stat", "-i", "100"], { until: "(+0)" });
  expect(stderr).toContain("CLOSED_ABORTED");
  expect(code).toBe(-1);
});

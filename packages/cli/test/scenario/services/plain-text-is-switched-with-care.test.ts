import { createClient } from "@redoubt/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, program } from "../redoubt.ts";
import { Home } from "./home.ts";

let home: Home;
let uri: string;

beforeAll(async () => {
  home = await Home.make();
  uri = await home.said(["create", "my-redis"]);
}, 120_000);

afterAll(async () => {
  await home[Symbol.asyncDispose]();
}, 120_000);

test("where nobody can be asked, it is refused, and nothing has changed", async () => {
  const { code, stderr, stdout } = await home.service(["update", "my-redis", "-c", "redis_ssl=false"]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("--force");
  expect(await home.said(["connection-info", "my-redis", "uri"])).toBe(uri);
});

test("a dry run shows before and after, and changes nothing", async () => {
  const { code, stderr } = await home.service(["update", "my-redis", "-c", "redis_ssl=false", "--dry-run"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/uri +rediss:\/\/\S+ +redis:\/\//);
  expect(stderr).not.toContain(decodeURIComponent(new URL(uri).password));
  expect(await home.said(["connection-info", "my-redis", "uri"])).toBe(uri);
});

test("the seed's line: the new URI is plain, who comes to the old port is told, and back again", async () => {
  const trusting = await home.said(["connection-info", "my-redis", "uri", "--ca"]);
  await using connected = await createClient(trusting).connect();
  await connected.set("kept", "over the switch");

  const { code, stdout, stderr } = await home.service([
    "update",
    "my-redis",
    "-c",
    "redis_ssl=false",
    "--force",
  ]);
  expect(code, stderr).toBe(0);
  const plain = stdout.trim();
  // Who is connected is said before, and what anybody who listens could then read.
  expect(stderr).toMatch(/Connected now: \d+ by terminator/);
  expect(stderr).toContain("reads the password");
  expect(plain).toMatch(/^redis:\/\//);
  expect(new URL(plain).port).not.toBe(new URL(uri).port);
  expect((await execute("redis-cli", ["-u", plain, "GET", "kept"])).stdout.trim()).toBe("over the switch");
  expect(await home.said(["connection-info", "my-redis", "uri"])).toBe(plain);

  // A TLS client at the old port is not left hanging.
  const late = await home.redoubt(["ping", "-", "--timeout", "30000"], { stdin: trusting });
  expect(late.code).not.toBe(0);
  expect(late.ms).toBeLessThan(30_000);
  // A plain client there hears where to go.
  const lost = await execute("redis-cli", ["-p", new URL(uri).port, "PING"]);
  expect(lost.stdout + lost.stderr).toContain(new URL(plain).port);

  // A TLS client at the plain port is told, too.
  const mistaken = plain.replace("redis://", "rediss://");
  const wrong = await home.redoubt(["ping", "-", "--timeout", "30000"], { stdin: mistaken });
  expect(wrong.code).toBe(5);

  expect(await home.said(["update", "my-redis", "-c", "redis_ssl=true"])).toBe(uri);
  expect((await home.redoubt(["ping", "-"], { stdin: trusting })).code).toBe(0);
  await using again = await createClient(trusting).connect();
  expect(await again.get("kept")).toBe("over the switch");
}, 180_000);

test("bad options are refused with key, value and range, and nothing has changed", async () => {
  for (const [text, words] of [
    ["redis_timeout=-5", ["redis_timeout", "-5", "0 to 2073600"]],
    ["redis_maxmemory_policy=bogus", ["redis_maxmemory_policy", "bogus", "allkeys-lru"]],
    ["ip_filter=10.0.0.1/8", ["ip_filter", "10.0.0.1/8", "/8"]],
    ["redis_sll=false", ["redis_ssl"]],
  ] as const) {
    const { code, stderr } = await home.service(["update", "my-redis", "-c", text]);
    expect(code, text).toBe(2);
    for (const word of words) expect(stderr).toContain(word);
  }
  const document = JSON.parse(await home.said(["get", "my-redis", "--json"])) as { user_config: object };
  expect(document.user_config).not.toHaveProperty("redis_timeout");
});

// `script` of util-linux lends a terminal; other systems' `script` has other options.
describe.runIf(process.platform === "linux")("on a terminal", () => {
  const onTerminal = (words: readonly string[], answer: string) => {
    const line = [process.execPath, program, "service", ...words].map((word) => `'${word}'`).join(" ");
    return execute("script", ["-qec", `stty cols 120 rows 40; exec ${line}`, "/dev/null"], {
      answer: { to: "Type my-redis", with: answer },
      environment: { TERM: "xterm", ...home.environment },
    });
  };
  const switched = ["update", "my-redis", "-c", "redis_ssl=false"];

  test("another word than the name changes nothing", async () => {
    const { code, stdout } = await onTerminal(switched, "yes\r");
    expect(stdout).toContain("reads the password");
    expect(stdout).toContain("Not confirmed");
    expect(code).toBe(1);
    expect(await home.said(["connection-info", "my-redis", "uri"])).toBe(uri);
  });

  test("Ctrl-C at the question changes nothing", async () => {
    expect((await onTerminal(switched, "\u0003")).code).toBe(130);
    expect(await home.said(["connection-info", "my-redis", "uri"])).toBe(uri);
  });

  test("the name does it", async () => {
    const { code, stdout } = await onTerminal(switched, "my-redis\r");
    expect(code).toBe(0);
    expect(stdout).toContain("redis://default:");
    expect(await home.said(["update", "my-redis", "-c", "redis_ssl=true"])).toBe(uri);
  });
});

test("terminate wants a confirmation, and a protected service stays", async () => {
  expect((await home.service(["terminate", "my-redis"])).code).toBe(2);
  await home.said(["update", "my-redis", "--enable-termination-protection"]);
  const { code, stderr } = await home.service(["terminate", "my-redis", "--force"]);
  expect(code).toBe(1);
  expect(stderr).toContain("--disable-termination-protection");
  await home.said(["update", "my-redis", "--disable-termination-protection"]);
  await home.said(["terminate", "my-redis", "--force"]);
  expect(JSON.parse(await home.said(["list", "--json"]))).toEqual([]);
});

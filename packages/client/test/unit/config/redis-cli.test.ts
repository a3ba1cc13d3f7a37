import { describe, expect, test } from "vitest";
import { parse, parseArguments } from "../../../src/config/parse.ts";
import { meaningOf } from "./corpus.ts";

describe("redis-cli", () => {
  test.each([
    ["redis-cli", { endpoints: ["127.0.0.1:6379"], tls: false }],
    [
      "redis-cli -h h -p 6380 --tls --user u -a 'p w' -n 3 GET x",
      { endpoints: ["h:6380"], tls: true, username: "u", password: "p w", database: 3 },
    ],
    [
      "-u rediss://u:p%40@h:1/2 -p 7",
      { endpoints: ["h:7"], tls: true, username: "u", password: "p@", database: 2 },
    ],
    ["redis-cli -h ::1 --tls --sni name", { endpoints: ["::1:6379"], servername: "name" }],
    ["redis-cli -s /tmp/a\\ b.sock", { endpoints: ["!/tmp/a b.sock"] }],
    [`redis-cli -h h --pass "a\\"b\\c"'d'`, { password: 'a"b\\cd' }],
    ["redis-cli -h h -t 5 --raw -r 3", { connectMs: 5000 }],
  ])("%s", (text, expected) => {
    expect(meaningOf(parse(text))).toMatchObject(expected);
  });

  test("arguments as a list", () => {
    const target = parseArguments([
      "valkey-cli",
      "-h",
      "h",
      "--tls",
      "--cacert",
      "ca file.pem",
      "-a",
      "p'w",
      "-3",
      "-c",
    ]);
    expect(target).toMatchObject({
      tls: { enabled: true, caFile: "ca file.pem" },
      options: { protocol: 3, cluster: true },
    });
    expect(target.password?.reveal()).toBe("p'w");
  });

  test("REDISCLI_AUTH stands in for a missing password", () => {
    const env = { REDISCLI_AUTH: "secret" };
    expect(parseArguments(["-h", "h"], env).password?.reveal()).toBe("secret");
    expect(parse("redis-cli -a mine", { env }).password?.reveal()).toBe("mine");
  });

  test.each([
    ["redis-cli --insecure", "CONFIG_INSECURE", 10],
    ["redis-cli -h h --cacert ca.pem", "CONFIG_INSECURE", 24],
    ["redis-cli -h", "CONFIG_SYNTAX", 10],
    ["redis-cli -p 0", "CONFIG_INVALID_VALUE", 13],
    ["redis-cli -h 'x", "CONFIG_SYNTAX", 13],
    ["redis-cli --tsl", "CONFIG_UNKNOWN_KEY", 10],
    ["redis-cli -u http://h", "CONFIG_SYNTAX", 13],
  ])("%s is refused with %s at %i", (text, code, position) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code, position }));
  });
});

import { describe, expect, test } from "vitest";
import { parse } from "../../../src/config/parse.ts";

describe("recognition", () => {
  test.each([
    ["redis://h", "url"],
    ["redis://u:p@h:1", "url"],
    ["redis://u:p@h/1?db=1", "url"],
    ["redis://h?db=7", "url"],
    ["valkey://h?username=u&ssl=true", "url"],
    ["redis://nunit:pass@host:1?ssl=true&db=1", "servicestack"],
    ["host?db=1", "servicestack"],
    ["pass,word@host:1", "servicestack"],
    ["host:6379?db=1&password=a,ssl=true", "servicestack"],
    ["host", "stackexchange"],
    ["host:6380,password=p?x@y", "stackexchange"],
    ["a:1,b:2", "stackexchange"],
    ["a:1,$GET=x@y", "stackexchange"],
    ["!/run/redis.sock", "stackexchange"],
    ["-h host", "redis-cli"],
    ["/usr/bin/valkey-cli -h host", "redis-cli"],
    ["-u redis://:a@host", "redis-cli"],
    ["-pass@host:1?ssl=true", "servicestack"],
    ["CACHE_HOST=h", "env"],
    ["export REDIS_URL='redis://h'", "env"],
  ])("%s is %s", (text, dialect) => {
    expect(parse(text).dialect).toBe(dialect);
  });

  test("an ambiguous string shows both readings and masks the password", () => {
    const error = capture("redis://alice:hunter22@host?db=1");
    expect(error).toMatchObject({ code: "CONFIG_AMBIGUOUS" });
    expect(error.message).toContain("user alice, password *****");
    expect(error.message).toContain("connection name alice");
    expect(error.message).not.toContain("hunter22");
  });

  test("what is a password in one reading is masked in the other", () => {
    const { message } = capture("host:6379?password=p@secretpart");
    expect(message).toContain("1. host ***** at position 21");
    expect(message).toContain("2. host ***** at position 0");
    expect(message).not.toContain("secretpart");
  });

  test("the same meaning in two dialects is not ambiguous", () => {
    expect(parse("redis://:pw@host?db=1")).toMatchObject({ dialect: "url", database: 1 });
  });

  test("a line break at the end is no part of the password", () => {
    expect(parse("h?ssl=true&password=x\r\n").password?.reveal()).toBe("x");
  });

  test("a missing variable is no string", () => {
    expect(() => parse(process.env["NOT_SET_ANYWHERE"] as string)).toThrow(
      expect.objectContaining({ code: "CONFIG_MISSING" }),
    );
  });

  test("`from` settles it", () => {
    const text = "redis://alice:hunter22@host?db=1";
    expect(parse(text, { from: "url" })).toMatchObject({ username: "alice", clientName: null });
    expect(parse(text, { from: "servicestack" })).toMatchObject({ username: null, clientName: "alice" });
  });

  test.each(["h:6380,pasword=p@secretpart", "redis://h:6380,ssl=True,password=p@secretpart"])(
    "%s does not make a host of half a password",
    (text) => {
      const error = capture(text);
      expect(error).toMatchObject({ code: expect.stringMatching(/^CONFIG_(UNKNOWN_KEY|SYNTAX)$/) });
      expect(error.message).not.toContain("secretpart");
    },
  );

  test.each(['"rediss://:pw@h:6380"', "'h:6380,password=pw'", "`pw@h:1`", "“rediss://h”"])(
    "%s: quotation marks are named",
    (text) => {
      expect(capture(text).message).toMatch(/^Quotation marks stand around the whole string/);
    },
  );

  test("quotation marks within are part of the password", () => {
    expect(parse('"pw"@h:1').password?.reveal()).toBe('"pw"');
  });

  test.each(["$REDIS_URL", "rediss://:p@<host>:6380", "${HOST}:6380,ssl=true", "pw@{host}?ssl=true"])(
    "%s: a placeholder is named",
    (text) => {
      expect(capture(text).message).toMatch(/^The host is a placeholder or a variable/);
    },
  );

  test("an access key pasted alone is not repeated", () => {
    expect(capture("c2VjcmV0S2V5LWFiYw==").message).not.toContain("c2Vj");
  });

  test.each(["http://h", "tcp://h", "", "  ", "foo bar", "=", "@", "?", "h;1"])("%j is refused", (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^CONFIG_/) }));
  });
});

function capture(text: string): Error {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("parse did not throw");
}

import { describe, expect, test } from "vitest";
import { argumentHint } from "../../src/hints/argument-hint.ts";
import { builtInDocs } from "../../src/hints/built-in.ts";
import { completions } from "../../src/hints/complete.ts";

const docs = builtInDocs();
const hint = (line: string) => argumentHint(docs, line.trim().split(/\s+/), /\s$/.test(line));

describe("what may still come behind", () => {
  test.each([
    ["get", " key"],
    ["GET ", "key"],
    ["get k", ""],
    ["hset h", " field value [field value ...]"],
    ["hset h f ", "value [field value ...]"],
    ["config get", " parameter [parameter ...]"],
    ["lrange k 0 ", "stop"],
    ["nosuch", ""],
    ["ping", " [message]"],
    ["get a b c", ""],
  ])("%j is %j", (line, expected) => {
    expect(hint(line)).toBe(expected);
  });

  test("SET shows its options", () => {
    expect(hint("set k v ")).toBe(
      "[NX|XX] [GET] [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|KEEPTTL]",
    );
  });
});

describe("completion", () => {
  test.each([
    ["hgeta", ["hgetall"]],
    ["HGETA", ["HGETALL"]],
    ["config rese", ["config resetstat"]],
    ["help @hyper", ["help @hyperloglog"]],
    ["help hgeta", ["help hgetall"]],
    ["", []],
    ["nosuch", []],
  ])("of %j", (line, expected) => {
    expect(completions(docs, line)).toEqual(expected);
  });

  test("gives a name of two words only behind the first", () => {
    expect(completions(docs, "conf")).toEqual(["config"]);
    expect(completions(docs, "config ")).toContain("config get");
  });
});

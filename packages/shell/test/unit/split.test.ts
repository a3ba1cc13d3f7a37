import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { repr } from "../../src/line/repr.ts";
import { splitLine, unquote } from "../../src/line/split.ts";

const byteText = fc.uint8Array({ maxLength: 40 }).map((bytes) => String.fromCharCode(...bytes));

describe("a line is split", () => {
  test.each([
    ["", []],
    ["  \t ", []],
    ["set key value", ["set", "key", "value"]],
    ['echo ""', ["echo", ""]],
    ['a"b"', ["ab"]],
    ["a'b'", ["ab"]],
    ["'a\\'b\\n'", ["a'b\\n"]],
    ['"\\x41\\x0a\\q\\\\"', ["A\nq\\"]],
    ['"\\x4"', ["x4"]],
  ])("%j", (line, words) => {
    expect(splitLine(line)).toEqual(words);
  });

  test.each(['"a', "'a", '"a"b', "'a'b", '"a\\"'])("%j is none", (line) => {
    expect(splitLine(line)).toBeNull();
  });

  test("what is quoted comes back, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.array(byteText), (words) => {
        expect(splitLine(words.map(repr).join(" "))).toEqual(words);
      }),
    );
  });
});

test("one quoted word", () => {
  expect(unquote('"a\\x00b"')).toBe("a\u0000b");
  expect(unquote("a b")).toBeNull();
  expect(unquote('"a')).toBeNull();
});

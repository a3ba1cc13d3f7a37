import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLiteral } from "../../../src/catalog/literal.ts";

describe("readLiteral", () => {
  test("reads what JSON reads", () => {
    const json = fc
      .jsonValue({ maxDepth: 4 })
      .filter((value) => !JSON.stringify(value).includes("__proto__"));
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        expect(readLiteral(text)).toEqual({ value: JSON.parse(text) as unknown });
      }),
    );
  });

  test("reads Python's spelling", () => {
    expect(readLiteral("[{'a': None, 'b': True,}, 'it\\'s', -1.5,]")).toEqual({
      value: [{ a: null, b: true }, "it's", -1.5],
    });
  });

  test.each([
    ["[1, 2", 5],
    ["[1 2]", 3],
    ["{'a' 1}", 5],
    ["'open", 5],
    ["[nope]", 1],
    ["[1]]", 3],
    ["[[[[[[[[[[1]]]]]]]]]]", 9],
    ["", 0],
    ['"\\u12"', 3],
  ])("%s cannot be read from %i on", (text, at) => expect(readLiteral(text)).toEqual({ at }));
});

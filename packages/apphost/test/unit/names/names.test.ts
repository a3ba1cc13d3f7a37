import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeName } from "../../../src/names/resource-name.ts";
import { bicepSymbol, parameterSymbol } from "../../../src/names/symbol.ts";
import { xxh32 } from "../../../src/names/xxh32.ts";

describe("names of resources", () => {
  test.each(["a", "cache", "redis-cache", "A1-b2", "x".repeat(64)])("%s is good", (name) => {
    expect(judgeName(name)).toBeNull();
  });

  test.each([
    ["", "is empty"],
    ["x".repeat(65), "has 65 characters; 64 are allowed"],
    ["my_cache", 'has "_" at position 2'],
    ["caché", 'has "é" at position 4'],
    ["a b", 'has " " at position 1'],
    ["1cache", "must start with a letter"],
    ["-cache", "must start with a letter"],
    ["a--b", "two hyphens together at position 1"],
    ["cache-", "must not end in a hyphen"],
  ])("%j: %s", (name, words) => {
    expect(judgeName(name)).toContain(words);
  });

  test("every broken rule has a sentence, and a good name none", () => {
    const good = /^(?=.{1,64}$)[A-Za-z](?:-?[A-Za-z0-9])*$/;
    const close = fc.stringMatching(/^[A-Za-z0-9-]{0,70}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), close), (name) => {
        expect(judgeName(name) === null).toBe(good.test(name));
      }),
    );
  });
});

describe("symbols", () => {
  test.each([
    ["redis-cache", "redis_cache"],
    ["cache", "cache"],
    ["1st", "_1st"],
    ["a.b c", "a_b_c"],
  ])("%s is %s in Bicep", (name, symbol) => expect(bicepSymbol(name)).toBe(symbol));

  test.each([
    ["{redis-cache.outputs.name}", "redis_cache_outputs_name"],
    ["{cache-password.value}", "cache_password_value"],
    ["{Cache-KV.outputs.vaultUri}", "cache_kv_outputs_vaulturi"],
  ])("%s is the parameter %s", (expression, symbol) => expect(parameterSymbol(expression)).toBe(symbol));

  test("a symbol is one for every name", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(bicepSymbol(name)).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
      }),
    );
  });
});

// Vectors of the algorithm's description, and of its reference implementation for longer texts.
test.each([
  ["", "02cc5d05"],
  ["a", "550d7456"],
  ["abc", "32d153ff"],
  ["Nobody inspects the spammish repetition", "e2293b2f"],
])("XXH32 of %j", (text, hash) => expect(xxh32(text)).toBe(hash));

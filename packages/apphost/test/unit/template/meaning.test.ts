import fc from "fast-check";
import { expect, test } from "vitest";
import { bicepSymbol, parameterSymbol } from "../../../src/names/symbol.ts";
import { arm } from "../../../src/template/arm.ts";
import { bicep } from "../../../src/template/bicep.ts";
import {
  binary,
  call,
  conditional,
  type Expr,
  type Input,
  interpolate,
  lit,
  not,
  param,
  toExpr,
} from "../../../src/template/expr.ts";
import { readArm } from "./reading/arm.ts";
import { readBicep } from "./reading/bicep.ts";

/** Text as somebody might type it: quotes, braces, brackets and escapes more often than by chance. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."'\\${}[]\"\n\r\t\u0000\u2028aé😀".split(""), "${", "]]", "{0}") }),
);
const name = fc.oneof(text, fc.constantFrom("a", "name", "own-name", "1", "kind"));
const parameters = { p: "it's [a] ${p}", q: true };

/** An expression that is text, and one that is anything. */
const { textual, any } = fc.letrec<{ textual: Expr; any: Expr }>((tie) => ({
  textual: fc.oneof(
    { maxDepth: 3 },
    text.map(lit),
    fc.constant(param("p")),
    fc
      .array(tie("textual"), { maxLength: 3 })
      .map((parts) => interpolate(["[", ...parts.map(() => "{'}")], ...parts)),
    fc.tuple(tie("textual"), fc.nat(9)).map(([of, count]) => call("take", of, count)),
    fc.array(tie("textual"), { minLength: 1, maxLength: 3 }).map((of) => call("guid", ...of)),
    tie("textual").map((of) => call("toUpper", of)),
    fc
      .tuple(tie("textual"), tie("textual"), tie("textual"))
      .map(([left, yes, no]) => conditional(binary(left, "==", param("p")), yes, no)),
  ),
  any: fc.oneof(
    { maxDepth: 3 },
    tie("textual"),
    fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)).map(lit),
    fc.array(tie("any"), { maxLength: 3 }).map(toExpr),
    fc
      .uniqueArray(fc.tuple(name, tie("any")), { maxLength: 3, selector: ([key]) => key })
      .map((members) => toExpr(Object.fromEntries(members.filter(([key]) => key !== "__proto__")))),
    fc
      .tuple(tie("any"), tie("any"))
      .map(([yes, no]) => conditional(not(binary(param("q"), "!=", true)), yes, no)),
  ),
}));

function inBicep(value: Input): string {
  return bicep({ params: [], variables: [{ name: "v", value }], resources: [], outputs: [] }).slice(
    "var v = ".length,
  );
}

function inArm(value: Input): unknown {
  return arm({ params: [], variables: [{ name: "v", value }], resources: [], outputs: [] }).variables?.["v"];
}

test("text comes back from both as it was", () => {
  fc.assert(
    fc.property(text, (given) => {
      expect(readBicep(inBicep(given))).toBe(given);
      expect(readArm(inArm(given))).toBe(given);
      const called = call("guid", given);
      expect(readBicep(inBicep(called))).toBe(`<${given}>`);
      expect(readArm(inArm(called))).toBe(`<${given}>`);
    }),
    { numRuns: 2000 },
  );
});

test("Bicep text is one line for each member, whatever is in the values", () => {
  fc.assert(
    fc.property(text, text, (one, two) => {
      expect(inBicep({ one, two }).split("\n")).toHaveLength(4);
    }),
  );
});

test("Bicep and ARM JSON mean the same", () => {
  fc.assert(
    fc.property(any, (expr) => {
      expect(readArm(inArm(expr), parameters)).toEqual(readBicep(inBicep(expr), parameters));
    }),
    { numRuns: 2000 },
  );
});

test("text in an expression means what it is made of", () => {
  fc.assert(
    fc.property(textual, text, (expr, around) => {
      const inner = readBicep(inBicep(expr), parameters) as string;
      const outer = interpolate`${around}${expr}}{`;
      expect(readBicep(inBicep(outer), parameters)).toBe(`${around}${inner}}{`);
      expect(readArm(inArm(outer), parameters)).toBe(`${around}${inner}}{`);
    }),
    { numRuns: 1000 },
  );
});

test("every name of a resource gives a symbol that Bicep can read", () => {
  fc.assert(
    fc.property(text, (given) => {
      if (given !== "") expect(bicepSymbol(given)).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
      if (given !== "") expect(parameterSymbol(`{a${given}.value}`)).toMatch(/^[a-z_][a-z0-9_]*$/);
    }),
  );
  expect(bicepSymbol("redis-cache")).toBe("redis_cache");
  expect(bicepSymbol("1a")).toBe("_1a");
  expect(parameterSymbol("{redis-cache.outputs.name}")).toBe("redis_cache_outputs_name");
  expect(parameterSymbol("{cache-password.value}")).toBe("cache_password_value");
});

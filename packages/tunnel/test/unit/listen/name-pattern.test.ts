import { expect, test } from "vitest";
import { matchesName, rowForName } from "../../../src/listen/name-pattern.ts";

test.each([
  ["cache.example", "CACHE.example", true],
  ["*.cache.example", "a.cache.example", true],
  ["*.cache.example", "a.b.cache.example", false],
  ["*.cache.example", "cache.example", false],
  ["app-*", "app-12", true],
  ["app-*", "app-", true],
  ["app-*", "app-1.example", false],
  ["*", "any.thing", true],
  ["a.c", "abc", false],
  ["a+c*", "a+cd", true],
  ["DNS:*.example", "DNS:a.example", true],
  ["*.example", "a.example\nb", false],
])("%s ~ %s: %s", (pattern, name, fits) => {
  expect(matchesName(pattern, name)).toBe(fits);
});

test("an exact name goes before patterns, whatever the order", () => {
  const rows = [{ names: ["*.example"] }, { names: ["A.example"] }];
  expect(rowForName(rows, "a.EXAMPLE")).toBe(rows[1]);
  expect(rowForName(rows, "b.example")).toBe(rows[0]);
  expect(rowForName(rows, "b.other")).toBeUndefined();
});

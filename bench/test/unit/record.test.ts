import { expect, test } from "vitest";
import type { Circumstances } from "../../src/report/circumstances.ts";
import { formatReport } from "../../src/report/markdown.ts";
import { allRows, fromJson, joined, toJson } from "../../src/report/record.ts";
import { made, rowOf } from "./rows.ts";

const circumstances = (date: string): Circumstances => ({
  date,
  machine: "a machine",
  node: "20.0.0",
  server: "redis-server 7",
  method: "one round of 1 s",
  measurements: 2,
  disturbed: 0,
});
const row = (name: string, value: number, node: string | null = null) =>
  rowOf(name, [made("redoubt", value), made("ioredis", 1)], node);
const before = { circumstances: circumstances("2026-01-01"), rows: [row("get64", 1), row("seq", 2)] };

test("what is measured again takes the place of the same rows, the others stay", () => {
  const now = {
    circumstances: circumstances("2026-01-02"),
    rows: [row("seq", 3), row("get64", 9, "24.1.0")],
  };
  const parts = joined([before], now);
  expect(parts.map(({ rows }) => rows.length)).toEqual([1, 2]);
  expect(allRows(parts).map(({ name, node, all }) => [name, node, all[0]?.value])).toEqual([
    ["get64", null, 1],
    ["get64", "24.1.0", 9],
    ["seq", null, 3],
  ]);
  const newer = { circumstances: circumstances("2026-01-03"), rows: [row("get64", 10, "24.2.0")] };
  expect(allRows(joined(parts, newer)).filter(({ node }) => node !== null)).toHaveLength(1);
});

test("parts of which nothing is left are forgotten", () => {
  expect(joined([before], { ...before, circumstances: circumstances("2026-02-02") })).toHaveLength(1);
});

test("the page is made of what the file holds", () => {
  const json = toJson([before]);
  expect(toJson(fromJson(json))).toBe(json);
  const page = formatReport(fromJson(json));
  expect(page).toContain("- 2026-01-01, 2 rows over TLS: one round of 1 s; Node 20.0.0;");
  expect(page).toMatch(/\| GET, 64 in flight \| 1\/s \| 1\/s, ioredis \| \*\*1\.00\*\* \(2\.8\)/);
  expect(page).toContain("### Below the goal, and why");
});

test("a file of another form, and rows of shapes that are no more, count as nothing", () => {
  expect(fromJson("{}")).toEqual([]);
  const json = toJson([before]).replace('"get64"', '"gone"');
  expect(allRows(fromJson(json)).map(({ name }) => name)).toEqual(["seq"]);
});

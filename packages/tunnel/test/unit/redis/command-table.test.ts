import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rowOf, sharedCommands, sharedRow, unsharedRows } from "../../../src/redis/command-table.ts";

const of = (name: string) => {
  const bytes = Buffer.from(name);
  return rowOf(bytes, 0, bytes.length);
};

test("letter case does not matter, and the name may stand anywhere", () => {
  for (const name of ["GET", "get", "gEt", "json.get", "FT.SEARCH"]) expect(of(name)).toBe(sharedRow);
  expect(of("blpop").need).toBe("once");
  const bytes = Buffer.from("*1\r\n$5\r\nmulti\r\n");
  expect(rowOf(bytes, 8, 13).need).toBe("begin");
});

test("what is not known gets a connection of its own", () => {
  for (const name of ["", "GE", "GETT", "NEWCOMMAND", "MY.CMD", "x".repeat(100), "\u00ff\u0000"])
    expect(of(name).need, name).toBe("own");
});

test("everything that cannot be shared says why", () => {
  expect(unsharedRows.length).toBeGreaterThan(30);
  for (const { reason } of unsharedRows) expect(reason).toMatch(/^[A-Z].*\.$/);
  const names = [...sharedCommands, ...unsharedRows.map(({ name }) => name)];
  expect(new Set(names).size).toBe(names.length);
});

test("every command of Redis and Valkey was thought about", () => {
  const corpus = JSON.parse(
    readFileSync(new URL("../../../../client/test/corpus/command-names.json", import.meta.url), "utf8"),
  ) as Record<string, unknown>;
  const names = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "string" && /^[A-Z][A-Z_.0-9-]*(?: [A-Z-]+)?$/.test(value))
      names.add(value.split(" ")[0] as string);
    else if (value !== null && typeof value === "object") {
      for (const [key, each] of Object.entries(value)) {
        collect(key);
        collect(each);
      }
    }
  };
  collect(corpus);
  expect(names.size).toBeGreaterThan(200);
  const known = new Set(unsharedRows.map(({ name }) => name));
  const forgotten = [...names].filter((name) => of(name) !== sharedRow && !known.has(name));
  expect(forgotten).toEqual([]);
});

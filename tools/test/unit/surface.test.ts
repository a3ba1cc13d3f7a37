import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isPassed } from "../../src/outcome.ts";
import { checkSurface } from "../../src/surface.ts";
import { tree } from "../tree.ts";

const built = {
  "packages/a/package.json": {
    name: "@redoubt/a",
    exports: { ".": { types: "./dist/index.d.ts" }, "./net": { types: "./dist/net/index.d.ts" } },
  },
  "packages/a/dist/index.d.ts": [
    'export * from "./deep.js";',
    'export { type Row, table as errorTable } from "./table.js";',
    'export type { Klass as KlassType } from "./deep.js";',
    'export * as everything from "./table.js";',
    'export { Buffer } from "node:buffer";',
    "declare const hidden: number; declare const late: number; export { late };",
  ].join("\n"),
  "packages/a/dist/deep.d.ts":
    "export declare class Klass {}\nexport declare function run(): void;\nexport type Alias = 1;",
  "packages/a/dist/table.d.ts": "export interface Row {}\nexport declare const table: Row;",
  "packages/a/dist/net/index.d.ts": 'export { run } from "../deep.ts";',
};

const list = `@redoubt/a
  type Alias
  external Buffer
  class Klass
  type KlassType
  interface Row
  const errorTable
  namespace everything
  const late
  function run
@redoubt/a/net
  function run
`;

test("writes the names of every subpath, values and types", () => {
  const root = tree(built);
  checkSurface(root, true);
  expect(readFileSync(join(root, "packages/a/surface.txt"), "utf8")).toBe(list);
  expect(checkSurface(root)).toMatchObject({ looked: 10, problems: [] });
});

test("tells what is new and what is gone", () => {
  const root = tree({ ...built, "packages/a/surface.txt": list.replace("class Klass\n", "class Old\n") });
  const { problems } = checkSurface(root);
  expect(problems).toContain("packages/a: new    @redoubt/a: class Klass");
  expect(problems).toContain("packages/a: gone   @redoubt/a: class Old");
  expect(problems.at(-1)).toMatch(/npm run surface/);
});

test("a subpath that was not built is a finding", () => {
  const { "packages/a/dist/net/index.d.ts": _, ...incomplete } = built;
  expect(checkSurface(tree({ ...incomplete, "packages/a/surface.txt": list })).problems[0]).toMatch(
    /offers \.\/net, and \.\/dist\/net\/index\.d\.ts was not built/,
  );
});

test("a repository without packages fails", () => {
  expect(isPassed(checkSurface(tree({ "package.json": {} })))).toBe(false);
});

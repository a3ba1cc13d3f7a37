import { expect, test } from "vitest";
import { folderTables, packageTable } from "../../src/floors.ts";
import { checkLayers } from "../../src/layers.ts";
import { isPassed } from "../../src/outcome.ts";
import { tree } from "../tree.ts";

const manifests = {
  "package.json": { devDependencies: { vitest: "*" } },
  "packages/client/package.json": { name: "@redoubt/client", peerDependencies: { "@azure/identity": "*" } },
  "packages/client/src/errors.ts": "export const e = 1;",
  "packages/client/src/commands/index.ts": "export const all = {};",
  "packages/server/package.json": { name: "@redoubt/server", dependencies: { "@peculiar/x509": "*" } },
  "packages/server/src/index.ts": "export const s = 1;",
  "packages/cli/package.json": { name: "@redoubt/cli", dependencies: { "@redoubt/client": "*" } },
};

/** Adds one file to a sound repository. */
function problemsOf(path: string, text: string): readonly string[] {
  return checkLayers(tree({ ...manifests, [path]: text })).problems;
}

const sound: [string, string][] = [
  ["packages/client/src/net/connector.ts", 'import { e } from "../errors.ts"; export { e };'],
  ["packages/client/src/net/connector.ts", 'import type { S } from "./report.ts"; export type { S };'],
  ["packages/client/src/client/client.ts", 'export { all } from "../commands/index.ts";'],
  ["packages/client/src/index.ts", 'export * from "./config/index.ts";'],
  ["packages/client/src/credentials/entra.ts", 'export const load = () => import("@azure/identity");'],
  [
    "packages/client/test/integration/dial.test.ts",
    'import "@redoubt/server"; import "vitest"; import "../../src/net/x.ts";',
  ],
  ["packages/cli/src/main.ts", 'import "node:fs"; import "@redoubt/client";'],
];

test.each(sound)("allows %s: %s", (path, text) => {
  expect(problemsOf(path, text)).toEqual([]);
});

const violations: [string, string, RegExp][] = [
  [
    "packages/client/src/config/parse.ts",
    'import "../net/connector.ts";',
    /:1 config may not import net .* errors/,
  ],
  [
    "packages/client/src/protocol/encoder.ts",
    'import "../config/target.ts";',
    /protocol may not import config/,
  ],
  [
    "packages/client/src/net/x.ts",
    'import type { C } from "../client/client.ts";',
    /net may not import client/,
  ],
  ["packages/client/src/net/x.ts", 'type C = import("../client/client.ts").C;', /net may not import client/],
  ["packages/client/src/net/x.ts", '\nexport * from "../pool/pool.ts";', /:2 net may not import pool/],
  [
    "packages/client/src/errors.ts",
    'import "./config/target.ts";',
    /errors may not import config .* error-table$/,
  ],
  [
    "packages/client/src/misc/x.ts",
    'import "../errors.ts";',
    /misc, which tools\/src\/floors\.ts does not know/,
  ],
  ["packages/client/src/net/x.ts", 'import "./index.ts";', /index\.ts from inside its package/],
  ["packages/client/src/client/x.ts", 'import "../net/index.ts";', /index\.ts from inside its package/],
  ["packages/server/src/ports.ts", 'import "./index.ts";', /index\.ts from inside its package/],
  ["packages/client/src/net/x.ts", 'import "@redoubt/client";', /own package by name/],
  ["packages/client/src/net/x.ts", 'import "../../test/kit.ts";', /not in src/],
  ["packages/client/src/net/x.ts", 'import "../../../server/src/index.ts";', /leaves packages\/client/],
  [
    "packages/client/test/unit/x.test.ts",
    'import "../../../server/src/index.ts";',
    /leaves packages\/client/,
  ],
  ["packages/client/src/net/x.ts", 'import "@redoubt/server";', /only tests of client may import server/],
  ["packages/server/src/x.ts", 'import "@redoubt/client";', /server may not import client/],
  ["packages/server/test/unit/x.test.ts", 'import "@redoubt/client";', /server may not import client/],
  ["packages/cli/src/x.ts", 'import "@redoubt/client/net";', /only the face of client/],
  ["packages/cli/src/x.ts", 'import "@redoubt/server";', /packages\/cli\/package\.json does not declare/],
  [
    "packages/client/src/net/x.ts",
    'import "fastify";',
    /imports fastify, which packages\/client\/package\.json/,
  ],
  ["packages/client/src/net/x.ts", 'import "vitest";', /imports vitest, which/],
];

test.each(violations)("finds in %s: %s", (path, text, problem) => {
  const problems = problemsOf(path, text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`${path}:`);
  expect(problems[0]).toMatch(problem);
});

test("a tree without imports fails", () => {
  const outcome = checkLayers(tree(manifests));
  expect(outcome.looked).toBe(0);
  expect(isPassed(outcome)).toBe(false);
});

test("the tables have no circle", () => {
  for (const table of [packageTable, ...Object.values(folderTables)]) {
    const reachable = (from: string, seen: Set<string>): Set<string> => {
      const row = table[from] ?? [];
      for (const to of Array.isArray(row) ? row : Object.keys(row)) {
        if (!seen.has(to)) reachable(to, seen.add(to));
      }
      return seen;
    };
    for (const name of Object.keys(table)) expect(reachable(name, new Set()), name).not.toContain(name);
  }
});

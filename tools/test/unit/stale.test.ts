import { expect, test } from "vitest";
import { removeStaleOutputs } from "../../bootstrap/stale.mjs";
import { filesBelow } from "../../src/tree.ts";
import { tree } from "../tree.ts";

test("only what was built for a source that is there stays in dist", () => {
  const root = tree({
    "packages/one/src/index.ts": "",
    "packages/one/src/net/dial.ts": "",
    "packages/one/dist/index.js": "",
    "packages/one/dist/index.js.map": "",
    "packages/one/dist/index.d.ts": "",
    "packages/one/dist/net/dial.js": "",
    "packages/one/dist/net/gone.js": "",
    "packages/one/dist/net/gone.d.ts": "",
    "packages/one/dist/.tsbuildinfo": "",
    "tools/src/check.ts": "",
    "tools/dist/gone.js": "",
    "tools/bootstrap/gone.js": "",
  });
  removeStaleOutputs(root);
  expect(filesBelow(root, "packages/one/dist", [""])).toEqual([
    "packages/one/dist/.tsbuildinfo",
    "packages/one/dist/index.d.ts",
    "packages/one/dist/index.js",
    "packages/one/dist/net/dial.js",
  ]);
  expect(filesBelow(root, "tools", [""])).toEqual(["tools/bootstrap/gone.js", "tools/src/check.ts"]);
  expect(filesBelow(root, "tools/dist", [""])).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkLock } from "../../src/lock.ts";
import { isPassed } from "../../src/outcome.ts";
import { tree } from "../tree.ts";

const packages = {
  "": { name: "x" },
  "node_modules/tool": {
    version: "1.2.3",
    dev: true,
    optionalDependencies: { "@tool/cli-linux-arm64-musl": "1.2.3", "@tool/darwin-x64": "1.2.3" },
  },
  "node_modules/tool/node_modules/@tool/darwin-x64": { version: "1.2.3", optional: true },
};

test("finds a platform that the lock file lacks, and completes it", () => {
  const root = tree({ "package-lock.json": { lockfileVersion: 3, packages } });
  expect(checkLock(root)).toMatchObject({ looked: 2 });
  expect(checkLock(root).problems).toEqual([
    "package-lock.json lacks node_modules/@tool/cli-linux-arm64-musl: node tools/dist/check.js lock --write",
  ]);
  checkLock(root, true);
  expect(checkLock(root)).toMatchObject({ looked: 2, problems: [] });
  const written = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as object;
  expect(written).toEqual({
    lockfileVersion: 3,
    packages: {
      ...packages,
      "node_modules/@tool/cli-linux-arm64-musl": {
        version: "1.2.3",
        dev: true,
        optional: true,
        cpu: ["arm64"],
        os: ["linux"],
        libc: ["musl"],
      },
    },
  });
});

test("a lock file without optional packages fails: there are some", () => {
  expect(isPassed(checkLock(tree({ "package-lock.json": { packages: { "": {} } } })))).toBe(false);
});

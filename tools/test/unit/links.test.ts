import { expect, test } from "vitest";
import { checkLinks } from "../../src/links.ts";
import { isPassed } from "../../src/outcome.ts";
import { tree } from "../tree.ts";

test("follows links to files and headings, and paths in code marks", () => {
  const outcome = checkLinks(
    tree({
      "README.md":
        "[a](docs/a.md) [b](docs/a.md#the-second-part) [web](https://example.org) `docs/a.md` `tools/<x>`",
      "docs/a.md": "# A\n[up](../README.md)\n## The second part!\n[here](#a)",
    }),
  );
  expect(outcome.problems).toEqual([]);
  expect(outcome.looked).toBe(5);
});

test.each([
  ["[a](missing.md)", "README.md:1 links to missing.md, and missing.md does not exist"],
  ["# A\n[a](#b)", "README.md:2 links to #b, and README.md has no such heading"],
  ["![a](pictures/a.png)", "README.md:1 links to pictures/a.png, and pictures/a.png does not exist"],
  [
    "See `packages/client/src/gone.ts`.",
    "README.md:1 names packages/client/src/gone.ts, which does not exist",
  ],
])("finds in %j", (text, problem) => {
  expect(checkLinks(tree({ "README.md": text })).problems).toEqual([problem]);
});

test("finds a page that nobody links to; a link to itself does not count", () => {
  const { problems } = checkLinks(
    tree({ "README.md": "[a](docs/a.md)", "docs/a.md": "", "docs/b.md": "# B\n[b](#b)" }),
  );
  expect(problems).toEqual(["docs/b.md is linked from nowhere: add it to docs/README.md"]);
});

test("leaves fenced blocks alone", () => {
  expect(checkLinks(tree({ "README.md": "```md\n[a](missing.md)\n```\n[b](README.md)" }))).toMatchObject({
    looked: 1,
    problems: [],
  });
});

test("documents without a link fail", () => {
  expect(isPassed(checkLinks(tree({ "README.md": "nothing" })))).toBe(false);
});

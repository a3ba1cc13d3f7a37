import { expect, test } from "vitest";
import { checkErrors, pageSections } from "../../src/errors.ts";
import { isPassed } from "../../src/outcome.ts";
import { tree } from "../tree.ts";

const page = (code: string): string =>
  [code, ...pageSections].map((heading) => `# ${heading}\ntext\n`).join("\n");

const sound = {
  "packages/client/src/error-table.ts":
    'export const errorTable = {\n  TCP_RESET: row(true, "x"),\n  DNS_FAILED: row(\n    true,\n  ),\n};',
  "packages/client/src/net/dial.ts": 'throw "TCP_RESET" ?? "DNS_FAILED";',
  "packages/client/test/unit/dial.test.ts": 'expect(1).toBe("TCP_RESET");',
  "docs/errors/TCP_RESET.md": page("TCP_RESET"),
  "docs/errors/DNS_FAILED.md": page("DNS_FAILED"),
};

test("a whole table passes, and tells which codes no test names", () => {
  const outcome = checkErrors(tree(sound));
  expect(outcome).toMatchObject({ looked: 2, problems: [], notes: ["no test names DNS_FAILED"] });
  expect(isPassed(outcome)).toBe(true);
});

test("a page that is missing", () => {
  const { "docs/errors/TCP_RESET.md": _, ...without } = sound;
  expect(checkErrors(tree(without)).problems).toEqual(["docs/errors/TCP_RESET.md is missing"]);
});

test("a page without a code", () => {
  expect(checkErrors(tree({ ...sound, "docs/errors/TCP_GONE.md": page("TCP_GONE") })).problems).toEqual([
    "docs/errors/TCP_GONE.md explains a code that packages/client/src/error-table.ts does not have",
  ]);
});

test("a page that lacks a part", () => {
  const { problems } = checkErrors(
    tree({ ...sound, "docs/errors/TCP_RESET.md": "# TCP_RESET\n## Meaning\n" }),
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^docs\/errors\/TCP_RESET\.md has the headings TCP_RESET, Meaning; expected/);
});

test("a code that nothing throws: the table itself and tests do not count", () => {
  const { "packages/client/src/net/dial.ts": _, ...without } = sound;
  expect(checkErrors(tree(without)).problems).toEqual([
    "packages/client/src/error-table.ts TCP_RESET is used by no source file",
    "packages/client/src/error-table.ts DNS_FAILED is used by no source file",
  ]);
});

test("a table without rows fails", () => {
  expect(isPassed(checkErrors(tree({ "packages/client/src/error-table.ts": "" })))).toBe(false);
});

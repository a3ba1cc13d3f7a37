import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { headings, readMarkdown } from "./markdown.ts";
import type { Outcome } from "./outcome.ts";
import { filesBelow } from "./tree.ts";

const table = "packages/client/src/error-table.ts";
/** The table is put together from these, a file for each part of a connection's life. */
const rows = "packages/client/src/error-rows";
const pages = "docs/errors";

/** The parts that every page of an error has, in this order. */
export const pageSections = ["Meaning", "How it looks", "Causes", "Fix", "Check it"] as const;

/**
 * Every code of the table of errors has a page, and is used by some source file; every page has a code. Codes that no test names
 * are told, and are no failure.
 *
 * @param root of the repository
 */
export function checkErrors(root: string): Outcome {
  const files = [table, ...filesBelow(root, rows, [".ts"])];
  const codes = files.flatMap((file) => codesOf(readFileSync(join(root, file), "utf8")));
  const documented = filesBelow(root, pages, [".md"]);
  const sources = wordsIn(
    root,
    filesBelow(root, "packages", [".ts"]).filter(
      (file) => /^packages\/[^/]+\/src\//.test(file) && !files.includes(file),
    ),
  );
  const tests = wordsIn(
    root,
    filesBelow(root, "packages", [".ts", ".json"]).filter((file) => /^packages\/[^/]+\/test\//.test(file)),
  );
  const untested = codes.filter((code) => !tests.has(code));
  return {
    looked: codes.length,
    unit: "error codes",
    problems: [
      ...codes.flatMap((code) => [
        ...(documented.includes(`${pages}/${code}.md`) ? [] : [`${pages}/${code}.md is missing`]),
        ...(sources.has(code) ? [] : [`${table} ${code} is used by no source file`]),
      ]),
      ...documented.flatMap((page) => judgePage(root, page, codes)),
    ],
    notes: untested.length === 0 ? [] : [`no test names ${untested.join(", ")}`],
  };
}

/** The keys of the table, read from its text. */
function codesOf(text: string): string[] {
  return [...text.matchAll(/^ {2}([A-Z]+_[A-Z_]+): row\(/gm)].map(([, code]) => code ?? "");
}

/** Every word in capitals with an underscore that the files hold. */
function wordsIn(root: string, files: readonly string[]): Set<string> {
  return new Set(
    files.flatMap((file) => readFileSync(join(root, file), "utf8").match(/\b[A-Z]+_[A-Z_]+\b/g) ?? []),
  );
}

function judgePage(root: string, page: string, codes: readonly string[]): string[] {
  const code = basename(page, ".md");
  if (!codes.includes(code)) return [`${page} explains a code that ${table} does not have`];
  const found = headings(readMarkdown(readFileSync(join(root, page), "utf8")));
  const expected = [code, ...pageSections];
  return found.join() === expected.join()
    ? []
    : [`${page} has the headings ${found.join(", ")}; expected are ${expected.join(", ")}`];
}

import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { documents } from "./documents.ts";
import { headings, readMarkdown } from "./markdown.ts";
import type { Outcome } from "./outcome.ts";

const index = "docs/README.md";

/**
 * Every relative link leads to a file (and to a heading of it), every path that the text names is there, and every page of
 * `docs/` can be found by links.
 *
 * @param root of the repository
 */
export function checkLinks(root: string): Outcome {
  const problems: string[] = [];
  const linked = new Set<string>();
  let looked = 0;
  const all = documents(root);
  for (const document of all) {
    const { prose } = readMarkdown(readFileSync(join(root, document), "utf8"));
    for (const [line, text] of prose.entries()) {
      const at = `${document}:${line + 1}`;
      for (const target of linksOf(text)) {
        looked++;
        const file = fileOf(document, target);
        if (file !== document) linked.add(file);
        const problem = judgeLink(root, file, target);
        if (problem !== null) problems.push(`${at} ${problem}`);
      }
      for (const path of pathsOf(text)) {
        looked++;
        if (!existsSync(join(root, path))) problems.push(`${at} names ${path}, which does not exist`);
      }
    }
  }
  for (const page of all.filter((file) => file.startsWith("docs/") && file !== index)) {
    if (!linked.has(page)) problems.push(`${page} is linked from nowhere: add it to ${index}`);
  }
  return { looked, unit: "links and paths", problems };
}

function linksOf(line: string): string[] {
  return [...line.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** Paths from the root in code marks. One with a placeholder (`*`, `<name>`, `…`) names no file. */
function pathsOf(line: string): string[] {
  return [...line.matchAll(/`((?:packages|tools|docs|examples|\.ci)\/[\w./-]*)`/g)].map(
    ([, path]) => path ?? "",
  );
}

/** The file that a link of a document leads to. */
function fileOf(document: string, target: string): string {
  const [path = ""] = target.split("#");
  return path === "" ? document : posix.join(posix.dirname(document), path);
}

function judgeLink(root: string, file: string, target: string): string | null {
  if (!existsSync(join(root, file))) return `links to ${target}, and ${file} does not exist`;
  const [, anchor] = target.split("#");
  if (anchor === undefined || !file.endsWith(".md")) return null;
  const found = anchors(readFileSync(join(root, file), "utf8"));
  return found.has(anchor) ? null : `links to ${target}, and ${file} has no such heading`;
}

/** The names that a heading gets on the web: lower case, spaces as hyphens, other marks gone. */
function anchors(text: string): Set<string> {
  return new Set(
    headings(readMarkdown(text)).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { documents } from "./documents.ts";
import { headings, readMarkdown } from "./markdown.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Every relative link leads to a file (and to a heading of it), and every path that the text names is there.
 *
 * @param root of the repository
 */
export function checkLinks(root: string): Outcome {
  const problems: string[] = [];
  let looked = 0;
  for (const document of documents(root)) {
    const { prose } = readMarkdown(readFileSync(join(root, document), "utf8"));
    for (const [index, line] of prose.entries()) {
      const at = `${document}:${index + 1}`;
      for (const target of linksOf(line)) {
        looked++;
        const problem = judgeLink(root, document, target);
        if (problem !== null) problems.push(`${at} ${problem}`);
      }
      for (const path of pathsOf(line)) {
        looked++;
        if (!existsSync(join(root, path))) problems.push(`${at} names ${path}, which does not exist`);
      }
    }
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

function judgeLink(root: string, document: string, target: string): string | null {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? document : posix.join(posix.dirname(document), path);
  if (!existsSync(join(root, file))) return `links to ${target}, and ${file} does not exist`;
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

import { expect, test } from "vitest";
import { checkDocs, examples, invocations } from "../../src/docs.ts";
import { readMarkdown } from "../../src/markdown.ts";
import { isPassed } from "../../src/outcome.ts";
import { tree } from "../tree.ts";

const guide = [
  "# Guide",
  "```ts",
  "const a = `x`;",
  "```",
  "1. In a list:",
  "   ```sh",
  "   redoubt ping",
  "     indented",
  "   ```",
  "~~~text",
  "```ts",
  "~~~",
  "```ts text",
  "only shown",
  "```",
].join("\n");

test("finds what is run: language, line, text without the list's indentation", () => {
  expect(examples(tree({ "README.md": guide }))).toEqual([
    { document: "README.md", line: 2, language: "ts", text: "const a = `x`;\n", how: "run" },
    { document: "README.md", line: 6, language: "sh", text: "redoubt ping\n  indented\n", how: "run" },
  ]);
});

test("shell blocks of error pages and of CONTRIBUTING are checked and not run", () => {
  const block = "```sh\nredoubt ping\n```\n";
  const found = examples(
    tree({ "docs/errors/TCP_RESET.md": block, "CONTRIBUTING.md": block, "docs/a.md": block }),
  );
  expect(found.map(({ document, how }) => `${document} ${how}`)).toEqual([
    "CONTRIBUTING.md commands",
    "docs/a.md run",
    "docs/errors/TCP_RESET.md commands",
  ]);
});

test.each(["bash", "typescript", "shell", "", "rust"])("a block of language %j is a finding", (language) => {
  const outcome = checkDocs(tree({ "docs/a.md": `text\n\`\`\`${language}\nx\n\`\`\`` }));
  expect(outcome.problems).toHaveLength(1);
  expect(outcome.problems[0]).toMatch(/^docs\/a\.md:2 a block of language/);
});

test("documents without a block fail", () => {
  expect(isPassed(checkDocs(tree({ "README.md": "prose" })))).toBe(false);
});

test("prose keeps its line numbers; a fence that is never closed goes to the end", () => {
  expect(readMarkdown("a\n```sh\nb\n```\nc\n```\nd").prose).toEqual(["a", "", "", "", "c", "", ""]);
});

test("takes a shell block apart", () => {
  const block = [
    "# redoubt comment --nothing",
    "redoubt ping --cacert ca.pem --timeout=5 'rediss://a:b@c:6380?x=1&y=2' < password.txt",
    'printenv REDIS_URL | npx redoubt uri - --to url && echo "a; b | c"',
    "openssl s_client -connect c:6380 \\",
    "  -servername c > out.txt",
  ].join("\n");
  expect(invocations(block)).toEqual([
    { program: "redoubt", words: ["ping"], options: ["--cacert", "--timeout"] },
    { program: "printenv", words: ["REDIS_URL"], options: [] },
    { program: "redoubt", words: ["uri"], options: ["--to"] },
    { program: "echo", words: ["a; b | c"], options: [] },
    { program: "openssl", words: ["s_client"], options: ["-connect", "-servername"] },
  ]);
});

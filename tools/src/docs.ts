import { readFileSync } from "node:fs";
import { join } from "node:path";
import { documents } from "./documents.ts";
import { type Fence, readMarkdown } from "./markdown.ts";
import type { Outcome } from "./outcome.ts";

/** Something that the documentation shows and that a test runs. */
export interface Example {
  /** `docs/guide/cli.md`. */
  readonly document: string;
  readonly line: number;
  readonly language: "ts" | "sh";
  readonly text: string;
  /**
   * `run`: it is executed against a real server. `commands`: its programs and their options must exist; it is not
   * executed, because it looks at a server that is ill, at somebody's network, or at a cloud.
   */
  readonly how: "run" | "commands";
}

/** Languages that are shown and never run; `console` is a transcript, with its prompts and answers. */
const shown = new Set(["text", "console", "json", "ini", "yaml", "md", "html", "bicep", "csharp", "acl"]);

/** Spellings of `ts` and `sh` that would slip past the runner. */
const spellings: Readonly<Record<string, string>> = {
  typescript: "ts",
  javascript: "ts",
  js: "ts",
  mjs: "ts",
  bash: "sh",
  shell: "sh",
  zsh: "sh",
};

/** Every example of the documentation, in the order of the documents. */
export function examples(root: string): Example[] {
  return documents(root).flatMap((document) =>
    readMarkdown(readFileSync(join(root, document), "utf8")).fences.flatMap((fence) => {
      const { line, language, text } = fence;
      if ((language !== "ts" && language !== "sh") || isOnlyShown(fence)) return [];
      const how = language === "sh" && isChecked(document) ? "commands" : "run";
      return [{ document, line, language, text, how } as const];
    }),
  );
}

/** A block tagged `text` behind its language is not run: it needs a cloud, or is a part of something. */
function isOnlyShown({ words }: Fence): boolean {
  return words.includes("text");
}

/** Error pages show how to look at what is broken; those who work on Redoubt install and publish things. */
function isChecked(document: string): boolean {
  return (
    /^docs\/(?:doctor|errors|network)\//.test(document) ||
    document === "CONTRIBUTING.md" ||
    document === "SECURITY.md"
  );
}

/**
 * Every fenced block has a language that says whether it is run.
 *
 * @param root of the repository
 */
export function checkDocs(root: string): Outcome {
  const problems: string[] = [];
  let looked = 0;
  for (const document of documents(root)) {
    for (const { line, language } of readMarkdown(readFileSync(join(root, document), "utf8")).fences) {
      looked++;
      if (language === "ts" || language === "sh" || shown.has(language)) continue;
      const advice =
        spellings[language] ?? "ts or sh, which are run, or one that is only shown: text, json …";
      problems.push(`${document}:${line} a block of language "${language}": write ${advice}`);
    }
  }
  return { looked, unit: "blocks", problems };
}

/** One call of a program in a shell block. */
export interface Invocation {
  /** `redoubt`, `redis-cli`, `openssl`. */
  readonly program: string;
  /** Words that stand before the first option: `ping`, `s_client`. */
  readonly words: readonly string[];
  /** `--cacert`, `-connect`; without values. */
  readonly options: readonly string[];
}

/**
 * The calls in a shell block, for checking that what they name exists. It knows quotes, pipes, `&&`, `||`, `;`,
 * redirections and comments; the documentation needs no more.
 */
export function invocations(text: string): Invocation[] {
  const calls: string[][] = [[]];
  for (const [token, plain] of shellTokens(text)) {
    if (plain && /^(?:\n|;|\|\|?|&&)$/.test(token)) calls.push([]);
    else calls.at(-1)?.push(token);
  }
  return calls.flatMap((tokens) => {
    const words = tokens.filter(
      (token, index) => !/^[<>]/.test(token) && !/^[<>]$/.test(tokens[index - 1] ?? ""),
    );
    const [program, ...rest] = words[0] === "npx" ? words.slice(1) : words;
    if (program === undefined) return [];
    const first = rest.findIndex((word) => word.startsWith("-"));
    return {
      program,
      words: first === -1 ? rest : rest.slice(0, first),
      options: rest.filter((word) => /^--?[A-Za-z]/.test(word)).map((word) => word.replace(/=.*/, "")),
    };
  });
}

/** @yields each token, and whether it is free of quotes */
function* shellTokens(text: string): Generator<[string, boolean]> {
  const pattern = /#[^\n]*|\\\n|(\n|;|\|\|?|&&)|((?:'[^']*'|"(?:\\.|[^"])*"|\\.|[^\s;|&'"#])+)/gy;
  for (let index = 0; index < text.length; index = pattern.lastIndex) {
    pattern.lastIndex = index;
    const match = pattern.exec(text);
    if (match === null) {
      pattern.lastIndex = index + 1;
      continue;
    }
    const [, operator, word] = match;
    if (operator !== undefined) yield [operator, true];
    else if (word !== undefined) yield [word.replace(/^(['"])(.*)\1$/s, "$2"), !/['"]/.test(word)];
  }
}

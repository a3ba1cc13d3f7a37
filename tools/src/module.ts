import { type ParseResult, parseSync } from "vite";

/** One place where a file names another module: `import`, `export … from`, `import()`, or `import("…").Type`. */
export interface Reference {
  /** As it is written: `../errors.ts`, `@redoubt/server`. */
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Parses a module.
 *
 * @param file only for the message, and for its ending, which says the language
 * @throws Error when it is not valid TypeScript or JavaScript
 */
export function parseModule(file: string, text: string): ParseResult {
  const parsed = parseSync(file, text);
  const [first] = parsed.errors;
  if (first !== undefined) throw new Error(`${file}: ${first.message}\n${first.codeframe ?? ""}`);
  return parsed;
}

/** Every module that the text names, in the order of the text. Types count: a floor is a floor for types, too. */
export function references(file: string, text: string): Reference[] {
  const found: Literal[] = [];
  collect(parseModule(file, text).program, found);
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ value, start }) => ({ specifier: value, line: text.slice(0, start).split("\n").length }));
}

interface Literal {
  readonly value: string;
  readonly start: number;
}

const naming = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

/** A specifier that is computed cannot be judged and is left out. */
function collect(node: unknown, found: Literal[]): void {
  if (typeof node !== "object" || node === null) return;
  const { type, source } = node as { type?: string; source?: { value?: unknown; start: number } | null };
  if (type !== undefined && naming.has(type) && typeof source?.value === "string") {
    found.push({ value: source.value, start: source.start });
  }
  for (const child of Object.values(node)) collect(child, found);
}

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { secretOptions } from "./options/unsupported-options.ts";
import { type Place, problemAt } from "./place.ts";

/** What a line says. */
export type Statement =
  | { readonly kind: "section"; readonly name: string; readonly place: Place }
  | { readonly kind: "option"; readonly name: string; readonly value: string; readonly place: Place };

/** The statements of a file and of those that it includes, and what is wrong with other lines. */
export interface Statements {
  readonly statements: Statement[];
  readonly problems: RedoubtError[];
  /** Every file that was read, as named. */
  readonly files: string[];
}

/** Directories that include each other are a mistake. */
const deepest = 10;

/**
 * Reads a file, by the grammar of stunnel 5.68: one statement in a line, lines trimmed, `;` or `#` first makes a comment,
 * no continuation and no comment behind a value; a byte order mark may come first.
 * @throws RedoubtError `CONFIG_FILE` when the file itself cannot be read
 */
export function readStatements(file: string): Statements {
  const found: Statements = { statements: [], problems: [], files: [] };
  addText(readText(file), file, 0, found);
  return found;
}

/** The same for a text that was read already; `file` is its name in messages. */
export function statementsOf(text: string, file: string): Statements {
  const found: Statements = { statements: [], problems: [], files: [] };
  addText(text, file, 0, found);
  return found;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "does not exist" : code === "EISDIR" ? "is a directory" : "cannot be read";
    throw new RedoubtError("CONFIG_FILE", `Invalid configuration file name "${file}": it ${why}`, { cause });
  }
}

function addText(text: string, file: string, depth: number, found: Statements): void {
  found.files.push(file);
  const lines = text.replace(/^\ufeff/, "").split("\n");
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith(";") || line.startsWith("#")) continue;
    addLine(line, { file, line: index + 1, text: shown(line) }, depth, found);
  }
}

function addLine(line: string, place: Place, depth: number, found: Statements): void {
  if (line.startsWith("[") && line.endsWith("]")) {
    found.statements.push({ kind: "section", name: line.slice(1, -1), place });
    return;
  }
  const equals = line.indexOf("=");
  if (equals < 0) {
    found.problems.push(problemAt(place, "CONFIG_SYNTAX", "No '=' found", hintFor(line)));
    return;
  }
  const name = line.slice(0, equals).trimEnd();
  const value = line.slice(equals + 1).trimStart();
  if (name.toLowerCase() === "include") addDirectory(value, place, depth, found);
  else found.statements.push({ kind: "option", name, value, place });
}

/** All files of the directory, hidden ones too, by name; each goes on where the one before ended. */
function addDirectory(directory: string, place: Place, depth: number, found: Statements): void {
  const wrong = (what: string, hint: string): void =>
    void found.problems.push(problemAt(place, "CONFIG_FILE", what, hint));
  if (depth === deepest) return wrong("Files include each other without end", "Remove this line.");
  let files: string[];
  try {
    files = readdirSync(directory)
      .sort()
      .map((name) => join(directory, name))
      .filter((path) => statSync(path).isFile());
  } catch {
    return wrong(
      "Failed to include directory",
      "Name a directory that this user may read; its files are taken in the order of their names.",
    );
  }
  for (const file of files) {
    try {
      addText(readText(file), file, depth + 1, found);
    } catch (error) {
      wrong((error as Error).message, "Make the file readable, or take it out of the directory.");
    }
  }
}

function hintFor(line: string): string {
  if (line.startsWith("["))
    return "A section is [name] and nothing else in its line; a comment needs a line of its own.";
  if (line.startsWith("//")) return "A comment begins with ; or #.";
  return "Write name = value; a value cannot go on in the next line.";
}

/** The line without a secret that it may hold. */
function shown(line: string): string {
  const [, name = "", equals = ""] = /^([^=]*?)(\s*=\s*)./.exec(line) ?? [];
  return secretOptions.has(name.trim().toLowerCase()) ? `${name}${equals}…` : line;
}

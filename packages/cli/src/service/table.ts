import { nearestName, RedoubtError } from "@redoubt/client";
import type { Command } from "commander";
import { inert, type Output } from "../output.ts";

/** How a list is printed. */
export interface TableFlags {
  readonly json?: true;
  readonly format?: string;
  readonly verbose?: true;
}

/** A record as it is printed: JSON, with the names that `--format` takes. */
export type Item = Readonly<Record<string, unknown>>;

/** Adds `--json`, `--format` and, where there are details, `-v`. */
export function addTableFlags(command: Command, { details = false } = {}): Command {
  command
    .option("--json", "print one JSON document")
    .option("--format <text>", "print this text for each, {names} replaced: '{service_name} {state}'");
  return details ? command.option("-v, --verbose", "add details") : command;
}

/**
 * Prints items: a table of some columns, their JSON, or a line each of `--format`. An empty list prints nothing, `[]` as JSON.
 *
 * @param columns names of fields, dots for what is inside
 * @param one the JSON is the one item, not a list
 */
export function printItems(
  items: readonly Item[],
  columns: readonly string[],
  flags: TableFlags,
  output: Output,
  { one = false, details = [] as readonly string[] } = {},
): void {
  if (flags.json) return output.json(one ? (items[0] ?? null) : items);
  if (flags.format !== undefined) {
    const line = readFormat(flags.format);
    for (const item of items) output.line(line(item));
    return;
  }
  if (items.length === 0) return;
  const rows = items.map((item) => columns.map((name) => cell(fieldOf(item, name), name)));
  const heads = columns.map((name) => name.toUpperCase());
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  output.line(output.paint("strong", line(heads)));
  output.line(line(widths.map((width) => "=".repeat(width))));
  for (const [i, row] of rows.entries()) {
    output.line(line(row));
    if (flags.verbose) printDetails(items[i] as Item, details, output, i + 1 < rows.length);
  }
}

function printDetails(item: Item, details: readonly string[], output: Output, more: boolean): void {
  const pairs = details.flatMap((name) => flattened(fieldOf(item, name), name));
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  for (const [name, value] of pairs) output.line(`    ${name.padEnd(width)} = ${value}`);
  if (more) output.line();
}

/** Objects become rows with dotted names; lists stay on one. */
function flattened(value: unknown, name: string): (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "object" && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, part]) => flattened(part, `${name}.${key}`));
  return [[name, cell(value, name)]];
}

/** One line of text for a value. Times lose their fractions. */
function cell(value: unknown, name: string): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((part) => cell(part, name)).join(", ");
  if (typeof value === "object") return inert(JSON.stringify(value));
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return inert(name.endsWith("_time") ? text.replace(/\.\d+(?=Z$)/, "") : text);
}

/** The part of an item that dots name; `undefined` where there is none. */
function fieldOf(item: Item, name: string): unknown {
  let value: unknown = item;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/**
 * Reads a `--format`: names in braces, doubled braces for braces.
 *
 * @throws RedoubtError CONFIG_SYNTAX with the position; CONFIG_UNKNOWN_KEY for a name that an item does not have
 */
function readFormat(format: string): (item: Item) => string {
  const parts: (string | { readonly name: string; readonly at: number })[] = [];
  const pattern = /\{\{|\}\}|\{([a-z0-9_.-]+)\}|[{}]/gi;
  let from = 0;
  for (const match of format.matchAll(pattern)) {
    parts.push(format.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[1] !== undefined) parts.push({ name: match[1], at: match.index + 1 });
    else if (match[0].length === 2) parts.push(match[0].slice(1));
    else
      throw new RedoubtError("CONFIG_SYNTAX", "--format has a brace without its other half.", {
        position: match.index,
        hint: "Write names in braces, {service_name}; a brace itself is written twice.",
      });
  }
  parts.push(format.slice(from));
  return (item) =>
    parts.map((part) => (typeof part === "string" ? part : text(item, part.name, part.at))).join("");
}

function text(item: Item, name: string, position: number): string {
  const value = fieldOf(item, name);
  if (value === undefined) {
    const [first = ""] = name.split(".");
    // A part that this item happens not to have, as an option that is not set, is empty.
    if (name !== first && typeof fieldOf(item, first) === "object") return "";
    const near = nearestName(name, Object.keys(item));
    throw new RedoubtError("CONFIG_UNKNOWN_KEY", "--format names a field that there is not.", {
      position,
      hint: `${near === null ? "" : `Did you mean ${near}? `}Fields: ${Object.keys(item).sort().join(", ")}.`,
    });
  }
  return cell(value, "");
}

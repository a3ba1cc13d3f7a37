import type { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";
import { globalOptions } from "./options/global-options.ts";
import type { OptionRow } from "./options/row.ts";
import { olderNames, serviceOptions } from "./options/service-options.ts";
import { unsupportedOptions } from "./options/unsupported-options.ts";
import { type Place, problemAt } from "./place.ts";
import { Settings } from "./settings.ts";
import { readStatements, type Statement, type Statements, statementsOf } from "./statements.ts";
import { ValueError } from "./values/value-error.ts";

/** A `[name]` and what was said below it, after what the lines above the first section say for all. */
export interface Section {
  readonly name: string;
  readonly place: Place;
  readonly settings: Settings<typeof serviceOptions>;
}

/** A configuration as it was written, options read one by one. */
export interface ParsedFile {
  readonly globals: Settings<typeof globalOptions>;
  readonly sections: readonly Section[];
  /** What is wrong, in the order of the lines. Only a file without any may be used. */
  readonly problems: readonly RedoubtError[];
  readonly files: readonly string[];
}

/**
 * Reads a `stunnel.conf` with the files that it includes.
 * @throws RedoubtError `CONFIG_FILE` when the file itself cannot be read; everything else is in `problems`
 */
export function parseFile(file: string): ParsedFile {
  return parseStatements(readStatements(file));
}

/** The same for a text; `file` is its name in messages. */
export function parseText(text: string, file: string): ParsedFile {
  return parseStatements(statementsOf(text, file));
}

function parseStatements({ statements, problems: found, files }: Statements): ParsedFile {
  const problems = [...found];
  const globals = new Settings<typeof globalOptions>();
  const defaults = new Settings<typeof serviceOptions>();
  const sections: Section[] = [];
  for (const statement of statements) {
    if (statement.kind === "section") {
      sections.push({ name: statement.name, place: statement.place, settings: defaults.copy() });
      continue;
    }
    const section = sections.at(-1);
    const problem =
      section === undefined
        ? readGlobal(statement, globals, defaults)
        : readService(statement, section.settings);
    if (problem !== null) problems.push(problem);
  }
  problems.sort(byPlace(files));
  return { globals, sections, problems, files };
}

type Option = Extract<Statement, { kind: "option" }>;

function readGlobal(
  statement: Option,
  globals: Settings<typeof globalOptions>,
  defaults: Settings<typeof serviceOptions>,
): RedoubtError | null {
  const name = rowName(globalOptions, statement.name);
  if (name === null) return readService(statement, defaults);
  return readValue(globalOptions[name], statement, (value) => globals.add(name, value, statement.place));
}

function readService(statement: Option, settings: Settings<typeof serviceOptions>): RedoubtError | null {
  const name = rowName(serviceOptions, statement.name) ?? olderNames[statement.name.toLowerCase()] ?? null;
  if (name === null) return unknown(statement);
  return readValue(serviceOptions[name], statement, (value) => settings.add(name, value, statement.place));
}

function readValue(
  row: OptionRow<unknown>,
  { value, place }: Option,
  keep: (value: unknown) => void,
): RedoubtError | null {
  try {
    keep(row.read(value));
    return null;
  } catch (error) {
    if (error instanceof ValueError)
      return problemAt(place, "CONFIG_INVALID_VALUE", error.message, error.hint);
    throw error;
  }
}

const allNames: readonly string[] = [
  ...new Set([...Object.keys(globalOptions), ...Object.keys(serviceOptions)]),
];

function unknown({ name, place }: Option): RedoubtError {
  const unsupported = spelled(Object.keys(unsupportedOptions), name);
  if (unsupported !== null) {
    const what = `${unsupported} is not supported`;
    return problemAt(place, "CONFIG_UNSUPPORTED", what, unsupportedOptions[unsupported] as string);
  }
  const isGlobal = rowName(globalOptions, name);
  const near = nearestName(name, allNames);
  return problemAt(
    place,
    "CONFIG_UNKNOWN_KEY",
    "Specified option name is not valid here",
    isGlobal !== null
      ? `${isGlobal} is about the whole process: write it above the first section.`
      : near !== null
        ? `Did you mean ${near}?`
        : "stunnel has no such option either; see the list of options in docs/guide/stunnel.md, or remove the line.",
  );
}

function rowName<Rows extends Readonly<Record<string, unknown>>>(
  rows: Rows,
  name: string,
): (keyof Rows & string) | null {
  return spelled(Object.keys(rows) as (keyof Rows & string)[], name);
}

/** The name in our spelling: stunnel does not care for case. */
function spelled<Name extends string>(names: readonly Name[], name: string): Name | null {
  const folded = name.toLowerCase();
  return names.find((candidate) => candidate.toLowerCase() === folded) ?? null;
}

/** Problems of several files, in the order in which these were read. */
function byPlace(files: readonly string[]): (a: RedoubtError, b: RedoubtError) => number {
  const rank = ({ message }: RedoubtError): number => {
    const file = files.findIndex((name) => message.startsWith(`${name}:`));
    return file * 1e7 + Number(/^:(\d+):/.exec(message.slice(files[file]?.length ?? 0))?.[1] ?? 0);
  };
  return (a, b) => rank(a) - rank(b);
}

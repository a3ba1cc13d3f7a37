import { nearestName } from "../config/nearest.ts";
import type { Environment } from "../config/parse.ts";
import { RedoubtError } from "../errors.ts";

/** A value of the configuration, and how its key was written there, for messages. */
export interface Found {
  readonly value: string;
  readonly key: string;
}

/** Values by their keys' rest below a section, lower-cased. */
export type Section = ReadonlyMap<string, Found>;

/** The section of upstream's client integration: apps that were configured for it go on as they are. */
const base = "aspire:stackexchange:redis";

/**
 * What configuration says of a client: the section `Aspire:StackExchange:Redis`, and over it the one of its name. Variables spell the
 * colon `__`; they win over what a program hands in.
 * @param configuration nested objects, for example a parsed JSON file
 */
export function readSection(environment: Environment, configuration: unknown, name: string): Section {
  const all = new Map<string, Found>();
  for (const [key, value] of flatten(configuration)) all.set(key.toLowerCase(), { key, value });
  for (const [key, value] of Object.entries(environment))
    if (value !== undefined && value !== "") all.set(key.replaceAll("__", ":").toLowerCase(), { key, value });
  const section = new Map<string, Found>();
  for (const prefix of [`${base}:`, `${base}:${name.toLowerCase()}:`])
    for (const [key, found] of all) if (key.startsWith(prefix)) section.set(key.slice(prefix.length), found);
  return section;
}

function* flatten(content: unknown, prefix = ""): Generator<readonly [string, string]> {
  if (content === null || content === undefined) return;
  if (typeof content !== "object") {
    yield [prefix, String(content as string | number | boolean)];
    return;
  }
  for (const [key, value] of Object.entries(content))
    yield* flatten(value, prefix === "" ? key : `${prefix}:${key}`);
}

/** The text of a key. */
export const textOf = (section: Section, key: string): string | undefined =>
  section.get(key.toLowerCase())?.value;

/** @throws RedoubtError `CONFIG_INVALID_VALUE` that names the key */
export function booleanOf(section: Section, key: string): boolean | undefined {
  const found = section.get(key.toLowerCase());
  if (found === undefined) return undefined;
  if (/^true$/i.test(found.value)) return true;
  if (/^false$/i.test(found.value)) return false;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${found.key} needs true or false`);
}

/** @throws RedoubtError `CONFIG_INVALID_VALUE` that names the key */
export function numberOf(section: Section, key: string): number | undefined {
  const found = section.get(key.toLowerCase());
  if (found === undefined) return undefined;
  if (/^-?\d{1,9}$/.test(found.value)) return Number(found.value);
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${found.key} needs a whole number`);
}

/** @throws RedoubtError `CONFIG_UNKNOWN_KEY` for a key below the options that nobody knows */
export function refuseUnknown(section: Section, stem: string, known: readonly string[]): void {
  const lower = known.map((key) => key.toLowerCase());
  for (const [key, found] of section) {
    if (!key.startsWith(`${stem.toLowerCase()}:`)) continue;
    const name = key.slice(stem.length + 1);
    if (lower.includes(name)) continue;
    const near = nearestName(name, known);
    throw new RedoubtError(
      "CONFIG_UNKNOWN_KEY",
      `Unknown option ${found.key}${near === null ? "" : `: did you mean ${near}?`}`,
    );
  }
}

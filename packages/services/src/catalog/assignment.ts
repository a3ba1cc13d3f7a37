import { RedoubtError } from "@redoubt/client";
import type { UserConfig } from "../contract/service.ts";
import { readLiteral } from "./literal.ts";
import { allowed, checkConfig, checkValue, invalidValue, isObject } from "./option-check.ts";
import type { ConfigValue, FieldRow, OptionType } from "./option-row.ts";
import { optionNamed } from "./option-table.ts";
import type { ServiceTypeName } from "./service-types.ts";

/** What `-c` and `--remove-option` ask for: a value for each option, `null` for back to its default. */
export type ConfigChanges = UserConfig;

const booleans: ReadonlyMap<string, boolean> = new Map(
  [
    ["1", "true", "yes", "on"],
    ["0", "false", "no", "off"],
  ].flatMap((words, i) => words.map((word): [string, boolean] => [word, i === 0])),
);

/**
 * Reads `-c KEY=VALUE` and `--remove-option KEY` as often as they were given. A later one of the same option wins; fields
 * of a group come together.
 *
 * @throws RedoubtError CONFIG_SYNTAX, CONFIG_UNKNOWN_KEY, CONFIG_INVALID_VALUE; its position is the index in that argument
 * @example readChanges("redis", ["redis_ssl=no"], []) // { redis_ssl: false }
 */
export function readChanges(
  type: ServiceTypeName,
  assignments: readonly string[],
  removals: readonly string[],
): ConfigChanges {
  const changes: Record<string, ConfigValue> = {};
  for (const text of assignments) {
    const { name, field, value } = readAssignment(type, text);
    const before = changes[name];
    changes[name] = field === undefined ? value : { ...(isObject(before) && before), [field]: value };
  }
  for (const key of removals) {
    const { name, field } = optionNamed(type, key);
    if (field !== undefined)
      throw new RedoubtError(
        "CONFIG_SYNTAX",
        `--remove-option takes whole options: ${name}, not a field of it.`,
        {
          hint: `Remove ${name}, and set again what shall stay.`,
        },
      );
    if (name in changes)
      throw new RedoubtError("CONFIG_AMBIGUOUS", `${name} is set by -c and removed by --remove-option.`, {
        hint: "Leave out one of the two.",
      });
    changes[name] = null;
  }
  return changes;
}

/** One `KEY=VALUE`, read and held to its option. */
function readAssignment(
  type: ServiceTypeName,
  text: string,
): { readonly name: string; readonly field?: string; readonly value: ConfigValue } {
  const at = text.indexOf("=");
  if (at < 0)
    throw new RedoubtError("CONFIG_SYNTAX", "-c takes KEY=VALUE.", {
      position: text.length,
      hint: 'For example: -c redis_timeout=600. Fields of a group: -c "public_access.redis=true".',
    });
  const { name, row, field } = optionNamed(type, text.slice(0, at).trim());
  const key = field === undefined ? name : `${name}.${field.name}`;
  const known: { readonly type: OptionType; readonly secret?: true } = field === undefined ? row : field.row;
  const secret = known.secret === true || (known.type.kind === "group" && hasSecret(known.type.fields));
  const value = readValue(key, text.slice(at + 1), known.type, at + 1, secret);
  // What a group lacks may come with the next one: it is looked at when all are together.
  if (known.type.kind !== "group") checkValue(key, value, known.type, { secret, position: at + 1 });
  return { name, value, ...(field !== undefined && { field: field.name }) };
}

function hasSecret(fields: Readonly<Record<string, FieldRow>>): boolean {
  return Object.values(fields).some((field) => field.secret === true);
}

function readValue(
  key: string,
  text: string,
  type: OptionType,
  position: number,
  secret: boolean,
): ConfigValue {
  const trimmed = text.trim();
  const refuse = (at = 0, because?: string) =>
    invalidValue(key, text, type, { secret, position: position + at, because });
  switch (type.kind) {
    case "boolean": {
      const value = booleans.get(trimmed.toLowerCase());
      if (value === undefined) throw refuse(0, "write true or false (also yes, no, on, off, 1, 0)");
      return value;
    }
    case "integer":
      if (
        /^[+-]?(?:0|[1-9]\d*)$/.test(trimmed) ||
        /^0x[\da-f]+$/i.test(trimmed) ||
        /^0o[0-7]+$/i.test(trimmed)
      )
        return Number(trimmed);
      throw refuse(0, /^0\d+$/.test(trimmed) ? "a leading zero may mean an octal number" : undefined);
    case "word":
    case "text":
      return text;
    case "networks":
    case "texts":
      if (trimmed === "") return [];
      if (/^[[{]/.test(trimmed)) {
        const list = literal(trimmed.startsWith("{") ? `[${trimmed}]` : trimmed, refuse);
        return Array.isArray(list) ? list : [list];
      }
      return trimmed.split(",").map((item) => item.trim().replace(/^(["'])(.*)\1$/, "$2"));
    case "group": {
      if (trimmed.startsWith("{")) return literal(trimmed, refuse);
      throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} takes ${allowed(type)}.`, {
        position,
        hint: `Give fields one by one: ${Object.keys(type.fields)
          .slice(0, 2)
          .map((name) => `-c ${key}.${name}=…`)
          .join(" ")}; or JSON.`,
      });
    }
  }
}

function literal(text: string, refuse: (at: number, because: string) => RedoubtError): ConfigValue {
  const read = readLiteral(text);
  if ("value" in read) return read.value;
  throw refuse(read.at, "it cannot be read as JSON from there on");
}

/**
 * The `user_config` after changes; what becomes `null` is no longer set. The whole is held to the table.
 *
 * @throws RedoubtError CONFIG_INVALID_VALUE, CONFIG_MISSING (a group without a field that it needs)
 */
export function changedConfig(
  type: ServiceTypeName,
  before: UserConfig,
  changes: ConfigChanges,
  when: "create" | "update",
): UserConfig {
  checkChanges(type, changes, when);
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    const present = after[name];
    if (value === null) delete after[name];
    else after[name] = isObject(value) && isObject(present) ? { ...present, ...value } : value;
  }
  for (const [name, value] of Object.entries(after))
    checkValue(name, value, optionNamed(type, name).row.type);
  return after;
}

function checkChanges(type: ServiceTypeName, changes: ConfigChanges, when: "create" | "update"): void {
  const whole = Object.fromEntries(Object.entries(changes).filter(([, value]) => !isObject(value)));
  checkConfig(type, whole, when);
  for (const key of Object.keys(changes)) optionNamed(type, key);
}

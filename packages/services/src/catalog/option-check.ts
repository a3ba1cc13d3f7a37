import { RedoubtError } from "@redoubt/client";
import type { UserConfig } from "../contract/service.ts";
import { networkProblem } from "./network.ts";
import type { FieldRow, OptionType } from "./option-row.ts";
import { optionNamed } from "./option-table.ts";
import type { ServiceTypeName } from "./service-types.ts";

/** Values longer than this are not repeated in errors. */
const longestShown = 64;

/**
 * What an option takes, for people: `0 to 2073600 seconds`, `one of off, rdb`.
 */
export function allowed(type: OptionType): string {
  switch (type.kind) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number from ${type.min} to ${type.max}${type.unit === undefined ? "" : ` (${type.unit})`}`;
    case "word":
      return `one of ${type.words.join(", ")}`;
    case "text":
      return `a text of at most ${type.maxLength} characters${type.patternMeaning === undefined ? "" : `: ${type.patternMeaning}`}`;
    case "networks":
      return `at most ${type.maxItems} networks like 10.0.0.0/24, each alone or as {"network": …, "description": …}`;
    case "texts":
      return `a list of at most ${type.maxItems}, each ${allowed(type.item)}`;
    case "group":
      return `an object of ${Object.keys(type.fields).join(", ")}`;
  }
}

/**
 * Holds a whole `user_config` to the table.
 *
 * @param when options of `create` only are refused in an update
 * @throws RedoubtError CONFIG_UNKNOWN_KEY, CONFIG_INVALID_VALUE with the key, the value and what is allowed
 */
export function checkConfig(type: ServiceTypeName, config: UserConfig, when: "create" | "update"): void {
  for (const [key, value] of Object.entries(config)) {
    const { row } = optionNamed(type, key);
    if (row.createOnly && when === "update" && value !== null)
      throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} can only be given when a service is created.`, {
        hint: `Create a service with -c ${key}=….`,
      });
    if (value !== null) checkValue(key, value, row.type);
  }
}

/**
 * Holds one value to the type of its option.
 *
 * @param secret its value is in no error
 * @throws RedoubtError CONFIG_INVALID_VALUE with the key, the value and what is allowed
 */
export function checkValue(
  key: string,
  value: unknown,
  type: OptionType,
  { secret = false, position }: { readonly secret?: boolean; readonly position?: number | undefined } = {},
): void {
  const refuse = (because?: string) => {
    throw invalidValue(key, value, type, { secret, position, because });
  };
  switch (type.kind) {
    case "boolean":
      if (typeof value !== "boolean") refuse();
      return;
    case "integer":
      if (typeof value !== "number" || !Number.isSafeInteger(value)) refuse();
      else if (value < type.min || value > type.max) refuse();
      return;
    case "word":
      if (typeof value !== "string" || !type.words.includes(value)) refuse();
      return;
    case "text":
      if (typeof value !== "string" || value.length > type.maxLength) refuse();
      else if (/\p{Cc}/u.test(value)) refuse("it holds a control character");
      else if (type.pattern !== undefined && !type.pattern.test(value)) refuse();
      return;
    case "networks":
      if (!Array.isArray(value) || value.length > type.maxItems) return refuse();
      for (const [i, item] of (value as unknown[]).entries()) {
        const problem = networkProblem(item);
        if (problem !== null)
          throw invalidValue(`${key}[${i}]`, item, type, { secret, position, because: problem });
      }
      return;
    case "texts":
      if (!Array.isArray(value) || value.length > type.maxItems) return refuse();
      for (const [i, item] of (value as unknown[]).entries())
        checkValue(`${key}[${i}]`, item, type.item, { position });
      return;
    case "group":
      if (!isObject(value)) return refuse();
      checkFields(key, value, type.fields);
  }
}

function checkFields(
  key: string,
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, FieldRow>>,
): void {
  for (const [name, part] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined)
      throw new RedoubtError("CONFIG_UNKNOWN_KEY", `${key} has no field of that name.`, {
        hint: `Fields: ${Object.keys(fields).join(", ")}.`,
      });
    if (part !== null) checkValue(`${key}.${name}`, part, field.type, { secret: field.secret === true });
  }
  const missing = Object.keys(fields).filter((name) => fields[name]?.required && value[name] == null);
  if (missing.length > 0)
    throw new RedoubtError("CONFIG_MISSING", `${key} needs ${missing.join(" and ")}.`, {
      hint: `Give ${missing.map((name) => `-c ${key}.${name}=…`).join(" ")} together with the others.`,
    });
}

/** Says that a value is not what its option takes. */
export function invalidValue(
  key: string,
  value: unknown,
  type: OptionType,
  {
    secret = false,
    position,
    because,
  }: {
    readonly secret?: boolean;
    readonly position?: number | undefined;
    readonly because?: string | undefined;
  },
): RedoubtError {
  const text = JSON.stringify(value) ?? "nothing";
  const shown = secret ? "its value" : text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  const why = because === undefined ? "" : `: ${because}`;
  return new RedoubtError("CONFIG_INVALID_VALUE", `${key} takes ${allowed(type)}; not ${shown}${why}.`, {
    ...(position !== undefined && { position }),
    hint: `Give ${key} ${allowed(type)}.`,
  });
}

/** Whether a value is an object, and neither a list nor nothing. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

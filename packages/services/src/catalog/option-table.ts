import { mask, nearestName, RedoubtError } from "@redoubt/client";
import type { UserConfig } from "../contract/service.ts";
import type { FieldRow, OptionRow } from "./option-row.ts";
import { cloudOptions } from "./options/cloud.ts";
import { serverOptions } from "./options/server.ts";
import { serviceOptions } from "./options/service.ts";
import { type ServiceTypeName, serviceTypes } from "./service-types.ts";

/** Every option of `user_config`, by its full name. */
export type OptionTable = ReadonlyMap<string, OptionRow>;

/** The options that a type of service has: `redis_timeout`, `ip_filter`, … */
export const optionTables: Readonly<Record<ServiceTypeName, OptionTable>> = {
  redis: tableOf("redis"),
  valkey: tableOf("valkey"),
};

function tableOf(type: ServiceTypeName): OptionTable {
  const own = Object.entries(serverOptions(type)).map(([name, row]): [string, OptionRow] => [
    `${serviceTypes[type].prefix}${name}`,
    row,
  ]);
  return new Map([...own, ...Object.entries(serviceOptions(type)), ...Object.entries(cloudOptions(type))]);
}

/** Names that `-c` takes, with dots for the fields of groups: `migration`, `migration.host`, … */
export function optionNames(type: ServiceTypeName): readonly string[] {
  return [...optionTables[type]].flatMap(([name, row]) => [
    name,
    ...(row.type.kind === "group" ? Object.keys(row.type.fields).map((field) => `${name}.${field}`) : []),
  ]);
}

/** What `-c` means by a name: an option, or a field of one. */
export interface NamedOption {
  readonly name: string;
  readonly row: OptionRow;
  /** Set for `migration.host`. */
  readonly field?: { readonly name: string; readonly row: FieldRow };
}

/**
 * Finds an option by its name.
 *
 * @param position where the name stands in the text that was given, for the error
 * @throws RedoubtError CONFIG_UNKNOWN_KEY with the nearest name and all names
 */
export function optionNamed(type: ServiceTypeName, key: string, position = 0): NamedOption {
  const [name = "", field, ...more] = key.split(".");
  const row = optionTables[type].get(name);
  if (row !== undefined && field === undefined) return { name, row };
  if (row?.type.kind === "group" && field !== undefined && more.length === 0) {
    const fieldRow = Object.hasOwn(row.type.fields, field) ? row.type.fields[field] : undefined;
    if (fieldRow !== undefined) return { name, row, field: { name: field, row: fieldRow } };
  }
  throw unknownOption(type, key, position);
}

function unknownOption(type: ServiceTypeName, key: string, position: number): RedoubtError {
  const names = optionNames(type);
  const other: ServiceTypeName = type === "redis" ? "valkey" : "redis";
  // Only what looks like a name is repeated: a secret may stand in the wrong place.
  const shown = /^[a-z][a-z0-9_.]{0,63}$/i.test(key) ? ` ${key}` : " of that name";
  const near =
    nearestName(key, names) ??
    names.find((name) => name === key.replace(serviceTypes[other].prefix, serviceTypes[type].prefix)) ??
    names.find((name) => name === `${serviceTypes[type].prefix}${key}`) ??
    null;
  return new RedoubtError("CONFIG_UNKNOWN_KEY", `${serviceTypes[type].title} has no option${shown}.`, {
    position,
    hint: `${near === null ? "" : `Did you mean ${near}? `}Options: ${[...names].sort().join(", ")}.`,
  });
}

/** What was set as it may be shown: secrets are masked. */
export function publicConfig(type: ServiceTypeName, config: UserConfig): UserConfig {
  const shown = (name: string, value: unknown): unknown => {
    const known = optionTables[type].get(name)?.type;
    if (known?.kind !== "group" || typeof value !== "object" || value === null) return value;
    const fields = Object.entries(value).map(([field, part]): [string, unknown] => [
      field,
      known.fields[field]?.secret && part !== null ? mask : part,
    ]);
    return Object.fromEntries(fields);
  };
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, shown(name, value)]));
}

/** What holds: what was set, over the defaults. */
export function effectiveConfig(type: ServiceTypeName, config: UserConfig): UserConfig {
  const all: Record<string, unknown> = {};
  for (const [name, row] of optionTables[type]) {
    const set = config[name];
    const value = set === undefined || set === null ? row.default : set;
    if (value !== undefined) all[name] = value;
  }
  return all;
}

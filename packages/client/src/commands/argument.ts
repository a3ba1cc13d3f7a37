import { RedoubtError } from "../errors.ts";
import type { CommandSpec, RedisArgument } from "./command.ts";

/**
 * How commands turn what the caller gave into arguments. Only the form is checked here (empty lists, options that exclude
 * each other); that each argument is a string, Buffer or number is checked once for all, by the encoder.
 */

/** One value, or a list of at least one. */
export type OneOrMore<T = RedisArgument> = T | readonly T[];

/** Fields or keys with their values: object, Map, list of pairs, or a flat list `[name, value, name, value]`. */
export type Entries =
  | { readonly [name: string]: RedisArgument }
  | ReadonlyMap<RedisArgument, RedisArgument>
  | readonly (readonly [RedisArgument, RedisArgument])[]
  | readonly RedisArgument[];

/** One name with its value, or {@link Entries}: the last parameters of a command that takes either. */
export type OneOrEntries = [name: RedisArgument, value: RedisArgument] | [entries: Entries];

/** The error for an argument that cannot be sent: `option` names it, `problem` ends the sentence. */
export function invalid(of: CommandSpec, option: string, problem: string): RedoubtError {
  return new RedoubtError("CONFIG_INVALID_VALUE", `${of.name}: ${option} ${problem}`, { command: of.name });
}

/**
 * The list behind {@link OneOrMore}, not copied.
 * @throws RedoubtError CONFIG_INVALID_VALUE when it is empty.
 */
export function several<T extends RedisArgument | object>(
  of: CommandSpec,
  option: string,
  value: OneOrMore<T>,
): readonly T[] {
  if (!isList(value)) return [value];
  if (value.length === 0) throw invalid(of, option, "must hold at least one element");
  return value;
}

/** {@link several}, preceded by how many there are. */
export function counted(of: CommandSpec, option: string, value: OneOrMore): RedisArgument[] {
  const values = several(of, option, value);
  return [values.length, ...values];
}

/**
 * Entries as `[name, value, name, value, …]`, a new array.
 * @throws RedoubtError CONFIG_INVALID_VALUE when there are none, or a name has no value.
 */
export function flatten(of: CommandSpec, option: string, entries: Entries): RedisArgument[] {
  const flat: RedisArgument[] = [];
  if (entries instanceof Map) {
    for (const [name, value] of entries) flat.push(name, value);
  } else if (Array.isArray(entries)) {
    for (const item of entries as readonly (RedisArgument | readonly RedisArgument[])[]) {
      if (!isList(item)) flat.push(item);
      else if (item.length === 2) flat.push(...item);
      else throw invalid(of, option, "must hold pairs of a name and a value");
    }
  } else {
    const record = entries as { readonly [name: string]: RedisArgument };
    for (const name of Object.keys(record)) flat.push(name, record[name] as RedisArgument);
  }
  if (flat.length === 0) throw invalid(of, option, "must hold at least one entry");
  if (flat.length % 2 !== 0) throw invalid(of, option, "must have a value for every name");
  return flat;
}

/** What {@link flatten} gives, for {@link OneOrEntries}. */
export function flattenOneOr(of: CommandSpec, option: string, given: OneOrEntries): RedisArgument[] {
  const [first, value] = given;
  if (typeof first === "object" && !(first instanceof Uint8Array)) return flatten(of, option, first);
  if (value === undefined) throw invalid(of, "value", "must be given with a single name");
  return [first, value];
}

/**
 * The one value given among options that exclude each other; undefined and false are not given.
 * @throws RedoubtError CONFIG_INVALID_VALUE when there are two.
 */
export function onlyOne<T>(
  of: CommandSpec,
  options: { readonly [option: string]: T | undefined | false },
): T | undefined {
  let given: string | undefined;
  for (const option of Object.keys(options)) {
    if (options[option] === undefined || options[option] === false) continue;
    if (given !== undefined)
      throw invalid(of, `${given} and ${option}`, "exclude each other: give one of them");
    given = option;
  }
  return given === undefined ? undefined : (options[given] as T);
}

/** A score or bound: infinities the way Redis writes them, strings such as `(1.5` as they are. */
export function double(value: RedisArgument): RedisArgument {
  if (value === Number.POSITIVE_INFINITY) return "+inf";
  return value === Number.NEGATIVE_INFINITY ? "-inf" : value;
}

/** Unix time in whole seconds. */
export function seconds(time: number | Date): number {
  return typeof time === "number" ? time : Math.floor(time.getTime() / 1000);
}

/** Unix time in milliseconds. */
export function milliseconds(time: number | Date): number {
  return typeof time === "number" ? time : time.getTime();
}

/** `Array.isArray` that also narrows read-only lists. */
export function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

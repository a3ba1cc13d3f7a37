import { isList, type OneOrMore } from "../argument.ts";
import type { RedisArgument } from "../command.ts";

/** What queries have in common. */

/** Values for `$name` in a query. */
export type QueryParams = Readonly<Record<string, RedisArgument>>;

/** Options of everything that has a query. */
export interface QueryOptions {
  readonly PARAMS?: QueryParams | undefined;
  /** Version of the language of queries; default 2. */
  readonly DIALECT?: number | undefined;
}

/** A field to sort by. */
export type SortBy =
  | RedisArgument
  | { readonly BY: RedisArgument; readonly DIRECTION?: "ASC" | "DESC" | undefined };

/** `word`, how many there are, and they; nothing when undefined. */
export function countedAfter(word: string, values: OneOrMore | undefined): RedisArgument[] {
  if (values === undefined) return [];
  const list = isList(values) ? values : [values];
  return [word, list.length, ...list];
}

/** Values for `$name` as arguments. */
export function paramsArguments(params: QueryParams | undefined): RedisArgument[] {
  const flat = Object.entries(params ?? {}).flat();
  return flat.length === 0 ? [] : ["PARAMS", flat.length, ...flat];
}

/** Params and dialect as arguments. */
export function queryArguments({ PARAMS, DIALECT = 2 }: QueryOptions = {}): RedisArgument[] {
  return [...paramsArguments(PARAMS), "DIALECT", DIALECT];
}

/** A field to sort by as arguments. */
export function sortByArguments(sortBy: SortBy): RedisArgument[] {
  if (typeof sortBy !== "object" || sortBy instanceof Uint8Array) return [sortBy];
  return sortBy.DIRECTION === undefined ? [sortBy.BY] : [sortBy.BY, sortBy.DIRECTION];
}

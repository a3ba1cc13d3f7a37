import type { OneOrMore } from "../argument.ts";
import { type Command, command, type RedisArgument, spec } from "../command.ts";
import { countedAfter } from "./search-arguments.ts";
import { type Schema, schemaArguments } from "./search-schema.ts";

/** Making indexes, and the other names that they have. */

const ALIASADD = spec("FT.ALIASADD", { keys: null });
const ALIASDEL = spec("FT.ALIASDEL", { keys: null });
const ALIASLIST = spec("FT.ALIASLIST", { keys: null, readonly: true });
const ALIASUPDATE = spec("FT.ALIASUPDATE", { keys: null });
const ALTER = spec("FT.ALTER", { keys: null });
const CREATE = spec("FT.CREATE", { keys: null });
const DROPINDEX = spec("FT.DROPINDEX", { keys: null });
const LIST = spec("FT._LIST", { keys: null, readonly: true });

/** Options of {@link create}. */
export interface IndexOptions {
  /** What is indexed; default `HASH`. */
  readonly ON?: "HASH" | "JSON" | undefined;
  /** How keys begin; default: in any way. */
  readonly PREFIX?: OneOrMore | undefined;
  readonly FILTER?: RedisArgument | undefined;
  readonly LANGUAGE?: string | undefined;
  readonly LANGUAGE_FIELD?: RedisArgument | undefined;
  readonly SCORE?: number | undefined;
  readonly SCORE_FIELD?: RedisArgument | undefined;
  readonly MAXTEXTFIELDS?: boolean | undefined;
  /** The index goes after so many seconds without use. */
  readonly TEMPORARY?: number | undefined;
  readonly NOOFFSETS?: boolean | undefined;
  readonly NOHL?: boolean | undefined;
  readonly NOFIELDS?: boolean | undefined;
  readonly NOFREQS?: boolean | undefined;
  /** Do not index what is there already. */
  readonly SKIPINITIALSCAN?: boolean | undefined;
  readonly STOPWORDS?: OneOrMore | undefined;
}

/** The names of all indexes. */
export function _list(): Command<string[]> {
  return command(LIST, []);
}

/** Gives an index another name. */
export function aliasAdd(alias: RedisArgument, index: RedisArgument): Command<"OK"> {
  return command(ALIASADD, [alias, index]);
}

/** Takes another name away. */
export function aliasDel(alias: RedisArgument): Command<"OK"> {
  return command(ALIASDEL, [alias]);
}

/** The other names of an index. Redis 8.8. */
export function aliasList(index: RedisArgument): Command<string[]> {
  return command(ALIASLIST, [index]);
}

/** {@link aliasAdd} that may take the name from another index. */
export function aliasUpdate(alias: RedisArgument, index: RedisArgument): Command<"OK"> {
  return command(ALIASUPDATE, [alias, index]);
}

/** Adds fields to an index. */
export function alter(index: RedisArgument, schema: Schema): Command<"OK"> {
  return command(ALTER, [index, "SCHEMA", "ADD", ...schemaArguments(schema)]);
}

/** Makes an index. */
export function create(index: RedisArgument, schema: Schema, options: IndexOptions = {}): Command<"OK"> {
  const args: RedisArgument[] = [index];
  if (options.ON !== undefined) args.push("ON", options.ON);
  args.push(...countedAfter("PREFIX", options.PREFIX));
  for (const name of ["FILTER", "LANGUAGE", "LANGUAGE_FIELD", "SCORE", "SCORE_FIELD"] as const) {
    const value = options[name];
    if (value !== undefined) args.push(name, value);
  }
  if (options.MAXTEXTFIELDS) args.push("MAXTEXTFIELDS");
  if (options.TEMPORARY !== undefined) args.push("TEMPORARY", options.TEMPORARY);
  for (const name of ["NOOFFSETS", "NOHL", "NOFIELDS", "NOFREQS", "SKIPINITIALSCAN"] as const)
    if (options[name]) args.push(name);
  args.push(...countedAfter("STOPWORDS", options.STOPWORDS));
  return command(CREATE, [...args, "SCHEMA", ...schemaArguments(schema)]);
}

/** Drops an index; with `DD` the documents, too. */
export function dropIndex(
  index: RedisArgument,
  options: { readonly DD?: boolean | undefined } = {},
): Command<"OK"> {
  return command(DROPINDEX, options.DD ? [index, "DD"] : [index]);
}

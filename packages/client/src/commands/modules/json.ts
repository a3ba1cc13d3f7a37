import { invalid, type OneOrMore, onlyOne, several } from "../argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "../command.ts";
import type { Text } from "../decode.ts";
import { keysFrom } from "../keys.ts";

/**
 * JSON documents: `client.json`. Values go out through `JSON.stringify` and come back through `JSON.parse`, so they are
 * `unknown`. A path that begins with `$` may match several places: then the answer is a list, null where the type is another.
 */

const ARRAPPEND = spec("JSON.ARRAPPEND");
const ARRINDEX = spec("JSON.ARRINDEX", { readonly: true });
const ARRINSERT = spec("JSON.ARRINSERT");
const ARRLEN = spec("JSON.ARRLEN", { readonly: true });
const ARRPOP = spec("JSON.ARRPOP");
const ARRTRIM = spec("JSON.ARRTRIM");
const CLEAR = spec("JSON.CLEAR");
const DEBUG_MEMORY = spec("JSON.DEBUG MEMORY", { readonly: true });
const DEL = spec("JSON.DEL");
const FORGET = spec("JSON.FORGET");
const GET = spec("JSON.GET", { readonly: true });
const MERGE = spec("JSON.MERGE");
const MGET = spec("JSON.MGET", { readonly: true, keys: keysFrom(0, -2) });
const MSET = spec("JSON.MSET", { keys: keysFrom(0, -1, 3) });
const NUMINCRBY = spec("JSON.NUMINCRBY");
const NUMMULTBY = spec("JSON.NUMMULTBY");
const NUMPOWBY = spec("JSON.NUMPOWBY");
const OBJKEYS = spec("JSON.OBJKEYS", { readonly: true });
const OBJLEN = spec("JSON.OBJLEN", { readonly: true });
const SET = spec("JSON.SET");
const STRAPPEND = spec("JSON.STRAPPEND");
const STRLEN = spec("JSON.STRLEN", { readonly: true });
const TOGGLE = spec("JSON.TOGGLE");
const TYPE = spec("JSON.TYPE", { readonly: true });

/** One answer, or one for each place that the path matches. */
export type JsonAnswer<Value> = Value | null | (Value | null)[];

/** As for `JSON.parse`. */
export type JsonReviver = (key: string, value: unknown) => unknown;

/** Where in the document; default: its root. */
export interface JsonPathOptions {
  readonly path?: RedisArgument | undefined;
}

/** Options of {@link arrIndex}. */
export interface JsonArrIndexOptions {
  /** Where to look: `stop` is excluded. */
  readonly range?: { readonly start: number; readonly stop?: number | undefined } | undefined;
}

/** Options of {@link arrPop}. */
export interface JsonArrPopOptions {
  readonly path?: RedisArgument | undefined;
  /** Which element, only with a path; default -1, the last. */
  readonly index?: number | undefined;
  readonly reviver?: JsonReviver | undefined;
}

/** Options of {@link get}. */
export interface JsonGetOptions {
  /** With several, the answer is an object of path and value. */
  readonly path?: OneOrMore | undefined;
  readonly reviver?: JsonReviver | undefined;
}

/** Options of {@link set}: either `condition` or one of `NX` and `XX`. */
export interface JsonSetOptions {
  /** `NX`: only a new value; `XX`: only an existing one. */
  readonly condition?: "NX" | "XX" | undefined;
  readonly NX?: boolean | undefined;
  readonly XX?: boolean | undefined;
  /** How to keep arrays of floating-point numbers. */
  readonly fpha?: "FP16" | "BF16" | "FP32" | "FP64" | undefined;
}

/** A value for a place in a document. */
export interface JsonItem {
  readonly key: RedisArgument;
  readonly path: RedisArgument;
  readonly value: unknown;
}

/** Appends to arrays; answers their lengths. */
export function arrAppend(
  key: RedisArgument,
  path: RedisArgument,
  ...values: readonly [unknown, ...unknown[]]
): Command<JsonAnswer<number>> {
  return command(ARRAPPEND, [key, path, ...values.map((value) => toJson(ARRAPPEND, "value", value))]);
}

/** Where a value first is in arrays; -1 where it is not. */
export function arrIndex(
  key: RedisArgument,
  path: RedisArgument,
  value: unknown,
  { range }: JsonArrIndexOptions = {},
): Command<JsonAnswer<number>> {
  const args = [key, path, toJson(ARRINDEX, "value", value)];
  if (range !== undefined) args.push(range.start);
  if (range?.stop !== undefined) args.push(range.stop);
  return command(ARRINDEX, args);
}

/** Inserts into arrays before an index; answers their lengths. */
export function arrInsert(
  key: RedisArgument,
  path: RedisArgument,
  index: number,
  ...values: readonly [unknown, ...unknown[]]
): Command<JsonAnswer<number>> {
  const json = values.map((value) => toJson(ARRINSERT, "value", value));
  return command(ARRINSERT, [key, path, index, ...json]);
}

/** The lengths of arrays. */
export function arrLen(key: RedisArgument, options?: JsonPathOptions): Command<JsonAnswer<number>> {
  return command(ARRLEN, at(key, options));
}

/** Takes an element out of arrays. */
export function arrPop(key: RedisArgument, options: JsonArrPopOptions = {}): Command<unknown> {
  const { path, index, reviver } = options;
  if (index !== undefined && path === undefined) throw invalid(ARRPOP, "index", "must come with a path");
  const args = at(key, options);
  return command(
    ARRPOP,
    index === undefined ? args : [...args, index],
    (reply: Text | null | readonly (Text | null)[]) =>
      Array.isArray(reply) ? reply.map((each) => fromJson(each, reviver)) : fromJson(reply as Text, reviver),
  );
}

/** Cuts arrays down to the elements from `start` to `stop`, both included; answers their lengths. */
export function arrTrim(
  key: RedisArgument,
  path: RedisArgument,
  start: number,
  stop: number,
): Command<JsonAnswer<number>> {
  return command(ARRTRIM, [key, path, start, stop]);
}

/** Empties arrays and objects, sets numbers to 0; answers how many. */
export function clear(key: RedisArgument, options?: JsonPathOptions): Command<number> {
  return command(CLEAR, at(key, options));
}

/** Memory of values, bytes. */
export function debugMemory(key: RedisArgument, options?: JsonPathOptions): Command<JsonAnswer<number>> {
  return command(DEBUG_MEMORY, at(key, options));
}

/** Deletes values; answers how many. */
export function del(key: RedisArgument, options?: JsonPathOptions): Command<number> {
  return command(DEL, at(key, options));
}

/** {@link del}. */
export function forget(key: RedisArgument, options?: JsonPathOptions): Command<number> {
  return command(FORGET, at(key, options));
}

/** A document, or what a path of it matches; null without the key. */
export function get(key: RedisArgument, options: JsonGetOptions = {}): Command<unknown> {
  const { path, reviver } = options;
  const args = path === undefined ? [key] : [key, ...several(GET, "path", path)];
  return command(GET, args, (reply: Text | null) => fromJson(reply, reviver));
}

/** Merges a value into a document as RFC 7396 says: null deletes. */
export function merge(key: RedisArgument, path: RedisArgument, value: unknown): Command<"OK"> {
  return command(MERGE, [key, path, toJson(MERGE, "value", value)]);
}

/** What a path matches in several documents; null for each key that is absent. */
export function mGet(
  keys: readonly RedisArgument[],
  path: RedisArgument,
  reviver?: JsonReviver,
): Command<unknown[]> {
  return command(MGET, [...several(MGET, "keys", keys), path], (reply: readonly (Text | null)[]) =>
    reply.map((each) => fromJson(each, reviver)),
  );
}

/** Sets several values at once. */
export function mSet(items: readonly JsonItem[]): Command<"OK"> {
  const args = several<JsonItem>(MSET, "items", items).flatMap(({ key, path, value }) => [
    key,
    path,
    toJson(MSET, "value", value),
  ]);
  return command(MSET, args);
}

/** Adds to numbers; answers them. */
export function numIncrBy(key: RedisArgument, path: RedisArgument, by: number): Command<JsonAnswer<number>> {
  return command(NUMINCRBY, [key, path, by], toNumberAnswer);
}

/** Multiplies numbers; answers them. */
export function numMultBy(key: RedisArgument, path: RedisArgument, by: number): Command<JsonAnswer<number>> {
  return command(NUMMULTBY, [key, path, by], toNumberAnswer);
}

/** Raises numbers to a power; answers them. */
export function numPowBy(key: RedisArgument, path: RedisArgument, by: number): Command<JsonAnswer<number>> {
  return command(NUMPOWBY, [key, path, by], toNumberAnswer);
}

/** The names in objects. */
export function objKeys(
  key: RedisArgument,
  options?: JsonPathOptions,
): Command<string[] | (string[] | null)[] | null> {
  return command(OBJKEYS, at(key, options));
}

/** How many names objects have. */
export function objLen(key: RedisArgument, options?: JsonPathOptions): Command<JsonAnswer<number>> {
  return command(OBJLEN, at(key, options));
}

/** Sets a value; null when the options or a path that matches nothing forbade it. */
export function set(
  key: RedisArgument,
  path: RedisArgument,
  value: unknown,
  options: JsonSetOptions = {},
): Command<"OK" | null> {
  const { condition, NX, XX, fpha } = options;
  const args = [key, path, toJson(SET, "value", value)];
  const given = onlyOne(SET, { condition, NX: NX && "NX", XX: XX && "XX" });
  if (given !== undefined) args.push(given);
  if (fpha !== undefined) args.push("FPHA", fpha);
  return command(SET, args);
}

/** Appends to strings; answers their lengths. */
export function strAppend(
  key: RedisArgument,
  append: string,
  options?: JsonPathOptions,
): Command<JsonAnswer<number>> {
  return command(STRAPPEND, [...at(key, options), toJson(STRAPPEND, "append", append)]);
}

/** The lengths of strings. */
export function strLen(key: RedisArgument, options?: JsonPathOptions): Command<JsonAnswer<number>> {
  return command(STRLEN, at(key, options));
}

/** Turns booleans over; answers what they are now: `$` paths with 1 and 0. */
export function toggle(key: RedisArgument, path: RedisArgument): Command<JsonAnswer<number | string>> {
  return command(TOGGLE, [key, path]);
}

/** The types of values. */
export function type(key: RedisArgument, options?: JsonPathOptions): Command<JsonAnswer<string>> {
  // RESP3 has a list around what RESP2 answers.
  return command(TYPE, at(key, options), (reply: readonly JsonAnswer<string>[], protocol) =>
    protocol === 3 ? (reply[0] as JsonAnswer<string>) : (reply as unknown as JsonAnswer<string>),
  );
}

function at(key: RedisArgument, { path }: JsonPathOptions = {}): RedisArgument[] {
  return path === undefined ? [key] : [key, path];
}

function toJson(of: CommandSpec, option: string, value: unknown): RedisArgument {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw invalid(of, option, "has no JSON form");
  return json;
}

function fromJson(reply: Text | null, reviver: JsonReviver | undefined): unknown {
  return reply === null ? null : JSON.parse(String(reply), reviver);
}

/** Numbers, which RESP2 writes as JSON. */
function toNumberAnswer(reply: Text | JsonAnswer<number>): JsonAnswer<number> {
  return typeof reply === "string" || reply instanceof Uint8Array
    ? (JSON.parse(String(reply)) as JsonAnswer<number>)
    : reply;
}

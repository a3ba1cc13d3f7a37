import { flattenOneOr, type OneOrEntries, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type ScanCommonOptions, type ScanPage, scanArguments } from "./cursor.ts";
import { pairs } from "./decode.ts";

const HDEL = spec("HDEL");
const HEXISTS = spec("HEXISTS", { readonly: true });
const HGET = spec("HGET", { readonly: true });
const HGETALL = spec("HGETALL", { readonly: true, shape: "object" });
const HINCRBY = spec("HINCRBY");
const HINCRBYFLOAT = spec("HINCRBYFLOAT");
const HKEYS = spec("HKEYS", { readonly: true });
const HLEN = spec("HLEN", { readonly: true });
const HMGET = spec("HMGET", { readonly: true });
const HRANDFIELD = spec("HRANDFIELD", { readonly: true });
const HSCAN = spec("HSCAN", { readonly: true });
const HSET = spec("HSET");
const HSETNX = spec("HSETNX");
const HSTRLEN = spec("HSTRLEN", { readonly: true });
const HVALS = spec("HVALS", { readonly: true });

/** A field of a hash with its value. */
export interface HashEntry {
  readonly field: string;
  readonly value: string;
}

/** A page of a hash. Go on with `cursor`, which is `"0"` at the end. */
export interface HScanReply {
  readonly cursor: string;
  readonly entries: HashEntry[];
}

/** A page of a hash's fields. */
export interface HScanNoValuesReply {
  readonly cursor: string;
  readonly fields: string[];
}

/** Deletes fields; answers how many there were. */
export function hDel(key: RedisArgument, field: OneOrMore): Command<number> {
  return command(HDEL, [key, ...several(HDEL, "field", field)]);
}

/** 1 if the field exists, else 0. */
export function hExists(key: RedisArgument, field: RedisArgument): Command<number> {
  return command(HEXISTS, [key, field]);
}

/** The value of a field; null when there is none. */
export function hGet(key: RedisArgument, field: RedisArgument): Command<string | null> {
  return command(HGET, [key, field]);
}

/** All fields as an object without prototype; empty without the key. */
export function hGetAll(key: RedisArgument): Command<Record<string, string>> {
  return command(HGETALL, [key]);
}

/** Adds to an integer field; answers the result. */
export function hIncrBy(key: RedisArgument, field: RedisArgument, increment: number): Command<number> {
  return command(HINCRBY, [key, field, increment]);
}

/** Adds to a floating point field; answers the result as Redis prints it. */
export function hIncrByFloat(key: RedisArgument, field: RedisArgument, increment: number): Command<string> {
  return command(HINCRBYFLOAT, [key, field, increment]);
}

/** The names of all fields. */
export function hKeys(key: RedisArgument): Command<string[]> {
  return command(HKEYS, [key]);
}

/** How many fields there are. */
export function hLen(key: RedisArgument): Command<number> {
  return command(HLEN, [key]);
}

/** The values of several fields; null for each that is absent. */
export function hmGet(key: RedisArgument, fields: OneOrMore): Command<(string | null)[]> {
  return command(HMGET, [key, ...several(HMGET, "fields", fields)]);
}

/** The name of some field; null without the key. */
export function hRandField(key: RedisArgument): Command<string | null> {
  return command(HRANDFIELD, [key]);
}

/** The names of up to `count` different fields; with a negative `count` exactly so many, with repeats. */
export function hRandFieldCount(key: RedisArgument, count: number): Command<string[]> {
  return command(HRANDFIELD, [key, count]);
}

/** {@link hRandFieldCount} with the values. */
export function hRandFieldCountWithValues(key: RedisArgument, count: number): Command<HashEntry[]> {
  return command(HRANDFIELD, [key, count, "WITHVALUES"], (reply: readonly unknown[]) =>
    pairs(reply, toEntry),
  );
}

/** Walks over the fields: begin with cursor `"0"`. A field may come more than once. */
export function hScan(
  key: RedisArgument,
  cursor: RedisArgument,
  options?: ScanCommonOptions,
): Command<HScanReply> {
  return command(HSCAN, [key, ...scanArguments(cursor, options)], ([next, items]: ScanPage) => ({
    cursor: String(next),
    entries: pairs(items, toEntry),
  }));
}

/** {@link hScan} without the values. Redis 7.4. */
export function hScanNoValues(
  key: RedisArgument,
  cursor: RedisArgument,
  options?: ScanCommonOptions,
): Command<HScanNoValuesReply> {
  const args = [key, ...scanArguments(cursor, options), "NOVALUES"];
  return command(HSCAN, args, ([next, items]: ScanPage) => ({
    cursor: String(next),
    fields: items as string[],
  }));
}

/**
 * Sets one field (`hSet(key, "name", "Ada")`) or several (`hSet(key, { name: "Ada", born: 1815 })`); answers how many
 * are new.
 * @throws RedoubtError CONFIG_INVALID_VALUE when there are no fields, or a field has no value.
 */
export function hSet(key: RedisArgument, ...fields: OneOrEntries): Command<number> {
  return command(HSET, [key, ...flattenOneOr(HSET, "fields", fields)]);
}

/** Sets a field unless it exists; answers 1 or 0. */
export function hSetNX(key: RedisArgument, field: RedisArgument, value: RedisArgument): Command<number> {
  return command(HSETNX, [key, field, value]);
}

/** Length of a field's value in bytes; 0 when there is none. */
export function hStrLen(key: RedisArgument, field: RedisArgument): Command<number> {
  return command(HSTRLEN, [key, field]);
}

/** The values of all fields. */
export function hVals(key: RedisArgument): Command<string[]> {
  return command(HVALS, [key]);
}

function toEntry(field: string, value: string): HashEntry {
  return { field, value };
}

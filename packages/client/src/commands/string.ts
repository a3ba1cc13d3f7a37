import { double, type Entries, flatten, invalid, onlyOne, several } from "./argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import { type Double, toNumbers } from "./decode.ts";
import {
  asExpirations,
  type Expiration,
  type ExpirationOptions,
  pushExpiration,
  type Retention,
} from "./expiration.ts";
import { keysCounted, keysFrom } from "./keys.ts";

const APPEND = spec("APPEND");
const DECR = spec("DECR");
const DECRBY = spec("DECRBY");
const DELEX = spec("DELEX");
const DIGEST = spec("DIGEST", { readonly: true });
const GET = spec("GET", { readonly: true });
const GETDEL = spec("GETDEL");
const GETEX = spec("GETEX");
const GETRANGE = spec("GETRANGE", { readonly: true });
const GETSET = spec("GETSET");
const INCR = spec("INCR");
const INCRBY = spec("INCRBY");
const INCRBYFLOAT = spec("INCRBYFLOAT");
const INCREX = spec("INCREX");
const MGET = spec("MGET", { readonly: true, keys: keysFrom(0) });
const MSET = spec("MSET", { keys: keysFrom(0, -1, 2) });
const MSETEX = spec("MSETEX", { keys: keysCounted(0, 2) });
const MSETNX = spec("MSETNX", { keys: keysFrom(0, -1, 2) });
const PSETEX = spec("PSETEX");
const SET = spec("SET");
const SETEX = spec("SETEX");
const SETNX = spec("SETNX");
const SETRANGE = spec("SETRANGE");
const STRLEN = spec("STRLEN", { readonly: true });

/** Compares the value, or its digest (`IFDEQ`, `IFDNE`), with `matchValue`. Redis 8.4. */
export type ValueCondition = "IFEQ" | "IFNE" | "IFDEQ" | "IFDNE";

/** Options of {@link set}. Either `expiration` or one of the options that it replaces, and the same for `condition`. */
export interface SetOptions extends ExpirationOptions {
  readonly expiration?: Expiration | Retention<"KEEPTTL"> | undefined;
  /** Keep the expiry that the key has. */
  readonly KEEPTTL?: boolean | undefined;
  /** `NX`: only a new key; `XX`: only an existing one; the others compare with `matchValue`. */
  readonly condition?: "NX" | "XX" | ValueCondition | undefined;
  readonly matchValue?: RedisArgument | undefined;
  readonly NX?: boolean | undefined;
  readonly XX?: boolean | undefined;
  /** Answer the value that was there before. */
  readonly GET?: boolean | undefined;
}

/** What {@link getEx} does with the expiry. */
export type GetExOptions =
  | Expiration
  | { readonly type: "PERSIST" }
  | (ExpirationOptions & { readonly PERSIST?: boolean | undefined });

/** Options of {@link mSetEx}. */
export interface MSetExOptions {
  readonly expiration?: Expiration | { readonly type: "KEEPTTL" } | undefined;
  /** `NX`: only when no key exists; `XX`: only when all do. */
  readonly mode?: "NX" | "XX" | undefined;
}

/** Options of {@link incrExByFloat}. */
export interface IncrExByFloatOptions {
  readonly lowerBound?: RedisArgument | undefined;
  readonly upperBound?: RedisArgument | undefined;
  /** Stop at the bound instead of refusing. */
  readonly saturate?: boolean | undefined;
  /** `ENX`: only when the key has no expiry. */
  readonly expiration?: (Expiration & { readonly ENX?: boolean }) | { readonly type: "PERSIST" } | undefined;
}

/** Options of {@link increx}. */
export interface IncrExOptions extends IncrExByFloatOptions {
  /** How much to add; default 1. */
  readonly by?: RedisArgument | undefined;
}

/** Appends to a value; answers its length in bytes. */
export function append(key: RedisArgument, value: RedisArgument): Command<number> {
  return command(APPEND, [key, value]);
}

/** Takes 1 off an integer; answers the result. */
export function decr(key: RedisArgument): Command<number> {
  return command(DECR, [key]);
}

/** Takes `decrement` off an integer; answers the result. */
export function decrBy(key: RedisArgument, decrement: number): Command<number> {
  return command(DECRBY, [key, decrement]);
}

/** Deletes a key if its value meets a condition; answers how many keys are gone. Redis 8.4. */
export function delEx(
  key: RedisArgument,
  options?: { readonly condition: ValueCondition; readonly matchValue: RedisArgument },
): Command<number> {
  return command(DELEX, options === undefined ? [key] : [key, options.condition, options.matchValue]);
}

/** Digest of a value, for the conditions of {@link set} and {@link delEx}; null without the key. Redis 8.4. */
export function digest(key: RedisArgument): Command<string | null> {
  return command(DIGEST, [key]);
}

/** The value of a key; null when there is none. */
export function get(key: RedisArgument): Command<string | null> {
  return command(GET, [key]);
}

/** The value of a key, which is then deleted. */
export function getDel(key: RedisArgument): Command<string | null> {
  return command(GETDEL, [key]);
}

/**
 * The value of a key, whose expiry is set or removed (`PERSIST`).
 * @throws RedoubtError CONFIG_INVALID_VALUE when not exactly one expiry is given.
 */
export function getEx(key: RedisArgument, options: GetExOptions): Command<string | null> {
  const args: RedisArgument[] = [key];
  const expiration =
    "type" in options
      ? options
      : onlyOne(GETEX, { ...asExpirations(options), PERSIST: options.PERSIST && "PERSIST" });
  if (expiration === undefined) throw invalid(GETEX, "options", "must name EX, PX, EXAT, PXAT or PERSIST");
  pushExpiration(args, expiration);
  return command(GETEX, args);
}

/** Bytes `start` to `end` of a value, both included; negative ones count from its end. */
export function getRange(key: RedisArgument, start: number, end: number): Command<string> {
  return command(GETRANGE, [key, start, end]);
}

/** Sets a value; answers the one before. Redis advises {@link set} with `GET`. */
export function getSet(key: RedisArgument, value: RedisArgument): Command<string | null> {
  return command(GETSET, [key, value]);
}

/** Adds 1 to an integer; answers the result. */
export function incr(key: RedisArgument): Command<number> {
  return command(INCR, [key]);
}

/** Adds to an integer; answers the result. */
export function incrBy(key: RedisArgument, increment: number): Command<number> {
  return command(INCRBY, [key, increment]);
}

/** Adds to a floating point number; answers the result as Redis prints it. */
export function incrByFloat(key: RedisArgument, increment: number): Command<string> {
  return command(INCRBYFLOAT, [key, increment]);
}

/** Adds to an integer within bounds; answers the result and what was really added. */
export function increx(key: RedisArgument, options: IncrExOptions = {}): Command<[number, number]> {
  const by = options.by === undefined ? [] : ["BYINT", double(options.by)];
  return command(INCREX, [key, ...by, ...boundsAndExpiration(options)]);
}

/** {@link increx} for floating point numbers. */
export function incrExByFloat(
  key: RedisArgument,
  value: RedisArgument,
  options: IncrExByFloatOptions = {},
): Command<[number, number]> {
  return command(
    INCREX,
    [key, "BYFLOAT", double(value), ...boundsAndExpiration(options)],
    (reply: readonly Double[]) => toNumbers(reply) as [number, number],
  );
}

/** The values of several keys; null for each that is absent or not a string. */
export function mGet(keys: readonly RedisArgument[]): Command<(string | null)[]> {
  return command(MGET, [...several(MGET, "keys", keys)]);
}

/** Sets several keys at once. */
export function mSet(toSet: Entries): Command<"OK"> {
  return command(MSET, flatten(MSET, "toSet", toSet));
}

/** Sets several keys with one expiry; answers 1, or 0 when `mode` forbade it. Redis 8.4. */
export function mSetEx(keyValuePairs: Entries, options: MSetExOptions = {}): Command<number> {
  const flat = flatten(MSETEX, "keyValuePairs", keyValuePairs);
  const args = [flat.length / 2, ...flat];
  if (options.mode !== undefined) args.push(options.mode);
  pushExpiration(args, options.expiration);
  return command(MSETEX, args);
}

/** Sets several keys, or none when one of them exists; answers 1 or 0. */
export function mSetNX(toSet: Entries): Command<number> {
  return command(MSETNX, flatten(MSETNX, "toSet", toSet));
}

/** Sets a value that expires after `ms` milliseconds. */
export function pSetEx(key: RedisArgument, ms: number, value: RedisArgument): Command<"OK"> {
  return command(PSETEX, [key, ms, value]);
}

/**
 * Sets a value. Answers `OK`; null when the condition was not met; with `GET` the value before.
 *
 * `set("session", token, { expiration: { type: "EX", value: 60 }, condition: "NX" })`
 * @throws RedoubtError CONFIG_INVALID_VALUE when options exclude each other.
 */
export function set(key: RedisArgument, value: RedisArgument, options?: SetOptions): Command<string | null> {
  if (options === undefined) return command(SET, [key, value]);
  const args = [key, value];
  const { expiration, KEEPTTL } = options;
  pushExpiration(
    args,
    onlyOne(SET, { expiration, ...asExpirations(options), KEEPTTL: KEEPTTL && "KEEPTTL" }),
  );
  pushCondition(SET, args, options);
  if (options.GET) args.push("GET");
  return command(SET, args);
}

/** Sets a value that expires after `seconds`. */
export function setEx(key: RedisArgument, seconds: number, value: RedisArgument): Command<"OK"> {
  return command(SETEX, [key, seconds, value]);
}

/** Sets a value unless the key exists; answers 1 or 0. */
export function setNX(key: RedisArgument, value: RedisArgument): Command<number> {
  return command(SETNX, [key, value]);
}

/** Overwrites a value from byte `offset` on; answers its length. */
export function setRange(key: RedisArgument, offset: number, value: RedisArgument): Command<number> {
  return command(SETRANGE, [key, offset, value]);
}

/** Length of a value in bytes; 0 without the key. */
export function strLen(key: RedisArgument): Command<number> {
  return command(STRLEN, [key]);
}

function pushCondition(of: CommandSpec, args: RedisArgument[], options: SetOptions): void {
  const { NX, XX, condition, matchValue } = options;
  const word = onlyOne(of, { condition, NX: NX && "NX", XX: XX && "XX" });
  const compares = condition?.startsWith("IF") ?? false;
  if (compares !== (matchValue !== undefined))
    throw invalid(of, "matchValue", "belongs to the conditions IFEQ, IFNE, IFDEQ and IFDNE, and to no other");
  if (word !== undefined) args.push(word);
  if (matchValue !== undefined) args.push(matchValue);
}

function boundsAndExpiration(options: IncrExByFloatOptions): RedisArgument[] {
  const args: RedisArgument[] = [];
  if (options.lowerBound !== undefined) args.push("LBOUND", double(options.lowerBound));
  if (options.upperBound !== undefined) args.push("UBOUND", double(options.upperBound));
  if (options.saturate) args.push("SATURATE");
  pushExpiration(args, options.expiration);
  if (options.expiration !== undefined && "ENX" in options.expiration && options.expiration.ENX)
    args.push("ENX");
  return args;
}

import type { Buffer } from "node:buffer";
import { type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type ScanCommonOptions, type ScanPage, scanArguments } from "./cursor.ts";
import { asWord, keysFrom } from "./keys.ts";

const COPY = spec("COPY", { keys: keysFrom(0, 1) });
const DEL = spec("DEL", { keys: keysFrom(0) });
const DUMP = spec("DUMP", { readonly: true, shape: "bytes" });
const EXISTS = spec("EXISTS", { readonly: true, keys: keysFrom(0) });
const KEYS = spec("KEYS", { readonly: true, keys: null });
const MIGRATE = spec("MIGRATE", { blocking: true, keys: migratedKeys });
const MOVE = spec("MOVE");
const OBJECT_ENCODING = spec("OBJECT ENCODING", { readonly: true });
const OBJECT_FREQ = spec("OBJECT FREQ", { readonly: true });
const OBJECT_IDLETIME = spec("OBJECT IDLETIME", { readonly: true });
const OBJECT_REFCOUNT = spec("OBJECT REFCOUNT", { readonly: true });
const RANDOMKEY = spec("RANDOMKEY", { readonly: true, keys: null });
const RENAME = spec("RENAME", { keys: keysFrom(0, 1) });
const RENAMENX = spec("RENAMENX", { keys: keysFrom(0, 1) });
const RESTORE = spec("RESTORE");
const SCAN = spec("SCAN", { readonly: true, keys: null });
const TOUCH = spec("TOUCH", { readonly: true, keys: keysFrom(0) });
const TYPE = spec("TYPE", { readonly: true });
const UNLINK = spec("UNLINK", { keys: keysFrom(0) });
const WAIT = spec("WAIT", { keys: null, blocking: true });
const WAITAOF = spec("WAITAOF", { keys: null, blocking: true });

/** Options of {@link copy}. */
export interface CopyOptions {
  /** Number of the database to copy into. */
  readonly DB?: number | undefined;
  /** Overwrite the destination. */
  readonly REPLACE?: boolean | undefined;
}

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /** Keep the key here. */
  readonly COPY?: boolean | undefined;
  /** Overwrite it there. */
  readonly REPLACE?: boolean | undefined;
  /** How to log in there. */
  readonly AUTH?: { readonly username?: string | undefined; readonly password: string } | undefined;
}

/** Options of {@link restore}. */
export interface RestoreOptions {
  /** Overwrite an existing key. */
  readonly REPLACE?: boolean | undefined;
  /** The time to live is a Unix time in milliseconds. */
  readonly ABSTTL?: boolean | undefined;
  /** Seconds since its last use, for eviction. */
  readonly IDLETIME?: number | undefined;
  /** How often it was used, for eviction. */
  readonly FREQ?: number | undefined;
}

/** Options of {@link scan}. */
export interface ScanOptions extends ScanCommonOptions {
  /** Only keys of this type, for example `hash`. */
  readonly TYPE?: RedisArgument | undefined;
}

/** A page of keys. Go on with `cursor`, which is `"0"` at the end. */
export interface ScanReply {
  readonly cursor: string;
  readonly keys: string[];
}

/** Copies a key; answers 1, or 0 when the destination exists. */
export function copy(
  source: RedisArgument,
  destination: RedisArgument,
  options: CopyOptions = {},
): Command<number> {
  const args = [source, destination];
  if (options.DB !== undefined) args.push("DB", options.DB);
  if (options.REPLACE) args.push("REPLACE");
  return command(COPY, args);
}

/** Deletes keys; answers how many there were. */
export function del(keys: OneOrMore): Command<number> {
  return command(DEL, [...several(DEL, "keys", keys)]);
}

/** A value in Redis's own format, for {@link restore}: always a Buffer. Null without the key. */
export function dump(key: RedisArgument): Command<Buffer | null> {
  return command(DUMP, [key]);
}

/** How many of the keys exist. */
export function exists(keys: OneOrMore): Command<number> {
  return command(EXISTS, [...several(EXISTS, "keys", keys)]);
}

/** All keys that match a pattern. It stops the server meanwhile: use {@link scan} on anything large. */
export function keys(pattern: RedisArgument): Command<string[]> {
  return command(KEYS, [pattern]);
}

/**
 * Moves one key or several to another server. `timeout` in milliseconds, for each of its pauses.
 * Answers `NOKEY` when there was nothing to move.
 */
export function migrate(
  host: RedisArgument,
  port: number,
  key: OneOrMore,
  destinationDb: number,
  timeout: number,
  options: MigrateOptions = {},
): Command<"OK" | "NOKEY"> {
  const many = Array.isArray(key);
  const args: RedisArgument[] = [host, port, many ? "" : (key as RedisArgument), destinationDb, timeout];
  if (options.COPY) args.push("COPY");
  if (options.REPLACE) args.push("REPLACE");
  const { username, password } = options.AUTH ?? {};
  if (password !== undefined) {
    if (username) args.push("AUTH2", username, password);
    else args.push("AUTH", password);
  }
  if (!many) return command(MIGRATE, args);
  return command(MIGRATE, [...args, "KEYS", ...several(MIGRATE, "key", key)]);
}

/** Moves a key to another database of this server; answers 1 or 0. */
export function move(key: RedisArgument, db: number): Command<number> {
  return command(MOVE, [key, db]);
}

/** How a value is kept in memory, for example `listpack`. */
export function objectEncoding(key: RedisArgument): Command<string | null> {
  return command(OBJECT_ENCODING, [key]);
}

/** How often a key is used, on a logarithmic scale; only with an LFU eviction policy. */
export function objectFreq(key: RedisArgument): Command<number | null> {
  return command(OBJECT_FREQ, [key]);
}

/** Seconds since a key was last used; not with an LFU eviction policy. */
export function objectIdleTime(key: RedisArgument): Command<number | null> {
  return command(OBJECT_IDLETIME, [key]);
}

/** How many references a value has. */
export function objectRefCount(key: RedisArgument): Command<number | null> {
  return command(OBJECT_REFCOUNT, [key]);
}

/** Some key; null in an empty database. */
export function randomKey(): Command<string | null> {
  return command(RANDOMKEY, []);
}

/** Renames a key, overwriting. */
export function rename(key: RedisArgument, newKey: RedisArgument): Command<"OK"> {
  return command(RENAME, [key, newKey]);
}

/** Renames a key unless the new name exists; answers 1 or 0. */
export function renameNX(key: RedisArgument, newKey: RedisArgument): Command<number> {
  return command(RENAMENX, [key, newKey]);
}

/** Makes a key from what {@link dump} gave. `ttl` in milliseconds, 0 for ever. */
export function restore(
  key: RedisArgument,
  ttl: number,
  serializedValue: RedisArgument,
  options: RestoreOptions = {},
): Command<"OK"> {
  const args = [key, ttl, serializedValue];
  if (options.REPLACE) args.push("REPLACE");
  if (options.ABSTTL) args.push("ABSTTL");
  if (options.IDLETIME !== undefined) args.push("IDLETIME", options.IDLETIME);
  if (options.FREQ !== undefined) args.push("FREQ", options.FREQ);
  return command(RESTORE, args);
}

/** Walks over all keys: begin with cursor `"0"`. A key may come more than once. */
export function scan(cursor: RedisArgument, options: ScanOptions = {}): Command<ScanReply> {
  const args = scanArguments(cursor, options);
  if (options.TYPE !== undefined) args.push("TYPE", options.TYPE);
  return command(SCAN, args, ([next, found]: ScanPage) => ({
    cursor: String(next),
    keys: found as string[],
  }));
}

/** Marks keys as used now; answers how many exist. */
export function touch(key: OneOrMore): Command<number> {
  return command(TOUCH, [...several(TOUCH, "key", key)]);
}

/** Type of a value: `string`, `hash`, …; `none` without the key. */
export function type(key: RedisArgument): Command<string> {
  return command(TYPE, [key]);
}

/** Deletes keys, freeing their memory in the background; answers how many there were. */
export function unlink(keys: OneOrMore): Command<number> {
  return command(UNLINK, [...several(UNLINK, "keys", keys)]);
}

/** Waits until replicas have this connection's writes, `timeout` milliseconds at most (0: for ever); answers how many have. */
export function wait(numberOfReplicas: number, timeout: number): Command<number> {
  return command(WAIT, [numberOfReplicas, timeout]);
}

/**
 * Waits until this connection's writes are on disk, here (`numberOfLocals` 1) and at replicas, `timeout` milliseconds at
 * most (0: for ever); answers at how many they are. Redis 7.2.
 */
export function waitAof(
  numberOfLocals: 0 | 1,
  numberOfReplicas: number,
  timeout: number,
): Command<[locals: number, replicas: number]> {
  return command(WAITAOF, [numberOfLocals, numberOfReplicas, timeout]);
}

/** The third argument; or, when that is empty, what follows `KEYS`. */
function migratedKeys(args: readonly RedisArgument[]): readonly RedisArgument[] {
  if (String(args[2]) !== "") return args.slice(2, 3);
  return args.slice(args.findIndex((arg, i) => i > 4 && asWord(arg) === "KEYS") + 1);
}

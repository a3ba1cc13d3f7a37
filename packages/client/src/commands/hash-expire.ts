import { counted, type Entries, flatten, milliseconds, type OneOrMore, seconds } from "./argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import { type Expiration, type ExpireMode, pushExpiration, type Retention } from "./expiration.ts";

/** Fields that expire: Redis 7.4, and for HGETDEL, HGETEX and HSETEX 8.0. */

const HEXPIRE = spec("HEXPIRE");
const HEXPIREAT = spec("HEXPIREAT");
const HEXPIRETIME = spec("HEXPIRETIME", { readonly: true });
const HGETDEL = spec("HGETDEL");
const HGETEX = spec("HGETEX");
const HPERSIST = spec("HPERSIST");
const HPEXPIRE = spec("HPEXPIRE");
const HPEXPIREAT = spec("HPEXPIREAT");
const HPEXPIRETIME = spec("HPEXPIRETIME", { readonly: true });
const HPTTL = spec("HPTTL", { readonly: true });
const HSETEX = spec("HSETEX");
const HTTL = spec("HTTL", { readonly: true });

/** For each field: 1 set, 2 deleted because the time is past, 0 `mode` forbade it, -2 no such field. */
export type HashExpiration = -2 | 0 | 1 | 2;

/** Options of {@link hGetEx}. */
export interface HGetExOptions {
  readonly expiration?: Expiration | Retention<"PERSIST"> | undefined;
}

/** Options of {@link hSetEx}. */
export interface HSetExOptions {
  readonly expiration?: Expiration | Retention<"KEEPTTL"> | undefined;
  /** `FNX`: only when none of the fields exists; `FXX`: only when all do. */
  readonly mode?: "FNX" | "FXX" | undefined;
}

/** Lets fields expire after `seconds`. */
export function hExpire(
  key: RedisArgument,
  fields: OneOrMore,
  seconds: number,
  mode?: ExpireMode,
): Command<HashExpiration[]> {
  return expiring(HEXPIRE, key, fields, seconds, mode);
}

/** Lets fields expire at a Unix time in seconds, or a Date. */
export function hExpireAt(
  key: RedisArgument,
  fields: OneOrMore,
  timestamp: number | Date,
  mode?: ExpireMode,
): Command<HashExpiration[]> {
  return expiring(HEXPIREAT, key, fields, seconds(timestamp), mode);
}

/** Unix time in seconds at which each field expires; -1: never, -2: no such field. */
export function hExpireTime(key: RedisArgument, fields: OneOrMore): Command<number[]> {
  return command(HEXPIRETIME, onFields(HEXPIRETIME, key, fields));
}

/** The values of fields, which are then deleted; null for each that is absent. */
export function hGetDel(key: RedisArgument, fields: OneOrMore): Command<(string | null)[]> {
  return command(HGETDEL, onFields(HGETDEL, key, fields));
}

/** The values of fields, whose expiry is set or removed. */
export function hGetEx(
  key: RedisArgument,
  fields: OneOrMore,
  options: HGetExOptions = {},
): Command<(string | null)[]> {
  const args = [key];
  pushExpiration(args, options.expiration);
  return command(HGETEX, [...args, "FIELDS", ...counted(HGETEX, "fields", fields)]);
}

/** Removes the expiry of fields; for each 1 done, -1 had none, -2 no such field. */
export function hPersist(key: RedisArgument, fields: OneOrMore): Command<number[]> {
  return command(HPERSIST, onFields(HPERSIST, key, fields));
}

/** Lets fields expire after `ms` milliseconds. */
export function hpExpire(
  key: RedisArgument,
  fields: OneOrMore,
  ms: number,
  mode?: ExpireMode,
): Command<HashExpiration[]> {
  return expiring(HPEXPIRE, key, fields, ms, mode);
}

/** Lets fields expire at a Unix time in milliseconds, or a Date. */
export function hpExpireAt(
  key: RedisArgument,
  fields: OneOrMore,
  timestamp: number | Date,
  mode?: ExpireMode,
): Command<HashExpiration[]> {
  return expiring(HPEXPIREAT, key, fields, milliseconds(timestamp), mode);
}

/** Unix time in milliseconds at which each field expires; -1: never, -2: no such field. */
export function hpExpireTime(key: RedisArgument, fields: OneOrMore): Command<number[]> {
  return command(HPEXPIRETIME, onFields(HPEXPIRETIME, key, fields));
}

/** Milliseconds that each field has left; -1: for ever, -2: no such field. */
export function hpTTL(key: RedisArgument, fields: OneOrMore): Command<number[]> {
  return command(HPTTL, onFields(HPTTL, key, fields));
}

/** Sets fields with one expiry; answers 1, or 0 when `mode` forbade it. */
export function hSetEx(key: RedisArgument, fields: Entries, options: HSetExOptions = {}): Command<number> {
  const args = options.mode === undefined ? [key] : [key, options.mode];
  pushExpiration(args, options.expiration);
  const flat = flatten(HSETEX, "fields", fields);
  return command(HSETEX, [...args, "FIELDS", flat.length / 2, ...flat]);
}

/** Seconds that each field has left; -1: for ever, -2: no such field. */
export function hTTL(key: RedisArgument, fields: OneOrMore): Command<number[]> {
  return command(HTTL, onFields(HTTL, key, fields));
}

function onFields(of: CommandSpec, key: RedisArgument, fields: OneOrMore): RedisArgument[] {
  return [key, "FIELDS", ...counted(of, "fields", fields)];
}

function expiring(
  of: CommandSpec,
  key: RedisArgument,
  fields: OneOrMore,
  time: number,
  mode: ExpireMode | undefined,
): Command<HashExpiration[]> {
  const when = mode === undefined ? [key, time] : [key, time, mode];
  return command(of, [...when, "FIELDS", ...counted(of, "fields", fields)]);
}

import { milliseconds, seconds } from "./argument.ts";
import { type Command, type CommandSpec, command, type RedisArgument, spec } from "./command.ts";
import type { ExpireMode } from "./expiration.ts";

const EXPIRE = spec("EXPIRE");
const EXPIREAT = spec("EXPIREAT");
const EXPIRETIME = spec("EXPIRETIME", { readonly: true });
const PERSIST = spec("PERSIST");
const PEXPIRE = spec("PEXPIRE");
const PEXPIREAT = spec("PEXPIREAT");
const PEXPIRETIME = spec("PEXPIRETIME", { readonly: true });
const PTTL = spec("PTTL", { readonly: true });
const TTL = spec("TTL", { readonly: true });

/** Lets a key expire after `seconds`; answers 1, or 0 when there is no key or `mode` forbade it. */
export function expire(key: RedisArgument, seconds: number, mode?: ExpireMode): Command<number> {
  return expiring(EXPIRE, key, seconds, mode);
}

/** Lets a key expire at a Unix time in seconds, or a Date. */
export function expireAt(key: RedisArgument, timestamp: number | Date, mode?: ExpireMode): Command<number> {
  return expiring(EXPIREAT, key, seconds(timestamp), mode);
}

/** Unix time in seconds at which a key expires; -1: never, -2: no key. */
export function expireTime(key: RedisArgument): Command<number> {
  return command(EXPIRETIME, [key]);
}

/** Removes the expiry of a key; answers 1, or 0 when it had none. */
export function persist(key: RedisArgument): Command<number> {
  return command(PERSIST, [key]);
}

/** Lets a key expire after `ms` milliseconds. */
export function pExpire(key: RedisArgument, ms: number, mode?: ExpireMode): Command<number> {
  return expiring(PEXPIRE, key, ms, mode);
}

/** Lets a key expire at a Unix time in milliseconds, or a Date. */
export function pExpireAt(
  key: RedisArgument,
  msTimestamp: number | Date,
  mode?: ExpireMode,
): Command<number> {
  return expiring(PEXPIREAT, key, milliseconds(msTimestamp), mode);
}

/** Unix time in milliseconds at which a key expires; -1: never, -2: no key. */
export function pExpireTime(key: RedisArgument): Command<number> {
  return command(PEXPIRETIME, [key]);
}

/** Milliseconds that a key has left; -1: for ever, -2: no key. */
export function pTTL(key: RedisArgument): Command<number> {
  return command(PTTL, [key]);
}

/** Seconds that a key has left; -1: for ever, -2: no key. */
export function ttl(key: RedisArgument): Command<number> {
  return command(TTL, [key]);
}

function expiring(of: CommandSpec, key: RedisArgument, time: number, mode?: ExpireMode): Command<number> {
  return command(of, mode === undefined ? [key, time] : [key, time, mode]);
}

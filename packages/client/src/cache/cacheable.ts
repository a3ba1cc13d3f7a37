import type { Command, Decode, RedisArgument } from "../commands/command.ts";
import { keysOf } from "../commands/keys.ts";

/**
 * Commands whose reply depends on nothing but their arguments and the keys they name: not on time (`TTL`), chance
 * (`SRANDMEMBER`), a cursor, or keys that they find elsewhere (`SORT`, scripts).
 */
const cacheable: ReadonlySet<string> = new Set(
  [
    "BITCOUNT BITFIELD_RO BITPOS DIGEST EXISTS EXPIRETIME GEODIST GEOHASH GET GETBIT GETRANGE HEXISTS HEXPIRETIME",
    "HGET HGETALL HKEYS HLEN HMGET HPEXPIRETIME HSTRLEN HVALS LCS",
    "LINDEX LLEN LPOS LRANGE MGET PEXPIRETIME SCARD SDIFF SDIFFCARD SINTER SINTERCARD SISMEMBER SMEMBERS SMISMEMBER",
    "STRLEN SUBSTR SUNION SUNIONCARD TYPE XLEN XRANGE XREVRANGE ZCARD ZCOUNT ZDIFF ZINTER ZINTERCARD ZLEXCOUNT",
    "ZMSCORE ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCORE ZUNION",
  ].flatMap((line) => line.split(" ")),
);

/** What changes more keys than it names, or which keys are meant. */
const sweeping: ReadonlySet<string> = new Set(["FLUSHALL", "FLUSHDB", "SELECT", "SWAPDB"]);

/** The readers of replies, numbered: the same words may be read in different ways. */
const readers = new WeakMap<Decode<unknown>, number>();
let lastReader = 0;

/** A command whose reply may be kept. */
export interface Question {
  /** Two questions with the same name have the same answer, until one of their keys changes. */
  readonly name: string;
  readonly keys: readonly string[];
}

/**
 * What a command asks, if its reply may be kept.
 * @param mode how its reply is built, see `protocol`
 */
export function questionOf(command: Command<unknown>, mode: number): Question | null {
  const { spec, args, decode } = command;
  if (!spec.readonly || !cacheable.has(spec.name)) return null;
  const keys: string[] = [];
  for (const key of keysOf(command)) {
    // The server tells of changes by the key's bytes: a text that UTF-8 cannot carry would never be recognised.
    if (typeof key === "object" || /\p{Surrogate}/u.test(String(key))) return null;
    keys.push(String(key));
  }
  if (keys.length === 0) return null;
  let name = `${spec.name} ${spec.shape} ${mode} ${readerNumber(decode)}`;
  for (const arg of args) name += worded(arg);
  return { name, keys };
}

/** The keys that a command may change; null: any. */
export function changesOf(command: Command<unknown>): readonly string[] | null {
  if (command.spec.readonly) return [];
  return sweeping.has(command.spec.name) ? null : keysOf(command).map(String);
}

function readerNumber(decode: Decode<unknown> | null): number {
  if (decode === null) return 0;
  const known = readers.get(decode);
  if (known !== undefined) return known;
  readers.set(decode, ++lastReader);
  return lastReader;
}

/** Lengths keep apart what would run together. */
function worded(arg: RedisArgument): string {
  if (typeof arg === "object") return ` b${arg.length}:${arg.toString("latin1")}`;
  const text = String(arg);
  return ` ${text.length}:${text}`;
}

import type { RedisArgument } from "../protocol/outgoing.ts";

/**
 * Which commands that are not marked `readonly` may be repeated.
 *
 * The rule: sent twice in a row, they leave what they would leave sent once, and the second reply says nothing false about
 * what was asked. A count of what changed may be smaller the second time (`DEL` answers 0), an expiry counted from now
 * begins anew. What answers who came first (`NX`, `GET`, `SETNX`) or hands out what it takes away (`LPOP`, `SPOP`) may
 * not be repeated, and neither may what depends on its own result (`INCR`, `LTRIM`, `SDIFFSTORE`).
 *
 * Source: the descriptions of the commands; a test runs every case of these commands twice and compares `DEBUG DIGEST`.
 * A command that is not here is not repeated.
 */

/** Whether it may, or what decides on it given the arguments. */
export type Idempotence = boolean | ((args: readonly RedisArgument[]) => boolean);

/** They only tell, which servers mark `readonly` only for data. */
const questions = [
  "BLESS GET|BLESS SCAN|ACL CAT|ACL DRYRUN|ACL GENPASS|ACL GETUSER|ACL LIST|ACL LOG|ACL USERS|ACL WHOAMI",
  "CLIENT GETNAME|CLIENT GETREDIR|CLIENT ID|CLIENT INFO|CLIENT LIST|CLIENT TRACKINGINFO",
  "CLUSTER COUNT-FAILURE-REPORTS|CLUSTER COUNTKEYSINSLOT|CLUSTER GETKEYSINSLOT|CLUSTER INFO|CLUSTER KEYSLOT",
  "CLUSTER LINKS|CLUSTER MYID|CLUSTER MYSHARDID|CLUSTER NODES|CLUSTER REPLICAS|CLUSTER SHARDS|CLUSTER SLOT-STATS",
  "CLUSTER SLOTS|COMMAND|COMMANDLOG GET|COMMANDLOG LEN|COMMAND COUNT|COMMAND DOCS|COMMAND GETKEYS|COMMAND GETKEYSANDFLAGS|COMMAND INFO|COMMAND LIST",
  "CONFIG GET|ECHO|FUNCTION DUMP|FUNCTION LIST|FUNCTION STATS|HOTKEYS GET|INFO|LASTSAVE",
  "LATENCY DOCTOR|LATENCY GRAPH|LATENCY HISTOGRAM|LATENCY HISTORY|LATENCY LATEST",
  "MEMORY DOCTOR|MEMORY MALLOC-STATS|MEMORY STATS|MODULE LIST|PFCOUNT|PING",
  "PUBSUB CHANNELS|PUBSUB NUMPAT|PUBSUB NUMSUB|PUBSUB SHARDCHANNELS|PUBSUB SHARDNUMSUB",
  "ROLE|SCRIPT EXISTS|SCRIPT LOAD|SCRIPT SHOW|SLOWLOG GET|SLOWLOG LEN|TIME",
];

/** They write what they are told, whatever was there. */
const settings = [
  "ACL DELUSER|CONFIG SET|DEL|HDEL|HPERSIST|HSET|JSON.CLEAR|JSON.MERGE|JSON.MSET|LSET|MSET|PERSIST|PFADD|PFMERGE",
  "PSETEX|SADD|SETEX|SETRANGE|SREM|UNLINK|VREM|VSETATTR|XACK|XDEL|XGROUP CREATECONSUMER|XGROUP DESTROY|XGROUP SETID",
  "XSETID|XTRIM|ZREM|ZREMRANGEBYLEX|ZREMRANGEBYSCORE",
];

/** They do so unless one of these words is among the arguments, at this place or later. */
const unless: Readonly<Record<string, readonly [words: string, from: number]>> = {
  EXPIRE: ["NX|GT|LT", 2],
  EXPIREAT: ["NX|GT|LT", 2],
  GEOADD: ["NX", 1],
  HEXPIRE: ["NX|GT|LT", 2],
  HEXPIREAT: ["NX|GT|LT", 2],
  HPEXPIRE: ["NX|GT|LT", 2],
  HPEXPIREAT: ["NX|GT|LT", 2],
  HSETEX: ["FNX", 1],
  "JSON.SET": ["NX", 3],
  MSETEX: ["NX", 1],
  PEXPIRE: ["NX|GT|LT", 2],
  PEXPIREAT: ["NX|GT|LT", 2],
  SET: ["NX|GET|IFEQ|IFNE|IFDEQ|IFDNE", 2],
  ZADD: ["NX|INCR", 1],
};

/** They do so only with one of these words. */
const onlyWith: Readonly<Record<string, readonly [words: string, from: number]>> = {
  COPY: ["REPLACE", 2],
  "FUNCTION LOAD": ["REPLACE", 0],
  "FUNCTION RESTORE": ["FLUSH|REPLACE", 1],
  RESTORE: ["REPLACE", 3],
};

const table: ReadonlyMap<string, Idempotence> = new Map<string, Idempotence>([
  ...[...questions, ...settings]
    .flatMap((line) => line.split("|"))
    .map((name): [string, Idempotence] => [name, true]),
  ...Object.entries(unless).map(([name, [words, from]]): [string, Idempotence] => [
    name,
    not(among(words, from)),
  ]),
  ...Object.entries(onlyWith).map(([name, [words, from]]): [string, Idempotence] => [
    name,
    among(words, from),
  ]),
]);

/** What is known of a command by its name. */
export function idempotenceOf(name: string): Idempotence {
  return table.get(name) ?? false;
}

/** A value that reads like a word of `unless` makes the answer the careful one; those of `onlyWith` stand where no values are. */
function among(words: string, from: number) {
  const list = words.split("|");
  return (args: readonly RedisArgument[]): boolean =>
    args.some((arg, i) => i >= from && typeof arg !== "number" && list.includes(String(arg).toUpperCase()));
}

function not(condition: (args: readonly RedisArgument[]) => boolean) {
  return (args: readonly RedisArgument[]): boolean => !condition(args);
}

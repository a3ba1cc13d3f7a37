/**
 * What a command needs of the connection that it is carried out on.
 * - `shared`: nothing; any connection will do, between the commands of others.
 * - `once`: one of its own until its reply has come.
 * - `own`: one of its own from now on, because it leaves something behind there.
 * - `begin`, `end`: one of its own between the two. `watch`, `unwatch`: likewise.
 * - `subscribe`: one of its own while there are subscriptions.
 * - `stream`: one of its own for good: what follows is no sequence of replies.
 * - `after-writes`: the one on which the client's writes were carried out, for good.
 * - `local`: the tunnel answers, or decides by the arguments.
 * - `refused`: no Redis command; whoever says it is no Redis client.
 */
export type Need =
  | "shared"
  | "once"
  | "own"
  | "begin"
  | "end"
  | "watch"
  | "unwatch"
  | "subscribe"
  | "stream"
  | "after-writes"
  | "local"
  | "refused";

/** A command, and why it cannot be carried out between those of others. */
export interface CommandRow {
  /** Upper case. */
  readonly name: string;
  readonly need: Need;
  /** In one sentence; empty for `shared`. */
  readonly reason: string;
}

/** Commands that leave nothing behind on their connection and are answered by one reply, without waiting for anybody. */
const sharedNames = `
  APPEND DECR DECRBY DELEX DIGEST GET GETDEL GETEX GETRANGE GETSET INCR INCRBY INCRBYFLOAT LCS MGET MSET MSETEX MSETNX PSETEX
  SET SETEX SETNX SETRANGE STRLEN SUBSTR STRALGO
  COPY DEL DUMP EXISTS EXPIRE EXPIREAT EXPIRETIME KEYS MIGRATE MOVE OBJECT PERSIST PEXPIRE PEXPIREAT PEXPIRETIME PTTL
  RANDOMKEY RENAME RENAMENX RESTORE RESTORE-ASKING SCAN SORT SORT_RO TOUCH TTL TYPE UNLINK
  HDEL HEXISTS HEXPIRE HEXPIREAT HEXPIRETIME HGET HGETALL HGETDEL HGETEX HINCRBY HINCRBYFLOAT HKEYS HLEN HMGET HMSET
  HPERSIST HPEXPIRE HPEXPIREAT HPEXPIRETIME HPTTL HRANDFIELD HSCAN HSET HSETEX HSETNX HSTRLEN HTTL HVALS
  LINDEX LINSERT LLEN LMOVE LMPOP LPOP LPOS LPUSH LPUSHX LRANGE LREM LSET LTRIM RPOP RPOPLPUSH RPUSH RPUSHX
  SADD SCARD SDIFF SDIFFSTORE SINTER SINTERCARD SINTERSTORE SISMEMBER SMEMBERS SMISMEMBER SMOVE SPOP SRANDMEMBER SREM
  SSCAN SUNION SUNIONSTORE
  ZADD ZCARD ZCOUNT ZDIFF ZDIFFSTORE ZINCRBY ZINTER ZINTERCARD ZINTERSTORE ZLEXCOUNT ZMPOP ZMSCORE ZPOPMAX ZPOPMIN
  ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE
  ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION ZUNIONSTORE
  BITCOUNT BITFIELD BITFIELD_RO BITOP BITPOS GETBIT SETBIT PFADD PFCOUNT PFMERGE
  GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER GEORADIUSBYMEMBER_RO GEORADIUS_RO GEOSEARCH GEOSEARCHSTORE
  XACK XACKDEL XADD XCFGSET XNACK XAUTOCLAIM XCLAIM XDEL XDELEX XGROUP XINFO XLEN XPENDING XRANGE XREVRANGE XSETID XTRIM
  EVAL EVALSHA EVALSHA_RO EVAL_RO FCALL FCALL_RO PUBLISH PUBSUB SPUBLISH
  ARCOUNT ARDEL ARDELRANGE ARGET ARGETRANGE ARGREP ARINFO ARINSERT ARLASTITEMS ARLEN ARMGET ARMSET ARNEXT AROP ARRING ARSCAN
  ARSEEK ARSET BLESS INCREX LMOVEM SDIFFCARD SUNIONCARD
  VADD VCARD VDIM VEMB VGETATTR VINFO VISMEMBER VLINKS VRANDMEMBER VRANGE VREM VSETATTR VSIM
  COMMANDLOG HOTKEYS
  ACL BGREWRITEAOF BGSAVE COMMAND CONFIG DBSIZE ECHO FAILOVER FLUSHALL FLUSHDB INFO LASTSAVE LATENCY LOLWUT MEMORY PING
  REPLICAOF ROLE SAVE SLAVEOF SLOWLOG SWAPDB TIME
`;

/** Families of modules whose commands are carried out like those of Redis itself. */
const sharedModules = ["BF.", "CF.", "CMS.", "FT.", "JSON.", "TDIGEST.", "TOPK.", "TS."];

const blocking = "It may wait for somebody else, and all behind it with it.";
const transaction = "What follows belongs together and must not have commands of others in between.";
const watching = "It is about changes until EXEC on the same connection.";
const subscription = "Messages come without being asked for.";
const stream = "What follows is a stream and no sequence of replies.";
const settles = "It changes how its connection behaves from then on.";
const toldLocally = "The tunnel is logged in already; it answers, and keeps to what the client asked for.";
const browser =
  "It is the beginning of an HTTP request: a web page that tries to reach Redis through a browser.";

const unshared: readonly (readonly [names: string, need: Need, reason: string])[] = [
  ["BLPOP BRPOP BRPOPLPUSH BLMOVE BLMOVEM BLMPOP BZPOPMIN BZPOPMAX BZMPOP", "once", blocking],
  ["XREAD XREADGROUP", "local", "With BLOCK, it may wait for somebody else."],
  ["MULTI", "begin", transaction],
  ["EXEC DISCARD", "end", transaction],
  ["WATCH", "watch", watching],
  ["UNWATCH", "unwatch", watching],
  ["SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE", "subscribe", subscription],
  ["MONITOR SYNC PSYNC", "stream", stream],
  ["WAIT WAITAOF", "after-writes", "It waits for the writes of its own connection."],
  ["AUTH HELLO QUIT RESET SELECT", "local", toldLocally],
  ["CLIENT", "local", "Some of it settles things for the connection: name, tracking, identity."],
  ["SCRIPT FUNCTION", "local", "KILL must not stand behind the script that it is to end."],
  ["CLUSTER", "local", "It may tell addresses, which are to lead through the tunnel."],
  ["READONLY READWRITE ASKING", "own", settles],
  ["HIMPORT", "own", "Its steps belong together, on one connection."],
  ["DEBUG MODULE REPLCONF SHUTDOWN", "own", settles],
  [
    "BACKUP PFDEBUG PFSELFTEST TIMESERIES.REFRESHCLUSTER TRIMSLOTS XIDMPRECORD",
    "own",
    "It is for those who run the server.",
  ],
  ["POST HOST:", "refused", browser],
];

/** The row of every shared command; which one it was is not told. */
export const sharedRow: CommandRow = { name: "", need: "shared", reason: "" };

/** What is not known is given a connection of its own: nobody can say what it leaves behind. */
const unknownRow: CommandRow = {
  name: "",
  need: "own",
  reason: "It is not known here, and might leave something behind on its connection.",
};

/** Every command that cannot be shared, and why. */
export const unsharedRows: readonly CommandRow[] = unshared.flatMap(([names, need, reason]) =>
  names.split(" ").map((name) => ({ name, need, reason })),
);

/** Names of all commands that are shared. */
export const sharedCommands: readonly string[] = sharedNames.trim().split(/\s+/);

const byHash = new Map<number, CommandRow>();
for (const name of sharedCommands) byHash.set(hashText(name), sharedRow);
for (const row of unsharedRows) byHash.set(hashText(row.name), row);
if (byHash.size !== sharedCommands.length + unsharedRows.length)
  throw new Error("Two names of commands have the same hash.");

/** The row of the command whose name stands in these bytes; letter case does not matter. */
export function rowOf(bytes: Uint8Array, start: number, end: number): CommandRow {
  const row = byHash.get(hashOf(bytes, start, end));
  if (row !== undefined) return row;
  const length = end - start;
  if (length > 64) return unknownRow;
  const name = String.fromCharCode(...bytes.subarray(start, end)).toUpperCase();
  return sharedModules.some((prefix) => name.startsWith(prefix)) ? sharedRow : unknownRow;
}

/** A number for a name: no string is made, and no name of the tables has that of another one. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  // 0xdf makes capitals of small letters, and pairs of other characters the same.
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + ((bytes[i] as number) & 0xdf)) | 0;
  return hash;
}

function hashText(name: string): number {
  const bytes = Buffer.from(name);
  return hashOf(bytes, 0, bytes.length);
}

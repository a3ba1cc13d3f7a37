import { type ErrorCode, ReplyError } from "../errors.ts";

/** The first word of an error reply, and what it means. Source: Redis 7.0 `src/server.c` (shared objects) and Valkey's. */
const prefixes: ReadonlyMap<string, ErrorCode> = new Map(
  Object.entries({
    NOAUTH: "AUTH_REQUIRED",
    WRONGPASS: "AUTH_FAILED",
    NOPERM: "AUTH_FORBIDDEN",
    WRONGTYPE: "REPLY_WRONG_TYPE",
    READONLY: "REPLY_READ_ONLY",
    LOADING: "REPLY_LOADING",
    BUSY: "REPLY_BUSY",
    CLUSTERDOWN: "REPLY_CLUSTER_DOWN",
    MASTERDOWN: "REPLY_MASTER_DOWN",
    TRYAGAIN: "REPLY_TRY_AGAIN",
    MOVED: "REPLY_MOVED",
    ASK: "REPLY_ASK",
    CROSSSLOT: "REPLY_CROSS_SLOT",
    OOM: "REPLY_OUT_OF_MEMORY",
    NOSCRIPT: "REPLY_NO_SCRIPT",
    NOREPLICAS: "REPLY_NO_REPLICAS",
    MISCONF: "REPLY_MISCONFIGURED",
    EXECABORT: "REPLY_EXEC_ABORTED",
    DENIED: "REPLY_PROTECTED_MODE",
  }),
);

/** Errors that only say `ERR`, told apart by how the text goes on. Valkey words a few of them differently. */
const phrases: readonly (readonly [string, ErrorCode])[] = [
  ["ERR unknown command", "REPLY_UNKNOWN_COMMAND"],
  ["ERR unknown subcommand", "REPLY_UNKNOWN_COMMAND"],
  ["ERR DB index is out of range", "REPLY_DATABASE_RANGE"],
  ["ERR invalid DB index", "REPLY_DATABASE_RANGE"],
  ["ERR AUTH <password> called without any password", "AUTH_NOT_CONFIGURED"],
  ["ERR Client sent AUTH, but no password is set", "AUTH_NOT_CONFIGURED"],
  ["ERR invalid password", "AUTH_FAILED"],
  ["ERR max number of clients", "REPLY_MAX_CLIENTS"],
  ["Running in protected mode", "REPLY_PROTECTED_MODE"],
  ["ERR operation not permitted", "AUTH_REQUIRED"],
];

/**
 * Turns the text of an error reply (without the leading `-`) into an error with a code. Where the server repeats the
 * arguments of a command, they are cut: the command may have been AUTH.
 */
export function replyError(reply: string): ReplyError {
  const text = reply.replace(/,? with args beginning with:[^]*$/, "");
  const space = text.indexOf(" ");
  const code = prefixes.get(space === -1 ? text : text.slice(0, space));
  if (code !== undefined) return new ReplyError(code, text);
  const phrase = phrases.find(([start]) => text.startsWith(start));
  return new ReplyError(phrase === undefined ? "REPLY_ERROR" : phrase[1], text);
}

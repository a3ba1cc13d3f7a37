import { invalid, type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type ClientInfo, toClientInfo, toClientInfos } from "./connection-client-info.ts";
import type { Text } from "./decode.ts";

const CLIENT_CAPA = spec("CLIENT CAPA", { keys: null });
const CLIENT_GETNAME = spec("CLIENT GETNAME", { keys: null });
const CLIENT_ID = spec("CLIENT ID", { keys: null });
const CLIENT_IMPORT_SOURCE = spec("CLIENT IMPORT-SOURCE", { keys: null });
const CLIENT_INFO = spec("CLIENT INFO", { keys: null });
const CLIENT_KILL = spec("CLIENT KILL", { keys: null });
const CLIENT_LIST = spec("CLIENT LIST", { keys: null });
const CLIENT_NO_EVICT = spec("CLIENT NO-EVICT", { keys: null });
const CLIENT_NO_TOUCH = spec("CLIENT NO-TOUCH", { keys: null });
const CLIENT_PAUSE = spec("CLIENT PAUSE", { keys: null });
const CLIENT_SETINFO = spec("CLIENT SETINFO", { keys: null });
const CLIENT_SETNAME = spec("CLIENT SETNAME", { keys: null });
const CLIENT_UNBLOCK = spec("CLIENT UNBLOCK", { keys: null });
const CLIENT_UNPAUSE = spec("CLIENT UNPAUSE", { keys: null });

/** Which connections {@link clientKill} closes. `SKIPME`: not this one. */
export type ClientKillFilter =
  | { readonly filter: "ADDR"; readonly address: string }
  | { readonly filter: "LADDR"; readonly localAddress: string }
  | { readonly filter: "ID"; readonly id: number | string }
  | { readonly filter: "TYPE"; readonly type: "normal" | "master" | "replica" | "pubsub" }
  | { readonly filter: "USER"; readonly username: string }
  | { readonly filter: "MAXAGE"; readonly maxAge: number }
  | { readonly filter: "SKIPME"; readonly skipMe: boolean }
  | "SKIPME";

/** Which connections {@link clientList} lists. */
export type ClientListFilter =
  | { readonly TYPE: "NORMAL" | "MASTER" | "REPLICA" | "PUBSUB"; readonly ID?: undefined }
  | { readonly ID: OneOrMore; readonly TYPE?: undefined };

/** Says what this connection understands: `redirect`, that a replica may send it elsewhere. Valkey 8. */
export function clientCapa(capabilities: OneOrMore): Command<"OK"> {
  return command(CLIENT_CAPA, [...several(CLIENT_CAPA, "capabilities", capabilities)]);
}

/** The name of this connection; null when it has none. */
export function clientGetName(): Command<string | null> {
  return command(CLIENT_GETNAME, []);
}

/** The number of this connection. */
export function clientId(): Command<number> {
  return command(CLIENT_ID, []);
}

/** Says that this connection fills a server in import mode, which keeps expired keys meanwhile. Valkey 8.1. */
export function clientImportSource(value: boolean): Command<"OK"> {
  return command(CLIENT_IMPORT_SOURCE, [value ? "ON" : "OFF"]);
}

/** What the server knows of this connection. */
export function clientInfo(): Command<ClientInfo> {
  return command(CLIENT_INFO, [], (reply: Text) => toClientInfo(String(reply)));
}

/** Closes the connections that meet all filters; answers how many. */
export function clientKill(filters: OneOrMore<ClientKillFilter>): Command<number> {
  const args: RedisArgument[] = [];
  for (const filter of several<ClientKillFilter>(CLIENT_KILL, "filters", filters)) pushFilter(args, filter);
  return command(CLIENT_KILL, args);
}

/** What the server knows of all connections, or of some. */
export function clientList(filter?: ClientListFilter): Command<ClientInfo[]> {
  return command(CLIENT_LIST, listArguments(filter), (reply: Text) => toClientInfos(String(reply)));
}

/** Whether this connection is spared when the server runs out of memory for clients. */
export function clientNoEvict(value: boolean): Command<"OK"> {
  return command(CLIENT_NO_EVICT, [value ? "ON" : "OFF"]);
}

/** Whether reading on this connection leaves the age of keys as it is. Redis 7.2. */
export function clientNoTouch(value: boolean): Command<"OK"> {
  return command(CLIENT_NO_TOUCH, [value ? "ON" : "OFF"]);
}

/** Stops all clients for `timeout` milliseconds, or only those that write. */
export function clientPause(timeout: number, mode?: "WRITE" | "ALL"): Command<"OK"> {
  return command(CLIENT_PAUSE, mode === undefined ? [timeout] : [timeout, mode]);
}

/** Tells the server which library this connection belongs to. Redis 7.2. */
export function clientSetInfo(attribute: "LIB-NAME" | "LIB-VER", value: RedisArgument): Command<"OK"> {
  return command(CLIENT_SETINFO, [attribute, value]);
}

/** Names this connection; no spaces. */
export function clientSetName(name: RedisArgument): Command<"OK"> {
  return command(CLIENT_SETNAME, [name]);
}

/** Ends the waiting of another connection, as if its time were over or with an error; answers 1 or 0. */
export function clientUnblock(id: number | string, mode?: "TIMEOUT" | "ERROR"): Command<number> {
  return command(CLIENT_UNBLOCK, mode === undefined ? [id] : [id, mode]);
}

/** Takes back {@link clientPause}. */
export function clientUnpause(): Command<"OK"> {
  return command(CLIENT_UNPAUSE, []);
}

function listArguments(filter: ClientListFilter | undefined): RedisArgument[] {
  if (filter === undefined) return [];
  if (filter.TYPE !== undefined && filter.ID !== undefined)
    throw invalid(CLIENT_LIST, "TYPE and ID", "exclude each other: give one of them");
  return filter.TYPE !== undefined ? ["TYPE", filter.TYPE] : ["ID", ...several(CLIENT_LIST, "ID", filter.ID)];
}

function pushFilter(args: RedisArgument[], filter: ClientKillFilter): void {
  if (filter === "SKIPME") args.push("SKIPME", "yes");
  else if (filter.filter === "SKIPME") args.push("SKIPME", filter.skipMe ? "yes" : "no");
  else if (filter.filter === "ADDR") args.push("ADDR", filter.address);
  else if (filter.filter === "LADDR") args.push("LADDR", filter.localAddress);
  else if (filter.filter === "ID") args.push("ID", filter.id);
  else if (filter.filter === "TYPE") args.push("TYPE", filter.type);
  else if (filter.filter === "USER") args.push("USER", filter.username);
  else args.push("MAXAGE", filter.maxAge);
}

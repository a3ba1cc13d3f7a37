import { type Command, command, newSpec, type RedisArgument } from "../commands/command.ts";
import type { Endpoint } from "../config/target.ts";

const options = { keys: null, readonly: true } as const;
const GET_MASTER_ADDR = newSpec("SENTINEL GET-MASTER-ADDR-BY-NAME", options);
const MASTER = newSpec("SENTINEL MASTER", { ...options, shape: "object" });
const MASTERS = newSpec("SENTINEL MASTERS", options);
const MYID = newSpec("SENTINEL MYID", options);
const REPLICAS = newSpec("SENTINEL REPLICAS", options);
const SENTINELS = newSpec("SENTINEL SENTINELS", options);
const SUBSCRIBE = newSpec("SUBSCRIBE", { keys: null });

/** A server as a Sentinel describes it, by the names of the Sentinel's own fields: `ip`, `port`, `flags`, `runid`… */
export type Described = Readonly<Record<string, string>>;

/** A server of which a Sentinel tells. */
export interface Announced {
  readonly endpoint: Endpoint;
  /** Identity of the process; empty where the Sentinel does not know it yet. */
  readonly runId: string;
}

/** Address of the master as the Sentinel sees it: during a failover, from the moment of promotion, the new one. */
export function masterAddress(name: string): Command<Endpoint | null> {
  return command(GET_MASTER_ADDR, [name], (reply: [string, string] | null) =>
    reply === null ? null : { host: reply[0], port: Number(reply[1]) },
  );
}

/** `config-epoch` of what the Sentinel knows about a master: the higher, the newer. */
export function masterEpoch(name: string): Command<number> {
  return command(MASTER, [name], (reply: Described) => Number(reply["config-epoch"] ?? 0));
}

/** Names of all masters that the Sentinel watches. */
export function masterNames(): Command<string[]> {
  return command(MASTERS, [], (reply: unknown[]) => reply.map((each) => described(each)["name"] ?? ""));
}

/** Identity of the Sentinel itself. */
export function myId(): Command<string> {
  return command(MYID, []);
}

/** The replicas that can be read from: up, and in touch with their master. */
export function healthyReplicas(name: string): Command<Announced[]> {
  return command(REPLICAS, [name], (reply: unknown[]) =>
    reply
      .map(described)
      .filter((each) => isUp(each) && each["master-link-status"] === "ok")
      .map(announced),
  );
}

/** The other Sentinels of a master. */
export function otherSentinels(name: string): Command<Announced[]> {
  return command(SENTINELS, [name], (reply: unknown[]) => reply.map(described).map(announced));
}

/** Listens to channels of the Sentinel's events. */
export function listen(channels: readonly RedisArgument[]): Command<unknown> {
  return command(SUBSCRIBE, channels);
}

/** RESP2 sends pairs in one array, RESP3 a map. */
function described(reply: unknown): Described {
  if (reply instanceof Map) return Object.fromEntries(reply) as Described;
  if (!Array.isArray(reply)) return reply as Described;
  return Object.fromEntries(reply.flatMap((key, at) => (at % 2 === 0 ? [[key, reply[at + 1]]] : [])));
}

function announced(each: Described): Announced {
  return {
    endpoint: { host: each["ip"] ?? "", port: Number(each["port"]) },
    runId: each["runid"] ?? "",
  };
}

const isUp = (each: Described): boolean => !/\b(s_down|o_down|disconnected)\b/.test(each["flags"] ?? "");

import type { ClientOptions } from "@redoubt/client";
import { type Client, createClient, RedoubtError, ReplyError } from "@redoubt/client";

/** What a server tells of itself, as far as the user may ask. */
export interface ServerFacts {
  /** Fields of `INFO`, all sections in one. */
  readonly info: Readonly<Record<string, string>>;
  /** Who is logged in; `null` where the server does not say. */
  readonly user: string | null;
  /** `maxclients`, `timeout`, `maxmemory-policy`…; empty where `CONFIG` is not allowed. */
  readonly config: Readonly<Record<string, string>>;
  /** How far this machine's clock is ahead of the server's, ms; half of the round trip is taken off. */
  readonly clockAhead: number | null;
  /** Commands that were refused to this user. */
  readonly refused: readonly string[];
  /** Nodes as `CLUSTER SLOTS` announces them; `null` where it is no cluster. */
  readonly nodes: readonly AnnouncedNode[] | null;
  /** `ok` or `fail`; `null` where it is no cluster, or it does not say. */
  readonly clusterState: string | null;
  /** What came of writing, reading and deleting a key; `null` where it was not tried. */
  readonly setGet: { readonly ok: boolean; readonly detail: string; readonly ms: number } | null;
}

/** A node of a cluster. */
export interface AnnouncedNode {
  readonly host: string;
  readonly port: number;
  /** What it is called besides, where the cluster says; else `null`. */
  readonly hostname: string | null;
}

/** Settings that are looked at. */
const settings = [
  "maxclients",
  "timeout",
  "maxmemory",
  "maxmemory-policy",
  "tcp-keepalive",
  "client-output-buffer-limit",
];

/**
 * Asks a server about itself on a connection of its own.
 * @throws RedoubtError when it cannot be opened
 */
export async function askServerFacts(
  options: ClientOptions,
  timeout: number,
  setGet: boolean,
): Promise<ServerFacts> {
  const client = createClient({
    ...options,
    socket: { ...options.socket, reconnectStrategy: false },
    commandOptions: { timeout, retry: "never" },
    offlineQueue: false,
    pingInterval: 0,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return await ask(client, setGet);
  } finally {
    client.destroy();
  }
}

async function ask(client: Client, setGet: boolean): Promise<ServerFacts> {
  const refused: string[] = [];
  const say = async (words: string[]): Promise<unknown> => {
    try {
      return await client.sendCommand(words);
    } catch (error) {
      if (!(error instanceof RedoubtError)) throw error;
      if (error.code === "AUTH_FORBIDDEN")
        refused.push(words.slice(0, words[0] === "CONFIG" ? 2 : 1).join(" "));
      return null;
    }
  };
  const before = Date.now();
  const time = await say(["TIME"]);
  const after = Date.now();
  const [info, user, ...values] = await Promise.all([
    say(["INFO"]),
    say(["ACL", "WHOAMI"]),
    ...settings.map((name) => say(["CONFIG", "GET", name])),
  ]);
  const fields = infoFields(info);
  const clustered = fields["cluster_enabled"] === "1" || fields["redis_mode"] === "cluster";
  const [slots, state] = clustered
    ? await Promise.all([say(["CLUSTER", "SLOTS"]), say(["CLUSTER", "INFO"])])
    : [null, null];
  return {
    info: fields,
    user: typeof user === "string" ? user : null,
    config: Object.assign({}, ...values.map(pairs)),
    clockAhead: aheadOf(time, before, after),
    refused: [...new Set(refused)],
    nodes: clustered ? nodesIn(slots) : null,
    clusterState: infoFields(state)["cluster_state"] ?? null,
    setGet: setGet ? await trySetGet(client) : null,
  };
}

/** `TIME` gives seconds and microseconds. */
function aheadOf(time: unknown, before: number, after: number): number | null {
  if (!Array.isArray(time)) return null;
  const server = Number(time[0]) * 1000 + Number(time[1]) / 1000;
  return Number.isFinite(server) ? (before + after) / 2 - server : null;
}

function infoFields(text: unknown): Record<string, string> {
  if (typeof text !== "string") return {};
  const lines = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
}

/** RESP3 gives a map, RESP2 a list of names and values. */
function pairs(reply: unknown): Record<string, string> {
  if (reply instanceof Map)
    return Object.fromEntries([...reply].map(([name, value]) => [String(name), String(value)]));
  if (Array.isArray(reply)) return reply.length >= 2 ? { [String(reply[0])]: String(reply[1]) } : {};
  if (typeof reply !== "object" || reply === null) return {};
  return Object.fromEntries(Object.entries(reply).map(([name, value]) => [name, String(value)]));
}

function nodesIn(slots: unknown): AnnouncedNode[] {
  const found = new Map<string, AnnouncedNode>();
  for (const range of Array.isArray(slots) ? slots : [])
    for (const node of Array.isArray(range) ? range.slice(2) : []) {
      if (!Array.isArray(node)) continue;
      const [host, port, , more] = node as [unknown, unknown, unknown, unknown];
      if (typeof host !== "string" || host === "" || host === "?") continue;
      const named = pairs(more)["hostname"];
      found.set(`${host}:${String(port)}`, {
        host,
        port: Number(port),
        hostname: named === undefined || named === "" ? null : named,
      });
    }
  return [...found.values()];
}

/** The key is the doctor's own, and goes away by itself should deleting fail. */
async function trySetGet(client: Client): Promise<ServerFacts["setGet"]> {
  const key = `redoubt:doctor:${crypto.randomUUID()}`;
  const value = crypto.randomUUID();
  const start = performance.now();
  try {
    await client.sendCommand(["SET", key, value, "EX", "60"]);
    const read = await client.sendCommand(["GET", key]);
    await client.sendCommand(["DEL", key]);
    const ms = performance.now() - start;
    return read === value
      ? { ok: true, detail: "a key was written, read and deleted", ms }
      : { ok: false, detail: "the key that was written held something else when it was read", ms };
  } catch (error) {
    const detail =
      error instanceof ReplyError
        ? error.message
        : error instanceof RedoubtError
          ? `${error.code}: ${error.message}`
          : String(error);
    return { ok: false, detail, ms: performance.now() - start };
  }
}

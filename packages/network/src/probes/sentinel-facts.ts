import { type ClientOptions, createClient, RedoubtError, type Target } from "@redoubt/client";
import type { AnnouncedNode } from "./server-facts.ts";

/** What one Sentinel tells of a master. */
export interface SentinelFacts {
  /** `null` where it does not know the master. */
  readonly master: AnnouncedNode | null;
  /** Masters that it watches. */
  readonly masters: readonly string[];
  readonly replicas: readonly AnnouncedNode[];
}

/** The target of the Sentinels themselves: their own user, no database. */
export function sentinelTarget(target: Target): Target {
  const { sentinel } = target;
  if (sentinel === null) return target;
  return {
    ...target,
    username: sentinel.username,
    password: sentinel.password,
    sentinel: null,
    database: null,
    clientName: null,
  };
}

/** Asks a Sentinel. @throws RedoubtError when it cannot be asked */
export async function askSentinel(
  options: ClientOptions,
  masterName: string,
  timeout: number,
): Promise<SentinelFacts> {
  const client = createClient({
    ...options,
    socket: { ...options.socket, reconnectStrategy: false },
    commandOptions: { timeout, retry: "never" },
    offlineQueue: false,
    disableClientInfo: true,
    pingInterval: 0,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    const master = await client.sendCommand(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName]);
    const masters = await client.sendCommand(["SENTINEL", "MASTERS"]);
    const replicas = await client
      .sendCommand(["SENTINEL", "REPLICAS", masterName])
      .catch((error: unknown) => {
        if (error instanceof RedoubtError) return [];
        throw error;
      });
    return {
      master: Array.isArray(master) ? nodeOf(String(master[0]), master[1]) : null,
      masters: described(masters).flatMap((one) => one["name"] ?? []),
      replicas: described(replicas).flatMap((one) =>
        one["ip"] === undefined ? [] : [nodeOf(one["ip"], one["port"])],
      ),
    };
  } finally {
    client.destroy();
  }
}

function nodeOf(host: string, port: unknown): AnnouncedNode {
  return { host, port: Number(port), hostname: null };
}

/** RESP2 gives lists of names and values, RESP3 maps. */
function described(reply: unknown): Record<string, string>[] {
  if (!Array.isArray(reply)) return [];
  return reply.map((one: unknown) => {
    if (one instanceof Map)
      return Object.fromEntries([...one].map(([name, value]) => [String(name), String(value)]));
    if (!Array.isArray(one))
      return Object.fromEntries(Object.entries(one ?? {}).map(([name, value]) => [name, String(value)]));
    const fields: Record<string, string> = {};
    for (let at = 0; at + 1 < one.length; at += 2) fields[String(one[at])] = String(one[at + 1]);
    return fields;
  });
}

import { type Authority, createAuthority } from "../certificates/authority.ts";
import type { Directive } from "../server/config.ts";
import { madeUpPassword, type ServerOptions } from "../server/options.ts";
import type { RedisServer } from "../server/server.ts";
import { launch, type Role } from "../server/start.ts";
import { orStop, startAll, stopAll } from "./fleet.ts";
import { difference, fields, until } from "./readiness.ts";

/** Options that all servers of a topology share. Ports, folders and whom to replicate are the topology's own affair. */
export type SharedOptions = Omit<ServerOptions, "port" | "tlsPort" | "directory" | "replicaOf">;

/** Options of `startReplicas`: how many, and what all servers share. */
export interface ReplicasOptions extends SharedOptions {
  /** Number of replicas. Default 1. */
  readonly replicas?: number;
}

/** A primary with its replicas. */
export interface ReplicaSet extends AsyncDisposable {
  readonly primary: RedisServer;
  readonly replicas: readonly RedisServer[];
  readonly authority: Authority;
  /** Connection string of the primary. */
  readonly uri: string;
  stop(): Promise<void>;
}

/** The time a topology may take to get ready when the caller names none (ms). */
export const readyTimeout = 60_000;

/**
 * Starts a primary and replicas of it under one authority and one password, and resolves when every link is up and every
 * replica online. They replicate over TLS, unless they listen in plain text only.
 */
export async function startReplicas(options: ReplicasOptions = {}): Promise<ReplicaSet> {
  const { replicas: count = 1, ...given } = options;
  const shared = await share(given);
  const role = replicating(shared);
  const primary = await launch(shared, role);
  const replicas = await orStop([primary], () =>
    startAll(Array.from({ length: count }, () => launch({ ...shared, replicaOf: primary }, role))),
  );
  const all = [primary, ...replicas];
  await orStop(all, () => linksUp(primary, replicas, options.startTimeout ?? readyTimeout));
  const stop = () => stopAll(all);
  return {
    primary,
    replicas,
    authority: shared.authority,
    uri: primary.uri,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Fixes what all servers must agree on. */
export async function share<T extends SharedOptions>(options: T) {
  return {
    ...options,
    authority: options.authority ?? (await createAuthority()),
    password: options.password ?? madeUpPassword(),
  };
}

/** The role of a server that may become a replica at any time. */
export function replicating({ password }: SharedOptions): Role {
  return { argv: [], bus: false, directives: () => replicationDirectives(password) };
}

/** What a server needs to become a replica of another one with the same password, quickly. */
export function replicationDirectives(password: string | false | undefined): Directive[] {
  return [
    // A cluster counts a replica as available after its first byte, which without writes is the primary's ping.
    ["repl-ping-replica-period", "1"],
    ...(password ? [["masterauth", password] as const] : []),
  ];
}

/** Waits until every replica follows the primary, by both sides' word. */
export async function linksUp(
  primary: RedisServer,
  replicas: readonly RedisServer[],
  timeout: number,
): Promise<void> {
  const linked = { role: "slave", master_link_status: "up" };
  await Promise.all(
    replicas.map((replica) =>
      until(replica, timeout, async (control) =>
        difference(fields(await control.call("INFO", "replication")), linked),
      ),
    ),
  );
  await until(primary, timeout, async (control) => {
    const info = String(await control.call("INFO", "replication"));
    const online = info.match(/^slave\d+:.*state=online/gm)?.length ?? 0;
    return online === replicas.length ? undefined : `${online} of ${replicas.length} replicas online`;
  });
}

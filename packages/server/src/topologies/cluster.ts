import type { Authority } from "../certificates/authority.ts";
import type { Ports } from "../server/directives.ts";
import type { RedisServer } from "../server/server.ts";
import { launch, type Role } from "../server/start.ts";
import { orStop, startAll, stopAll } from "./fleet.ts";
import { difference, fields, until } from "./readiness.ts";
import { linksUp, readyTimeout, replicationDirectives, type SharedOptions, share } from "./replicas.ts";

const slotCount = 16_384;
/** The node timeout while the cluster forms (ms): nodes tell each other their news at least twice in this time. */
const formingNodeTimeout = 1_000;

/** Options of `startCluster`. */
export interface ClusterOptions extends SharedOptions {
  /** Number of primaries; the slots are shared out evenly. Default 3. */
  readonly primaries?: number;
  /** Replicas of each primary. Default 0. */
  readonly replicas?: number;
  /** Milliseconds of silence after which a node counts as failing. Default 5 000. */
  readonly nodeTimeout?: number;
}

/** A Redis Cluster. */
export interface Cluster extends AsyncDisposable {
  /** All nodes: the primaries in the order of their slots, then the replicas. */
  readonly nodes: readonly RedisServer[];
  readonly primaries: readonly RedisServer[];
  /** The replicas of each primary, in the order of the primaries. */
  readonly replicas: readonly (readonly RedisServer[])[];
  readonly authority: Authority;
  /** Connection string with all primaries and `cluster=true`. */
  readonly uri: string;
  stop(): Promise<void>;
}

/**
 * Starts a cluster and resolves when every node says `cluster_state:ok` with all slots covered and all nodes known, and
 * every replica follows its primary. The nodes speak TLS with each other, too. Needs Redis 7 or Valkey.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { primaries: count = 3, replicas: perPrimary = 0, nodeTimeout = 5_000, ...given } = options;
  const shared = await share(given);
  const role = clustering(shared);
  if (!(count >= 1)) throw new Error('option "primaries": a cluster has at least one');
  const nodes = await startAll(Array.from({ length: count * (1 + perPrimary) }, () => launch(shared, role)));
  const primaries = nodes.slice(0, count);
  const replicas = primaries.map((_, at) => nodes.filter((__, node) => node >= count && node % count === at));
  const timeout = options.startTimeout ?? readyTimeout;
  await orStop(nodes, async () => {
    await shareOutSlots(primaries);
    await meet(nodes, timeout);
    await Promise.all(primaries.map((primary, at) => follow(primary, replicas[at] ?? [], timeout)));
    const expected = {
      cluster_state: "ok",
      cluster_slots_ok: String(slotCount),
      cluster_known_nodes: String(nodes.length),
      cluster_size: String(count),
    };
    await Promise.all(nodes.map((node) => clusterSays(node, expected, timeout)));
    await Promise.all(nodes.map((node) => knowsReplicas(node, perPrimary, timeout)));
    const settle = ["CONFIG", "SET", "cluster-node-timeout", String(nodeTimeout)];
    await Promise.all(nodes.map((node) => node.command(...settle)));
  });
  const stop = () => stopAll(nodes);
  return {
    nodes,
    primaries,
    replicas,
    authority: shared.authority,
    uri: (primaries[0] as RedisServer).uriFor({ endpoints: primaries, parameters: { cluster: "true" } }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function clustering(options: SharedOptions): Role {
  const tls = options.listen === undefined || options.listen === "tls" || options.listen === "both";
  return {
    argv: [],
    bus: true,
    directives: ({ bus }: Ports) => [
      ...replicationDirectives(options.password),
      ["cluster-enabled", "yes"],
      ["cluster-port", String(bus)],
      ["cluster-node-timeout", String(formingNodeTimeout)],
      ["tls-cluster", tls ? "yes" : "no"],
    ],
  };
}

/** Gives each primary its share of the slots and an epoch of its own, so that they need not argue about it. */
async function shareOutSlots(primaries: readonly RedisServer[]): Promise<void> {
  await Promise.all(
    primaries.map(async (primary, at) => {
      const from = Math.floor((at * slotCount) / primaries.length);
      const to = Math.floor(((at + 1) * slotCount) / primaries.length) - 1;
      using control = await primary.control();
      await control.call("CLUSTER", "SET-CONFIG-EPOCH", String(at + 1));
      await control.call("CLUSTER", "ADDSLOTSRANGE", String(from), String(to));
    }),
  );
}

/** Makes all nodes known to each other: the first is told of all, the others hear of each other from it. */
async function meet([first, ...others]: readonly RedisServer[], timeout: number): Promise<void> {
  if (first === undefined) return;
  using control = await first.control();
  for (const { address, tlsPort, port, busPort } of others)
    await control.call("CLUSTER", "MEET", address, String(tlsPort ?? port), String(busPort));
  const known = { cluster_known_nodes: String(others.length + 1) };
  await Promise.all([first, ...others].map((node) => clusterSays(node, known, timeout)));
}

async function follow(
  primary: RedisServer,
  replicas: readonly RedisServer[],
  timeout: number,
): Promise<void> {
  const id = String(await primary.command("CLUSTER", "MYID"));
  await Promise.all(replicas.map((replica) => replica.command("CLUSTER", "REPLICATE", id)));
  await linksUp(primary, replicas, timeout);
}

/** A node may say `ok` before it has heard which node follows which. */
function knowsReplicas(node: RedisServer, perPrimary: number, timeout: number): Promise<void> {
  return until(node, timeout, async (control) => {
    const slots = await control.call("CLUSTER", "SLOTS");
    // Each entry: first slot, last slot, then the primary and its replicas.
    const complete =
      Array.isArray(slots) && slots.every((range) => Array.isArray(range) && range.length === 3 + perPrimary);
    return complete ? undefined : "some replicas are not known yet";
  });
}

function clusterSays(
  node: RedisServer,
  expected: Readonly<Record<string, string>>,
  timeout: number,
): Promise<void> {
  return until(node, timeout, async (control) =>
    difference(fields(await control.call("CLUSTER", "INFO")), expected),
  );
}

import type { HealthOptions } from "../client/health.ts";
import { clusterInfo, ping } from "../commands/index.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import { Connection } from "../net/connection.ts";
import { asStrings } from "../protocol/reply.ts";
import type { ClusterNode } from "./cluster-node.ts";

/** Default of {@link HealthOptions.timeoutMs}. */
const defaultTimeout = 2000;

/** How one node is. */
export interface NodeHealth {
  readonly address: string;
  readonly role: "master" | "replica";
  /** Whether it answered in time and thinks that the cluster works. */
  readonly ok: boolean;
  /** What it says of the cluster: `ok` or `fail`; null when it did not answer. */
  readonly state: string | null;
  /** Connecting included. */
  readonly ms: number;
  readonly error: RedoubtError | null;
}

/** How a cluster is. */
export interface ClusterHealth {
  /** Some node answered in time. When none does, restarting your program changes nothing either. */
  readonly live: boolean;
  /** More than half of the primaries answered in time and say that the cluster works. A replica that is away does not matter. */
  readonly ready: boolean;
  /** How many slots have a primary that answered, of 16,384. */
  readonly served: number;
  readonly nodes: readonly NodeHealth[];
}

/** Asks all nodes at once, each on a connection of its own. Never rejects, never takes longer than it may. */
export async function askHealth(
  nodes: readonly ClusterNode[],
  slotsOf: (node: ClusterNode) => number,
  { timeoutMs = defaultTimeout }: HealthOptions,
): Promise<ClusterHealth> {
  const found = await Promise.all(
    nodes.map(async (node) => ({ node, health: await healthOf(node, timeoutMs) })),
  );
  const masters = found.filter(({ node }) => !node.isReplica);
  const well = masters.filter(({ health }) => health.ok);
  return {
    live: found.some(({ health }) => health.state !== null),
    ready: well.length * 2 > masters.length,
    served: masters.reduce((sum, { node, health }) => sum + (health.state === null ? 0 : slotsOf(node)), 0),
    nodes: found.map(({ health }) => health),
  };
}

async function healthOf(node: ClusterNode, timeoutMs: number): Promise<NodeHealth> {
  const begun = performance.now();
  const told = (state: string | null, error: RedoubtError | null): NodeHealth => ({
    address: node.address,
    role: node.isReplica ? "replica" : "master",
    ok: state === "ok",
    state,
    ms: performance.now() - begun,
    error,
  });
  try {
    const dialled = await node.dial({ connectTimeout: timeoutMs });
    const timeout = Math.max(1, timeoutMs - (performance.now() - begun));
    const connection = new Connection(dialled, {
      commandTimeout: timeout,
      socketTimeout: timeout,
      onClose: () => {},
    });
    try {
      return told(await stateBy(connection), null);
    } finally {
      connection.destroy(new RedoubtError("CLOSED_CLIENT", "The node was asked how it is"));
    }
  } catch (error) {
    return told(null, error as RedoubtError);
  }
}

async function stateBy(connection: Connection): Promise<string> {
  try {
    const info = await connection.send(clusterInfo(), asStrings);
    return /^cluster_state:(\w+)/m.exec(info)?.[1] ?? "unknown";
  } catch (error) {
    // A server outside of a cluster has nothing to say about one.
    if (!(error instanceof ReplyError)) throw error;
    await connection.send(ping(), asStrings);
    return "ok";
  }
}

import { isIP } from "node:net";
import type { Endpoint, RedoubtError, Target } from "@redoubt/client";
import type { DialOptions } from "@redoubt/client/net";
import { inParallel } from "./deadline.ts";
import { dialOne } from "./dialling.ts";
import type { AnnouncedNode } from "./server-facts.ts";

/** How a node that was announced can be reached. */
export interface NodeReach {
  readonly node: AnnouncedNode;
  /** Why it cannot be connected to, under no name; `null` where it can. */
  readonly error: RedoubtError | null;
  /** Whether its certificate names the address that was announced; `null` without TLS, or where it was not reached. */
  readonly namesAddress: boolean | null;
  /** The name under which it was verified; `null` where it was not. */
  readonly verifiedAs: string | null;
}

/** Nodes that are dialled at most: a wrong rule is seen with fewer. */
const most = 64;

/**
 * Dials every node as a client would that follows the cluster: first under what was announced, then under the name of the cluster.
 * @param seed the name under which the endpoint itself was verified
 */
export function reachNodes(
  target: Target,
  nodes: readonly AnnouncedNode[],
  seed: string,
  options: DialOptions,
): Promise<NodeReach[]> {
  return inParallel(nodes.slice(0, most), 8, (node) => reachNode(target, node, seed, options));
}

async function reachNode(
  target: Target,
  node: AnnouncedNode,
  seed: string,
  options: DialOptions,
): Promise<NodeReach> {
  const endpoint: Endpoint = { host: node.host, port: node.port };
  const names = [...new Set([node.host, ...(node.hostname === null ? [] : [node.hostname]), seed])];
  let first: RedoubtError | null = null;
  for (const name of names) {
    const one: Target = {
      ...target,
      endpoints: [endpoint],
      sentinel: null,
      database: null,
      tls: { ...target.tls, servername: name === node.host && isIP(name) !== 0 ? null : name },
    };
    const { tls, ...others } = options;
    const { servername: _, ...settings } = tls ?? {};
    const { error } = await dialOne(one, endpoint, { ...others, tls: settings });
    if (error === null)
      return {
        node,
        error: null,
        namesAddress: target.tls.enabled ? name !== seed || name === node.host : null,
        verifiedAs: target.tls.enabled ? name : null,
      };
    first ??= error;
    if (error.code !== "TLS_NAME_MISMATCH") return { node, error, namesAddress: null, verifiedAs: null };
  }
  return { node, error: first, namesAddress: false, verifiedAs: null };
}

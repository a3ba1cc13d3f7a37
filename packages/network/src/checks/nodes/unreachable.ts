import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { nodeLine } from "./node-lines.ts";

/** The entrance works, and what it announces does not: a client works until it is led on. */
export const unreachable: Check = {
  id: "cluster-nodes-unreachable",
  find: ({ target, nodes, provider, server }) => {
    if (target.sentinel !== null || server?.nodes == null) return null;
    const ill = nodes.filter(({ error }) => error !== null && error.code !== "TLS_NAME_MISMATCH");
    if (ill.length === 0) return null;
    const ports = [...new Set(ill.map(({ node }) => node.port))].toSorted((a, b) => a - b);
    const range =
      provider?.name === "azure-cache"
        ? "13000-13999 and 15000-15999"
        : provider?.name === "azure-managed-redis"
          ? "8500-8599 besides 10000"
          : ports.join(", ");
    return {
      evidence: nodes.map(nodeLine),
      fixes: [
        advice(
          `Allow TCP ${range} from clients in the network security group of the server's subnet.`,
          "redoubt network check exports/",
        ),
        advice(
          "Where nodes announce addresses that only they know, say where they are reached: nodeAddressMap in code.",
        ),
      ],
    };
  },
};

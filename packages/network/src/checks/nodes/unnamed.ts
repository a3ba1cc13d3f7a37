import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { rewrite, withName } from "../rewrite.ts";
import { nodeLine } from "./node-lines.ts";

/** Clients that verify each node by the address that was announced fail at the first MOVED. */
export const unnamed: Check = {
  id: "cluster-nodes-unnamed",
  find: ({ target, nodes, server }) => {
    if (target.sentinel !== null || server?.nodes == null) return null;
    const ill = nodes.filter(({ namesAddress }) => namesAddress === false);
    if (ill.length === 0) return null;
    const lost = ill.some(({ verifiedAs }) => verifiedAs === null);
    const name = target.tls.servername ?? target.endpoints[0]?.host ?? "";
    return {
      ...(lost && { severity: "error" as const, likelihood: 0.9 }),
      evidence: nodes.map(nodeLine),
      fixes: lost
        ? [
            advice(
              "Have the nodes' certificates name what they announce, or let them announce host names (cluster-announce-hostname).",
            ),
          ]
        : [
            rewrite(
              target,
              withName(target, name),
              `Let every client verify nodes by ${name}; Redoubt does so by itself.`,
            ),
            advice(
              `Other clients: StackExchange.Redis sslHost=${name}, ioredis tls.servername and dnsLookup, node-redis defaults.socket.servername.`,
            ),
          ],
    };
  },
};

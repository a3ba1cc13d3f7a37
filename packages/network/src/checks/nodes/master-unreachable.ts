import { hostAndPort } from "../../probes/endpoint-name.ts";
import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { nodeLine } from "./node-lines.ts";

/** Sentinels see the master under an address that means nothing here. */
export const masterUnreachable: Check = {
  id: "sentinel-master-unreachable",
  find: ({ target, endpoints, nodes }) => {
    if (target.sentinel === null) return null;
    const masters = endpoints.flatMap(({ sentinel }) =>
      sentinel?.master == null ? [] : [hostAndPort(sentinel.master.host, sentinel.master.port)],
    );
    const ill = nodes.filter(
      ({ error, node }) => error !== null && masters.includes(hostAndPort(node.host, node.port)),
    );
    if (ill.length === 0) return null;
    return {
      evidence: nodes.map(nodeLine),
      fixes: [
        advice(
          "Let server and Sentinels announce what clients can reach: replica-announce-ip, sentinel announce-ip, or host names (resolve-hostnames, announce-hostnames).",
        ),
        advice("Or say where they are reached: nodeAddressMap in code."),
      ],
    };
  },
};

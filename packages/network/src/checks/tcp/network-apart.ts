import type { Check } from "../check.ts";
import { stoppedBy } from "../failures.ts";
import { advice } from "../finding.ts";
import { isApart } from "./port-blocked.ts";
import { reachLines } from "./probe-line.ts";

/** A private address in another network, of which nothing answers on any port. */
export const networkApart: Check = {
  id: "tcp-network-apart",
  find: (evidence) => {
    const ill = stoppedBy(evidence, "silent").filter(isApart);
    if (ill.length === 0) return null;
    const { provider } = evidence;
    return {
      evidence: ill.flatMap(({ reach }) => reach.flatMap(reachLines)),
      fixes: [
        advice(
          provider?.name === "azure-cache"
            ? "In another region a peering does not reach a cache inside a network: its load balancer is a basic one. Connect the networks by a VPN gateway, or give the cache a private endpoint."
            : "Peer the two networks, on both sides, or connect them by a VPN gateway.",
          "az network vnet peering list -g GROUP --vnet-name VNET -o table",
        ),
        advice(
          "Allow the subnet of this machine in the network security group of the server's subnet.",
          "redoubt network check exports/",
        ),
        advice("Look for a route that leads the packets, or the answers, elsewhere."),
      ],
    };
  },
};

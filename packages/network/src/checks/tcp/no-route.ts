import type { Check } from "../check.ts";
import { stoppedBy } from "../failures.ts";
import { advice } from "../finding.ts";
import { reachLines } from "./probe-line.ts";

/** This machine, or a router, says that no way leads there. */
export const noRoute: Check = {
  id: "tcp-no-route",
  find: (evidence) => {
    const ill = stoppedBy(evidence, "unreachable");
    if (ill.length === 0) return null;
    const own = ill.some(({ reach }) => reach.some(({ way }) => way.source === null));
    return {
      evidence: ill.flatMap(({ reach }) => reach.flatMap(reachLines)),
      fixes: [
        advice(
          own
            ? "Give this machine a route to that network: start the VPN, or peer the networks."
            : "A router on the way has no route: peer the networks, in other regions connect them by a gateway.",
          "ip route",
        ),
        advice(
          "Look for a route with next hop None.",
          "az network nic show-effective-route-table -g GROUP -n NIC -o table",
        ),
      ],
    };
  },
};

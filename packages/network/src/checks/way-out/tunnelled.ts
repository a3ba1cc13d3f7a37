import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { flowLine, isReached } from "./flow-lines.ts";

/** Nothing gets out at all: the default route leads somewhere that forwards nothing. */
export const tunnelled: Check = {
  id: "way-out-tunnelled",
  find: ({ waysOut }) => {
    if (waysOut === null || waysOut.length === 0 || waysOut.some(isReached)) return null;
    return {
      evidence: waysOut.slice(0, 8).map(flowLine),
      fixes: [
        advice(
          "Where a gateway advertises 0.0.0.0/0 (forced tunnelling): route the subnet of the cache to the internet.",
          "az network route-table route create -g GROUP --route-table-name ROUTES -n out --address-prefix 0.0.0.0/0 --next-hop-type Internet",
        ),
        advice("Or let on-premises, or the firewall that the route leads to, forward it."),
        advice("Look at outbound rules of the subnet.", "redoubt network check exports/"),
      ],
    };
  },
};

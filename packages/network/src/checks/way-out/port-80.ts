import type { Check } from "../check.ts";
import { advice } from "../finding.ts";
import { flowLine, isReached } from "./flow-lines.ts";

/** Port 443 gets out, and port 80 does not: certificates then fail now and then, at the clients. */
export const port80: Check = {
  id: "way-out-port-80",
  find: ({ waysOut }) => {
    const on80 = waysOut?.filter(({ port }) => port === 80) ?? [];
    const others = waysOut?.filter(({ port }) => port !== 80) ?? [];
    if (on80.length === 0 || on80.some(isReached) || !others.some(isReached)) return null;
    return {
      evidence: on80.slice(0, 8).map(flowLine),
      fixes: [
        advice(
          "Let TCP 80 out of the subnet of the cache. Public authorities have no service tag: the rule names Internet, or a firewall the hosts.",
          "az network nsg rule create -g GROUP --nsg-name NSG -n pki --priority 210 --direction Outbound --access Allow --protocol Tcp --destination-address-prefixes Internet --destination-port-ranges 80",
        ),
      ],
    };
  },
};

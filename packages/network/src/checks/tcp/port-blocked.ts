import { areNear, kindOfAddress } from "../../probes/address-kind.ts";
import type { EndpointEvidence } from "../../probes/evidence.ts";
import { isPrivateLinkName } from "../azure.ts";
import type { Check } from "../check.ts";
import { aliveAround, stoppedBy } from "../failures.ts";
import { advice } from "../finding.ts";
import { reachLines } from "./probe-line.ts";

/** The port is silent while the host is there, or must be: a rule drops it. */
export const portBlocked: Check = {
  id: "tcp-port-blocked",
  find: (evidence) => {
    const ill = stoppedBy(evidence, "silent").filter((one) => !isApart(one));
    const [first] = ill;
    if (first === undefined) return null;
    const alive = ill.some((one) => aliveAround(one).length > 0);
    const { port } = first.dialling.endpoint;
    const source = first.reach[0]?.way.source ?? "CLIENT_SUBNET";
    return {
      ...(!alive && { likelihood: 0.7 }),
      evidence: ill.flatMap(({ reach }) => reach.flatMap(reachLines)),
      fixes: [
        advice(
          `Allow TCP ${port} from ${source} in the network security group of the server's subnet, before any rule that denies it.`,
          `az network nsg rule create -g GROUP --nsg-name NSG -n clients-redis --priority 200 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes ${source} --destination-port-ranges ${port}`,
        ),
        ...(isEndpoint(first)
          ? [
              advice(
                "The name is that of a private endpoint: see whether its connection is approved.",
                "az network private-endpoint-connection list --id CACHE_ID -o table",
              ),
            ]
          : []),
        advice(
          "Look at outbound rules of this machine's own subnet and at firewalls in between.",
          "redoubt network check exports/",
        ),
        ...(!alive && evidence.provider?.name.startsWith("azure")
          ? [
              advice(
                "Where the cache has a private endpoint: see that its connection is approved.",
                "az network private-endpoint-connection list --id CACHE_ID -o table",
              ),
            ]
          : []),
      ],
    };
  },
};

function isEndpoint({ naming }: EndpointEvidence): boolean {
  return naming?.answers.some(({ chain }) => chain.some(isPrivateLinkName)) === true;
}

/** Nothing at all answers at a private address of another network: that is more than a port. */
export function isApart(one: EndpointEvidence): boolean {
  if (aliveAround(one).length > 0) return false;
  return one.reach.every(
    ({ ip, way }) => kindOfAddress(ip) === "private" && (way.source === null || !areNear(ip, way.source)),
  );
}

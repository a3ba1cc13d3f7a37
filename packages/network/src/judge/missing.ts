import { resourceId, shortName } from "../model/resource-id.ts";
import { quoted } from "../model/word.ts";
import type { Missing } from "./verdict.ts";

const shows: Readonly<Record<string, readonly [what: string, command: string]>> = {
  "microsoft.network/networksecuritygroups": ["network security group", "az network nsg show"],
  "microsoft.network/routetables": ["route table", "az network route-table show"],
  "microsoft.network/virtualnetworks": ["virtual network", "az network vnet show"],
  "microsoft.network/virtualnetworks/subnets": ["subnet", "az network vnet subnet show"],
  "microsoft.cache/redis": ["cache", "az redis show"],
  "microsoft.cache/redisenterprise": ["cache", "az redisenterprise show"],
  "microsoft.network/privatednszones": ["private DNS zone", "az network private-dns zone show"],
  "microsoft.network/privateendpoints": ["private endpoint", "az network private-endpoint show"],
  "microsoft.network/networkinterfaces": ["network interface", "az network nic show"],
  "microsoft.network/networkmanagers": ["network manager", "az network manager show"],
};

/** What to export of a resource that others name. */
export function missingResource(id: string, why: string): Missing {
  const [what, command] = shows[resourceId(id).type] ?? ["resource", "az resource show"];
  return { what: `${what} ${shortName(id)}`, why, command: `${command} --ids ${quoted(id)} -o json` };
}

/** The network of a subnet that was not exported. */
export function missingVnet(subnetId: string, why: string): Missing {
  const at = subnetId.toLowerCase().lastIndexOf("/subnets/");
  return missingResource(at < 0 ? subnetId : subnetId.slice(0, at), why);
}

/** The prefixes of service tags. */
export function missingTags(region: string | null): Missing {
  return {
    what: "prefixes of service tags",
    why: "rules name addresses or tags, and only the prefixes tell whether they overlap",
    command: `az network list-service-tags -l ${region ?? "REGION"} -o json`,
  };
}

/** Routes in force: those that a gateway learned are seen nowhere else. */
export function missingRoutes(subnet: string): Missing {
  return {
    what: `routes in force in ${subnet}`,
    why: "a gateway may have learned routes by BGP, which no route table shows",
    command:
      "az network nic show-effective-route-table -g GROUP -n NIC -o json (a network interface in a neighbouring subnet with the same route table), or az network vnet-gateway list-learned-routes -g GROUP -n GATEWAY -o json",
  };
}

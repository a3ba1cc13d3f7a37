import type { Subnet, Vnet } from "../model/network.ts";
import { sameId } from "../model/resource-id.ts";
import type { Lookup } from "./lookup.ts";

/** A subnet that clients are in. */
export interface ClientSubnet {
  readonly vnet: Vnet;
  readonly subnet: Subnet;
  /** Whether nobody said so. */
  readonly guessed: boolean;
}

/** Subnets that Azure keeps for its own appliances: no client runs there. */
const reserved = new Set([
  "gatewaysubnet",
  "azurefirewallsubnet",
  "azurefirewallmanagementsubnet",
  "azurebastionsubnet",
  "routeserversubnet",
]);

/**
 * The subnets whose machines must reach a place: those that were named, else every other one of its network and of the networks
 * peered with it in either direction.
 *
 * @param home the subnet of the cache or of its private endpoint
 * @param named `subnet`, `vnet/subnet` or an id, each; empty for a guess
 */
export function clientSubnets(
  home: Subnet,
  vnet: Vnet,
  named: readonly string[],
  lookup: Lookup,
): ClientSubnet[] {
  const all = lookup.network.vnets.flatMap((one) => one.subnets.map((subnet) => ({ vnet: one, subnet })));
  if (named.length > 0)
    return all
      .filter(({ vnet: one, subnet }) => named.some((name) => isNamed(name, one, subnet)))
      .map((found) => ({ ...found, guessed: false }));
  const taken = lookup.network.caches.map(({ subnetId }) => subnetId);
  return all
    .filter(
      ({ vnet: one, subnet }) =>
        (sameId(one.id, vnet.id) || isPeered(one, vnet)) &&
        !sameId(subnet.id, home.id) &&
        !taken.some((id) => sameId(id, subnet.id)) &&
        !reserved.has(subnet.name.toLowerCase()),
    )
    .map((found) => ({ ...found, guessed: true }));
}

function isPeered(a: Vnet, b: Vnet): boolean {
  return (
    a.peerings.some(({ remoteVnetId }) => sameId(remoteVnetId, b.id)) ||
    b.peerings.some(({ remoteVnetId }) => sameId(remoteVnetId, a.id))
  );
}

/** Whether a name means a subnet: `app`, `vnet/app` or its id. */
export function isNamed(name: string, vnet: Vnet, subnet: Subnet): boolean {
  const text = name.toLowerCase();
  return (
    subnet.name.toLowerCase() === text ||
    `${vnet.name}/${subnet.name}`.toLowerCase() === text ||
    sameId(subnet.id, name)
  );
}

import type { FindingId } from "../../../src/findings/table.ts";
import {
  amrId,
  cache,
  nsg,
  peering,
  provider,
  routeTable,
  subnet,
  subnetId,
  vnet,
  vnetId,
} from "../exported.ts";

export type Json = Record<string, unknown>;

/** A network that is ill in one way. */
export interface Case {
  readonly id: FindingId;
  readonly name: string;
  readonly resources: readonly unknown[];
  /** What the message says, besides. */
  readonly says?: RegExp;
}

export const redis = (more: Json = {}) => subnet("vnet", "redis", "10.0.1.0/24", more);
export const app = (more: Json = {}) => subnet("vnet", "app", "10.0.2.0/24", more);
export const home = (redisMore: Json = {}, more: Json = {}, others: readonly Json[] = [app()]) =>
  vnet("vnet", "10.0.0.0/16", [redis(redisMore), ...others], more);

/** A network with nothing wrong. */
export const healthy: readonly unknown[] = [home(), cache("one", { publicNetworkAccess: null })];

export const blocked = (id: FindingId, name: string, one: Json, says?: RegExp): Case => ({
  id,
  name,
  resources: [home({ nsg: "redis-nsg" }), nsg("redis-nsg", [one]), cache("one")],
  ...(says && { says }),
});

export const routed = (
  id: FindingId,
  name: string,
  routes: readonly [string, string, string?][],
  more: readonly unknown[] = [],
): Case => ({
  id,
  name,
  resources: [home({ table: "redis-routes" }), routeTable("redis-routes", routes), cache("one"), ...more],
});

export const otherVnet = (more: Json = {}) =>
  vnet("other", "10.5.0.0/16", [subnet("other", "web", "10.5.1.0/24")], {
    virtualNetworkPeerings: [peering("vnet")],
    ...more,
  });
export const peered = (
  id: FindingId,
  name: string,
  mine: Json,
  theirs: Json,
  cacheMore: Json = {},
): Case => ({
  id,
  name,
  resources: [home({}, mine), otherVnet(theirs), cache("one", cacheMore)],
});
export const toOther = { virtualNetworkPeerings: [peering("other")] };

export const learned = (...prefixes: string[]) => ({
  value: prefixes.map((network) => ({
    network,
    localAddress: "10.0.255.4",
    nextHop: "10.0.255.5",
    asPath: "65010",
    origin: "EBgp",
    sourcePeer: "10.0.255.5",
    weight: 32_768,
  })),
});

export const amr = (more: Json = {}) => ({
  id: amrId("amr"),
  name: "amr",
  location: "westeurope",
  hostName: "amr.westeurope.redis.azure.net",
  sku: { name: "Balanced_B10" },
  publicNetworkAccess: "Disabled",
  ...more,
});
export const zone = (name: string) => ({
  id: `${provider}/Microsoft.Network/privateDnsZones/${name}`,
  name,
  location: "global",
});
export const zoneLink = (name: string, to: string) => ({
  id: `${zone(name).id}/virtualNetworkLinks/${to}`,
  name: to,
  virtualNetwork: { id: vnetId(to) },
  virtualNetworkLinkState: "Completed",
});
export const endpoint = (target: string, group: string, more: Json = {}, status = "Approved") => ({
  id: `${provider}/Microsoft.Network/privateEndpoints/pe`,
  name: "pe",
  subnet: { id: subnetId("vnet", "pe") },
  privateLinkServiceConnections: [
    {
      name: "pe",
      privateLinkServiceId: target,
      groupIds: [group],
      privateLinkServiceConnectionState: { status },
    },
  ],
  customDnsConfigs: [{ fqdn: "amr.westeurope.redis.azure.net", ipAddresses: ["10.0.3.7"] }],
  ...more,
});
export const amrZone = "privatelink.redis.azure.net";
export const zoneGroup = (name: string) => ({
  id: `${provider}/Microsoft.Network/privateEndpoints/pe/privateDnsZoneGroups/default`,
  name: "default",
  privateDnsZoneConfigs: [{ name: "redis", privateDnsZoneId: zone(name).id }],
});
export const peHome = (more: Json = {}) =>
  vnet("vnet", "10.0.0.0/16", [subnet("vnet", "pe", "10.0.3.0/24"), app()], more);

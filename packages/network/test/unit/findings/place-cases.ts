import { amrId, cache, cacheId, provider, subnet, subscription, vnet } from "../exported.ts";
import {
  amr,
  amrZone,
  type Case,
  endpoint,
  healthy,
  home,
  otherVnet,
  peHome,
  redis,
  toOther,
  zone,
  zoneGroup,
  zoneLink,
} from "./worlds.ts";

/** The place of a cache, private endpoints, names. */
export const placeCases: readonly Case[] = [
  {
    id: "tier-not-premium",
    name: "Standard",
    resources: [home(), cache("one", { sku: { name: "Standard" } })],
  },
  {
    id: "network-other-region",
    name: "another region",
    resources: [home(), cache("one", { location: "North Europe" })],
  },
  {
    id: "network-other-subscription",
    name: "another subscription",
    resources: [
      home(),
      cache("one", {
        id: cacheId("one").replace(subscription, "/subscriptions/22222222-2222-2222-2222-222222222222"),
      }),
    ],
  },
  {
    id: "subnet-not-dedicated",
    name: "an application gateway",
    resources: [
      home({
        ipConfigurations: [
          { id: `${provider}/Microsoft.Network/applicationGateways/agw/gatewayIPConfigurations/ip` },
        ],
      }),
      cache("one"),
    ],
    says: /agw \(microsoft\.network\/applicationgateways\)/,
  },
  {
    id: "subnet-nat-gateway",
    name: "a NAT gateway",
    resources: [home({ natGateway: { id: `${provider}/Microsoft.Network/natGateways/nat` } }), cache("one")],
  },
  {
    id: "subnet-outside-network",
    name: "a range of another network",
    resources: [vnet("vnet", "10.1.0.0/16", [redis()]), cache("one")],
  },
  {
    id: "subnet-too-small",
    name: "three shards in a /29",
    resources: [
      vnet("vnet", "10.0.0.0/16", [subnet("vnet", "redis", "10.0.1.0/29")]),
      cache("one", { shardCount: 3 }),
    ],
    says: /has 3 addresses .* need 7/,
  },
  {
    id: "subnet-full",
    name: "one cache in a /29",
    resources: [
      vnet("vnet", "10.0.0.0/16", [subnet("vnet", "redis", "10.0.1.0/29")]),
      cache("one", { shardCount: 0 }),
    ],
  },
  {
    id: "subnet-no-outbound",
    name: "defaultOutboundAccess false",
    resources: [home({ defaultOutboundAccess: false }), cache("one")],
  },
  {
    id: "static-ip-invalid",
    name: "an address that Azure keeps",
    resources: [home(), cache("one", { staticIp: "10.0.1.3" })],
    says: /keeps for itself/,
  },
  {
    id: "static-ip-invalid",
    name: "no address at all",
    resources: [home(), cache("one", { staticIp: "999.1.1.1" })],
  },
  {
    id: "injected-with-endpoint",
    name: "both",
    resources: [
      home(),
      cache("one", {
        privateEndpointConnections: [
          { privateEndpoint: { id: `${provider}/Microsoft.Network/privateEndpoints/pe` } },
        ],
      }),
    ],
  },
  {
    id: "lighthouse",
    name: "a registration",
    resources: [
      home(),
      cache("one"),
      [{ id: `${subscription}/providers/Microsoft.ManagedServices/registrationAssignments/a`, name: "a" }],
    ],
  },
  {
    id: "public-access-ignored",
    name: "publicNetworkAccess",
    resources: [home(), cache("one", { publicNetworkAccess: "Disabled" })],
  },
  { id: "console-unavailable", name: "any cache inside a network", resources: healthy },
  { id: "cache-retiring", name: "Azure Cache for Redis", resources: healthy, says: /2028-09-30/ },
  {
    id: "cache-retiring",
    name: "Enterprise",
    resources: [
      amr({ hostName: "amr.westeurope.redisenterprise.cache.azure.net", sku: { name: "Enterprise_E10" } }),
    ],
    says: /2027-03-31/,
  },
  {
    id: "old-metric-host",
    name: "a rule of a firewall",
    resources: [
      ...healthy,
      {
        id: `${provider}/Microsoft.Network/firewallPolicies/fw/ruleCollectionGroups/g`,
        name: "g",
        properties: {
          ruleCollections: [{ rules: [{ name: "metrics", targetFqdns: ["shoebox2.metrics.nsatc.net"] }] }],
        },
      },
    ],
    says: /shoebox2\.metrics\.nsatc\.net in 2\.json/,
  },
  { id: "unreachable", name: "no way in", resources: [amr()] },
  {
    id: "endpoint-not-approved",
    name: "pending",
    resources: [peHome(), amr(), endpoint(amrId("amr"), "redisEnterprise", {}, "Pending")],
  },
  {
    id: "endpoint-limit",
    name: "two endpoints of a clustered cache",
    resources: [
      cache("one", {
        subnetId: null,
        privateEndpointConnections: ["a", "b"].map((name) => ({
          privateEndpoint: { id: `${provider}/Microsoft.Network/privateEndpoints/${name}` },
        })),
      }),
    ],
  },
  {
    id: "dns-zone-wrong",
    name: "the zone of the older product",
    resources: [
      peHome(),
      amr(),
      endpoint(amrId("amr"), "redisEnterprise"),
      zoneGroup("privatelink.redisenterprise.cache.azure.net"),
    ],
  },
  {
    id: "dns-zone-missing",
    name: "only another zone",
    resources: [
      peHome(),
      amr(),
      endpoint(amrId("amr"), "redisEnterprise"),
      zone("privatelink.blob.core.windows.net"),
    ],
  },
  {
    id: "dns-zone-not-linked",
    name: "a peered network",
    resources: [
      peHome(toOther),
      otherVnet(),
      amr(),
      endpoint(amrId("amr"), "redisEnterprise"),
      zoneGroup(amrZone),
      zone(amrZone),
      [zoneLink(amrZone, "vnet")],
    ],
    says: /not linked to other/,
  },
  { id: "dns-zone-misnamed", name: "a star", resources: [zone(`*.${amrZone}`)] },
  {
    id: "dns-record-wrong",
    name: "the address of an endpoint that is gone",
    resources: [
      peHome(),
      amr(),
      endpoint(amrId("amr"), "redisEnterprise"),
      zoneGroup(amrZone),
      zone(amrZone),
      [
        {
          id: `${zone(amrZone).id}/A/amr.westeurope`,
          name: "amr.westeurope",
          aRecords: [{ ipv4Address: "10.0.3.99" }],
        },
      ],
    ],
  },
  {
    id: "dns-own-servers",
    name: "a server of the network",
    resources: [home({}, { dhcpOptions: { dnsServers: ["10.0.2.5"] } }), cache("one")],
  },
];

import type { Cache } from "../model/cache.ts";
import {
  emptyNetwork,
  type Network,
  type Nic,
  type Peering,
  type Subnet,
  type Vnet,
} from "../model/network.ts";
import { defaultRules, type Nsg } from "../model/rule.ts";
import { planRoutes } from "../plan/routes.ts";
import { type PlannedRule, planEndpointRules, planRules } from "../plan/rules.ts";
import type { LabHost, LabPlan } from "./plan.ts";

const group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/lab/providers";
const vnetId = (name: string) => `${group}/Microsoft.Network/virtualNetworks/${name}`;
const subnetId = (vnet: string, name: string) => `${vnetId(vnet)}/subnets/${name}`;
const nsgId = (name: string) => `${group}/Microsoft.Network/networkSecurityGroups/${name}`;
const tableId = (name: string) => `${group}/Microsoft.Network/routeTables/${name}`;
const zoneId = (name: string) => `${group}/Microsoft.Network/privateDnsZones/${name}`;

const prefixes = {
  redis: "10.0.1.0/27",
  app: "10.0.2.0/24",
  endpoints: "10.0.3.0/27",
  dns: "10.0.5.0/28",
  web: "10.1.1.0/24",
  jobs: "10.2.1.0/24",
  office: "192.168.0.0/24",
};
const clients = [prefixes.app, prefixes.web, prefixes.jobs, prefixes.office];

const hosts: readonly LabHost[] = [
  { name: "app", address: "10.0.2.4", subnetId: subnetId("hub", "app"), role: "client" },
  { name: "web", address: "10.1.1.4", subnetId: subnetId("spoke", "web"), role: "client" },
  { name: "jobs", address: "10.2.1.4", subnetId: subnetId("far", "jobs"), role: "client" },
  { name: "office", address: "192.168.0.10", subnetId: null, role: "client" },
  { name: "dns", address: "10.0.5.4", subnetId: subnetId("hub", "dns"), role: "dns" },
  { name: "office-dns", address: "192.168.0.53", subnetId: null, role: "dns" },
];

/**
 * The network that a laboratory has where nobody gives another: `orders`, a clustered Premium cache inside the network `hub`;
 * `sessions`, an Azure Managed Redis behind a private endpoint there; clients in the same network (`app`), in one peered with it
 * (`web`), in one of another region (`jobs`) and on-premises behind a VPN gateway (`office`). `web` and `office` ask DNS servers
 * of their own, the others Azure's. Every client reaches both caches.
 */
export function exampleLab(): LabPlan {
  return {
    network: exampleNetwork(),
    hosts,
    onPremises: { prefixes: [prefixes.office], forwards: false },
    dns: { dns: "forwards", "office-dns": "forwards" },
    stopped: [],
    dialling: "right",
  };
}

function exampleNetwork(): Network {
  const redisRules = planRules({ subnet: prefixes.redis, clients, clustered: true, plaintext: true });
  const endpointRules = planEndpointRules({ subnet: prefixes.endpoints, clients });
  const gateway = `${group}/Microsoft.Network/virtualNetworkGateways/vpn`;
  return {
    ...emptyNetwork,
    vnets: [
      vnet("hub", "westeurope", "10.0.0.0/16", [
        subnet("hub", "redis", prefixes.redis, {
          nsgId: nsgId("redis-nsg"),
          routeTableId: tableId("redis-routes"),
        }),
        subnet("hub", "app", prefixes.app),
        subnet("hub", "endpoints", prefixes.endpoints, {
          nsgId: nsgId("endpoints-nsg"),
          privateEndpointPolicies: "Enabled",
        }),
        subnet("hub", "dns", prefixes.dns),
        subnet("hub", "GatewaySubnet", "10.0.255.0/27"),
      ]),
      vnet("spoke", "westeurope", "10.1.0.0/16", [subnet("spoke", "web", prefixes.web)], ["10.0.5.4"]),
      vnet("far", "eastus", "10.2.0.0/16", [subnet("far", "jobs", prefixes.jobs)]),
    ],
    nsgs: [nsg("redis-nsg", redisRules, "redis"), nsg("endpoints-nsg", endpointRules, "endpoints")],
    routeTables: [
      {
        id: tableId("redis-routes"),
        name: "redis-routes",
        disableBgp: false,
        routes: planRoutes().routes.map((route) => ({ ...route, nextHopAddress: null, source: "User" })),
        subnetIds: [subnetId("hub", "redis")],
      },
    ],
    caches: [orders, sessions],
    privateEndpoints: [
      {
        id: endpointId,
        name: "sessions-endpoint",
        subnetId: subnetId("hub", "endpoints"),
        targetId: sessions.id,
        groupIds: ["redisEnterprise"],
        status: "Approved",
        addresses: ["10.0.3.4"],
        zoneIds: [zoneId("privatelink.redis.azure.net")],
      },
    ],
    dnsZones: [
      {
        id: zoneId("privatelink.redis.azure.net"),
        name: "privatelink.redis.azure.net",
        links: ["hub", "spoke", "far"].map((name) => ({ vnetId: vnetId(name), state: "Completed" })),
        records: [{ name: "sessions.westeurope", addresses: ["10.0.3.4"] }],
      },
    ],
    nics: hosts.flatMap(({ name, address, subnetId: at }) => (at === null ? [] : [nic(name, address, at)])),
    gateways: [{ id: gateway, name: "vpn", kind: "vpn", subnetIds: [subnetId("hub", "GatewaySubnet")] }],
    learnedRoutes: [{ prefix: prefixes.office, file: "example" }],
    serviceTags: new Map([
      ["AzureKeyVault", ["198.51.100.0/28"]],
      ["AzureMonitor", ["198.51.100.16/28"]],
      ["Storage", ["198.51.100.32/28"]],
      ["EventHub", ["198.51.100.48/28"]],
      ["AzureCloud", ["198.51.100.0/24"]],
    ]),
  };
}

const endpointId = `${group}/Microsoft.Network/privateEndpoints/sessions-endpoint`;

const nothing = {
  hostName: null,
  subnetId: null,
  staticIp: null,
  capacity: null,
  zones: [],
  plaintext: null,
  publicAccess: null,
  clusteringPolicy: null,
  linkedServerIds: [],
  privateEndpointIds: [],
};

const orders: Cache = {
  ...nothing,
  id: `${group}/Microsoft.Cache/Redis/orders`,
  name: "orders",
  kind: "redis",
  region: "westeurope",
  tier: "Premium",
  capacity: 1,
  hostName: "orders.redis.cache.windows.net",
  subnetId: subnetId("hub", "redis"),
  staticIp: "10.0.1.10",
  shards: 2,
  replicasPerPrimary: 1,
  // With zones it has a standard load balancer, which clients of another region reach.
  zones: ["1", "2", "3"],
  plaintext: false,
};

const sessions: Cache = {
  ...nothing,
  id: `${group}/Microsoft.Cache/redisEnterprise/sessions`,
  name: "sessions",
  kind: "managed",
  region: "westeurope",
  tier: "Balanced_B10",
  hostName: "sessions.westeurope.redis.azure.net",
  shards: null,
  replicasPerPrimary: null,
  publicAccess: false,
  clusteringPolicy: "OSSCluster",
  privateEndpointIds: [endpointId],
};

function vnet(
  name: string,
  region: string,
  prefix: string,
  subnets: readonly Subnet[],
  dnsServers: readonly string[] = [],
): Vnet {
  const peerings = name === "hub" ? [peering("spoke"), peering("far")] : [peering("hub")];
  return {
    id: vnetId(name),
    name,
    region,
    prefixes: [prefix],
    dnsServers,
    subnets,
    peerings,
    complete: true,
  };
}

function peering(to: string): Peering {
  return {
    name: `to-${to}`,
    remoteVnetId: vnetId(to),
    state: "Connected",
    syncLevel: "FullyInSync",
    allowAccess: true,
    allowForwarded: true,
    useRemoteGateways: to === "hub",
    remotePrefixes: [],
  };
}

function subnet(vnetName: string, name: string, prefix: string, more: Partial<Subnet> = {}): Subnet {
  return {
    id: subnetId(vnetName, name),
    name,
    prefixes: [prefix],
    nsgId: null,
    routeTableId: null,
    natGatewayId: null,
    delegations: [],
    serviceEndpoints: [],
    defaultOutboundAccess: null,
    privateEndpointPolicies: "Disabled",
    occupants: [],
    ...more,
  };
}

function nic(name: string, address: string, at: string): Nic {
  const id = `${group}/Microsoft.Network/networkInterfaces/${name}`;
  return { id, name, nsgId: null, addresses: [address], subnetIds: [at], asgIds: [] };
}

function nsg(name: string, rules: readonly PlannedRule[], subnetName: string): Nsg {
  const own = rules.map(
    ({ ports, name: rule, priority, direction, access, protocol, sources, destinations }) => ({
      name: rule,
      priority,
      direction,
      access,
      protocol,
      sources,
      destinations,
      sourceAsgIds: [],
      destinationAsgIds: [],
      sourcePorts: ["*"],
      destinationPorts: ports,
    }),
  );
  return {
    id: nsgId(name),
    name,
    rules: [...own, ...defaultRules],
    subnetIds: [subnetId("hub", subnetName)],
    nicIds: [],
  };
}

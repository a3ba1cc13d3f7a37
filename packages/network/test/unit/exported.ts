import { type Exports, readExports } from "../../src/exports/read.ts";
import type { FlowVerdict } from "../../src/judge/flow.ts";
import type { JudgeOptions } from "../../src/judge/injected.ts";
import { type Judgement, judge } from "../../src/judge/judge.ts";
import type { PlannedRule } from "../../src/plan/rules.ts";

export const subscription = "/subscriptions/11111111-1111-1111-1111-111111111111";
const group = `${subscription}/resourceGroups/rg-cache`;
export const provider = `${group}/providers`;
export const vnetId = (name: string) => `${provider}/Microsoft.Network/virtualNetworks/${name}`;
export const subnetId = (vnet: string, name: string) => `${vnetId(vnet)}/subnets/${name}`;
export const nsgId = (name: string) => `${provider}/Microsoft.Network/networkSecurityGroups/${name}`;
export const tableId = (name: string) => `${provider}/Microsoft.Network/routeTables/${name}`;
export const cacheId = (name: string) => `${provider}/Microsoft.Cache/Redis/${name}`;
export const amrId = (name: string) => `${provider}/Microsoft.Cache/redisEnterprise/${name}`;

type Json = Record<string, unknown>;
const ref = (id: string | null) => (id === null ? null : { id, resourceGroup: "rg-cache" });

/** What `az network vnet subnet show` prints. */
export function subnet(
  vnet: string,
  name: string,
  prefix: string,
  more: Json & { nsg?: string; table?: string } = {},
): Json {
  const { nsg, table, ...rest } = more;
  return {
    id: subnetId(vnet, name),
    name,
    addressPrefix: prefix,
    networkSecurityGroup: ref(nsg === undefined ? null : nsgId(nsg)),
    routeTable: ref(table === undefined ? null : tableId(table)),
    natGateway: null,
    delegations: [],
    serviceEndpoints: [],
    privateEndpointNetworkPolicies: "Disabled",
    ...rest,
  };
}

/** What `az network vnet show` prints. */
export function vnet(name: string, prefix: string, subnets: readonly Json[], more: Json = {}): Json {
  return {
    id: vnetId(name),
    name,
    type: "Microsoft.Network/virtualNetworks",
    location: "westeurope",
    addressSpace: { addressPrefixes: [prefix] },
    dhcpOptions: { dnsServers: [] },
    subnets,
    virtualNetworkPeerings: [],
    ...more,
  };
}

/** A peering as a virtual network holds it. */
export function peering(to: string, more: Json = {}): Json {
  return {
    name: `to-${to}`,
    remoteVirtualNetwork: ref(vnetId(to)),
    peeringState: "Connected",
    peeringSyncLevel: "FullyInSync",
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    useRemoteGateways: false,
    remoteAddressSpace: { addressPrefixes: [] },
    ...more,
  };
}

/** One rule as `az network nsg show` prints it. */
export function rule(
  priority: number,
  direction: string,
  access: string,
  protocol: string,
  source: string,
  destination: string,
  ports: string | readonly string[],
  more: Json = {},
): Json {
  return {
    name: `${access}-${priority}`,
    priority,
    direction,
    access,
    protocol,
    sourceAddressPrefix: source,
    sourceAddressPrefixes: [],
    destinationAddressPrefix: destination,
    destinationAddressPrefixes: [],
    sourcePortRange: "*",
    sourcePortRanges: [],
    destinationPortRange: typeof ports === "string" ? ports : null,
    destinationPortRanges: typeof ports === "string" ? [] : ports,
    ...more,
  };
}

/** What `az network nsg show` prints. */
export function nsg(name: string, rules: readonly Json[], more: Json = {}): Json {
  return {
    id: nsgId(name),
    name,
    type: "Microsoft.Network/networkSecurityGroups",
    location: "westeurope",
    securityRules: rules,
    subnets: [],
    ...more,
  };
}

/** Rules of a plan, as Azure would show them. */
export function plannedRule(one: PlannedRule): Json {
  const { name, priority, direction, access, protocol, sources, destinations, ports, description } = one;
  return {
    name,
    description,
    priority,
    direction,
    access,
    protocol,
    sourceAddressPrefix: sources.length === 1 ? sources[0] : null,
    sourceAddressPrefixes: sources.length === 1 ? [] : sources,
    destinationAddressPrefix: destinations.length === 1 ? destinations[0] : null,
    destinationAddressPrefixes: destinations.length === 1 ? [] : destinations,
    sourcePortRange: "*",
    destinationPortRanges: ports,
  };
}

/** What `az network route-table show` prints. */
export function routeTable(
  name: string,
  routes: readonly [prefix: string, hop: string, address?: string][],
  more: Json = {},
): Json {
  return {
    id: tableId(name),
    name,
    type: "Microsoft.Network/routeTables",
    disableBgpRoutePropagation: false,
    routes: routes.map(([addressPrefix, nextHopType, nextHopIpAddress = null]) => ({
      id: `${tableId(name)}/routes/${addressPrefix.replaceAll(/\W/g, "-")}`,
      name: `to-${addressPrefix.replaceAll(/\W/g, "-")}`,
      addressPrefix,
      nextHopType,
      nextHopIpAddress,
    })),
    ...more,
  };
}

/** What `az redis show` prints of a cache in `vnet/redis`. */
export function cache(name: string, more: Json = {}): Json {
  return {
    id: cacheId(name),
    name,
    type: "Microsoft.Cache/Redis",
    location: "West Europe",
    hostName: `${name}.redis.cache.windows.net`,
    enableNonSslPort: false,
    sku: { name: "Premium", family: "P", capacity: 1 },
    subnetId: subnetId("vnet", "redis"),
    staticIp: "10.0.1.4",
    shardCount: 2,
    replicasPerMaster: 1,
    linkedServers: [],
    zones: null,
    accessKeys: null,
    ...more,
  };
}

/** The exports of these resources, one file each. */
export function exported(...resources: readonly unknown[]): Exports {
  return readExports(
    resources.map((one, index) => ({ name: `${index}.json`, bytes: Buffer.from(JSON.stringify(one)) })),
  );
}

/** The judgement of these resources. */
export function judged(resources: readonly unknown[], options: JudgeOptions = {}): Judgement {
  return judge(exported(...resources).network, options);
}

/** All flows of a judgement. */
export function flows({ caches }: Judgement): readonly FlowVerdict[] {
  return caches.flatMap((one) => one.flows);
}

/** `id: verdict` of the flows that are not allowed. */
export function troubles(judgement: Judgement): string[] {
  return flows(judgement)
    .filter(({ verdict }) => verdict !== "allowed")
    .map(({ flow, verdict, partly }) => `${flow.id}: ${partly ? "partly " : ""}${verdict}`);
}

import type { Cache, LinkedCache } from "./cache.ts";
import type { DnsZone, PrivateEndpoint } from "./private-link.ts";
import type { LearnedRoute, RouteTable, SubnetRoutes } from "./route.ts";
import type { Nsg } from "./rule.ts";

/** Something that has an address in a subnet. */
export interface Occupant {
  readonly id: string;
  /** `microsoft.network/networkinterfaces`, in lower case; empty where it cannot be told. */
  readonly type: string;
}

/** A subnet. Lists that an export leaves out are `null`: then nobody knows. */
export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly nsgId: string | null;
  readonly routeTableId: string | null;
  readonly natGatewayId: string | null;
  readonly delegations: readonly string[];
  /** Services, as tags name them: `Microsoft.Storage`. */
  readonly serviceEndpoints: readonly string[];
  readonly defaultOutboundAccess: boolean | null;
  /** `Disabled`, `Enabled`, `NetworkSecurityGroupEnabled` or `RouteTableEnabled`. */
  readonly privateEndpointPolicies: string | null;
  readonly occupants: readonly Occupant[];
}

/** One side of a peering. */
export interface Peering {
  readonly name: string;
  readonly remoteVnetId: string;
  /** `Initiated`, `Connected` or `Disconnected`; `null` where it is not known. */
  readonly state: string | null;
  /** `FullyInSync`, or what is not in sync. */
  readonly syncLevel: string | null;
  readonly allowAccess: boolean;
  readonly allowForwarded: boolean;
  readonly useRemoteGateways: boolean;
  readonly remotePrefixes: readonly string[];
}

/** A virtual network. */
export interface Vnet {
  readonly id: string;
  readonly name: string;
  /** As {@link regionKey} writes it; `null` where it is not known. */
  readonly region: string | null;
  readonly prefixes: readonly string[];
  readonly dnsServers: readonly string[];
  readonly subnets: readonly Subnet[];
  readonly peerings: readonly Peering[];
  /** `false` where only parts of it were found, for example one subnet. */
  readonly complete: boolean;
}

/** A network interface, for the address and the groups of a client. */
export interface Nic {
  readonly id: string;
  readonly name: string;
  readonly nsgId: string | null;
  readonly addresses: readonly string[];
  readonly subnetIds: readonly string[];
  readonly asgIds: readonly string[];
}

/** A gateway to other networks. */
export interface Gateway {
  readonly id: string;
  readonly name: string;
  readonly kind: "vpn" | "expressroute";
  readonly subnetIds: readonly string[];
}

/** All that is known of a network. */
export interface Network {
  readonly vnets: readonly Vnet[];
  readonly nsgs: readonly Nsg[];
  readonly routeTables: readonly RouteTable[];
  readonly caches: readonly Cache[];
  readonly linkedCaches: readonly LinkedCache[];
  readonly privateEndpoints: readonly PrivateEndpoint[];
  readonly dnsZones: readonly DnsZone[];
  readonly nics: readonly Nic[];
  readonly gateways: readonly Gateway[];
  /** Routes that a gateway has learned by BGP. */
  readonly learnedRoutes: readonly LearnedRoute[];
  /** Routes in force at a network interface. */
  readonly effectiveRoutes: readonly SubnetRoutes[];
  /** What `VirtualNetwork` stands for, where rules in force were exported. */
  readonly virtualNetworks: readonly { readonly subnetId: string; readonly prefixes: readonly string[] }[];
  /** Prefixes of service tags, by their names in lower case. */
  readonly serviceTags: ReadonlyMap<string, readonly string[]>;
  /** Whether Azure Lighthouse manages the subscription; `null` where it is not known. */
  readonly lighthouse: boolean | null;
  /** Host names that rules of firewalls or descriptions name, in lower case. */
  readonly hostNames: readonly HostName[];
}

/** A host that an export names. */
export interface HostName {
  readonly host: string;
  /** Where: the file. */
  readonly file: string;
}

/** A network of which nothing is known. */
export const emptyNetwork: Network = {
  vnets: [],
  nsgs: [],
  routeTables: [],
  caches: [],
  linkedCaches: [],
  privateEndpoints: [],
  dnsZones: [],
  nics: [],
  gateways: [],
  learnedRoutes: [],
  effectiveRoutes: [],
  virtualNetworks: [],
  serviceTags: new Map(),
  lighthouse: null,
  hostNames: [],
};

/** `West Europe` and `westeurope` are the same region. */
export function regionKey(location: string): string {
  return location.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

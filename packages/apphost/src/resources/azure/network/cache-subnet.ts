import { planRoutes, planRules } from "@redoubt/network";
import { fault } from "../../../model/fault.ts";
import type { ParameterResource } from "../../../model/parameter.ts";
import { AzureRouteTable } from "./route-table.ts";
import { AzureNetworkSecurityGroup, type SecurityRule } from "./security-group.ts";
import type { AzureSubnet } from "./subnet.ts";

/** Options of `withVirtualNetwork`. */
export interface CacheSubnetOptions {
  /** The address that the cache is to have. Default: any free one. */
  readonly staticIp?: string;
  /** Subnets with programs that use it, of this network or given by their prefixes. Default: all others of this network. */
  readonly clients?: readonly (AzureSubnet | string)[];
  /** Prefixes that ExpressRoute or VPN advertises. Default `0.0.0.0/0`: forced tunnelling. */
  readonly advertised?: readonly string[];
  /** Prefixes of the subnets of caches that replicate with it. Default: none. */
  readonly geoPeers?: readonly string[];
  /** The network's own DNS servers. Default: none, Azure's. */
  readonly dnsServers?: readonly string[];
  /** `false` leaves the subnet's group alone. Default: `{subnet}-nsg`, with the rules that the port tables ask for. */
  readonly networkSecurityGroup?: AzureNetworkSecurityGroup | false;
  /** `false` leaves the subnet's routes alone. Default: `{subnet}-routes`, which keep the cache's dependencies off a tunnel. */
  readonly routeTable?: AzureRouteTable | false;
}

/** How the cache's part of the rules is told. */
export interface CacheInSubnet {
  readonly clustered: () => boolean;
  readonly plaintext: () => boolean;
}

/** Gives the subnet of an injected cache the group and the table of routes that it needs, unless it has its own. */
export function prepareCacheSubnet(
  subnet: AzureSubnet,
  options: CacheSubnetOptions,
  cache: CacheInSubnet,
): void {
  const { app, networkSecurityGroup, routeTable } = subnet;
  if (options.networkSecurityGroup !== false && networkSecurityGroup === undefined) {
    const group =
      options.networkSecurityGroup ?? app.add(new AzureNetworkSecurityGroup(app, `${subnet.name}-nsg`));
    group.withSecurityRules(() => rulesOf(subnet, options, cache));
    subnet.withNetworkSecurityGroup(group);
  }
  if (options.routeTable === false || routeTable !== undefined) return;
  subnet.withRouteTable(
    options.routeTable ??
      app.add(new AzureRouteTable(app, `${subnet.name}-routes`, planRoutes(options.advertised).routes)),
  );
}

function rulesOf(
  subnet: AzureSubnet,
  { clients, geoPeers, dnsServers }: CacheSubnetOptions,
  { clustered, plaintext }: CacheInSubnet,
): readonly SecurityRule[] {
  const others = clients ?? subnet.network.subnets.filter((other) => other !== subnet);
  return planRules({
    subnet: textOf(subnet.prefix, subnet.name),
    clients: others.map((client) =>
      typeof client === "string" ? client : textOf(client.prefix, client.name),
    ),
    clustered: clustered(),
    plaintext: plaintext(),
    ...(geoPeers === undefined ? {} : { geoPeers }),
    ...(dnsServers === undefined ? {} : { dnsServers }),
  });
}

function textOf(prefix: string | ParameterResource, subnet: string): string {
  if (typeof prefix === "string") return prefix;
  throw fault(
    "APP_MODEL",
    `the prefix of the subnet "${subnet}" is a parameter, and rules need the prefix itself`,
    {
      hint: "Give the prefix as text, or pass a networkSecurityGroup of your own.",
    },
  );
}

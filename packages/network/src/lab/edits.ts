import type { Cache } from "../model/cache.ts";
import type { Network, Vnet } from "../model/network.ts";
import type { DnsZone } from "../model/private-link.ts";
import type { Nsg, SecurityRule } from "../model/rule.ts";
import type { LabPlan } from "./plan.ts";

// Changes of a plan, as an administrator would make them. Each gives a new plan and leaves the old one as it was.

/** Changes the network. */
export function withNetwork(plan: LabPlan, change: (network: Network) => Partial<Network>): LabPlan {
  return { ...plan, network: { ...plan.network, ...change(plan.network) } };
}

/** Adds a rule to the groups for which `where` says so. */
export function withRule(plan: LabPlan, where: (nsg: Nsg) => boolean, rule: Partial<SecurityRule>): LabPlan {
  const whole: SecurityRule = {
    name: "lab-rule",
    priority: 100,
    direction: "Inbound",
    access: "Deny",
    protocol: "Tcp",
    sources: ["*"],
    destinations: ["*"],
    sourceAsgIds: [],
    destinationAsgIds: [],
    sourcePorts: ["*"],
    destinationPorts: ["*"],
    ...rule,
  };
  return withNetwork(plan, ({ nsgs }) => ({
    nsgs: nsgs.map((nsg) => (where(nsg) ? { ...nsg, rules: [whole, ...nsg.rules] } : nsg)),
  }));
}

/** Changes caches. */
export function withCaches(plan: LabPlan, change: (cache: Cache) => Partial<Cache>): LabPlan {
  return withNetwork(plan, ({ caches }) => ({
    caches: caches.map((cache) => ({ ...cache, ...change(cache) })),
  }));
}

/** Changes private DNS zones. */
export function withZones(plan: LabPlan, change: (zone: DnsZone) => Partial<DnsZone>): LabPlan {
  return withNetwork(plan, ({ dnsZones }) => ({
    dnsZones: dnsZones.map((zone) => ({ ...zone, ...change(zone) })),
  }));
}

/** Changes virtual networks. */
export function withVnets(plan: LabPlan, change: (vnet: Vnet) => Partial<Vnet>): LabPlan {
  return withNetwork(plan, ({ vnets }) => ({ vnets: vnets.map((vnet) => ({ ...vnet, ...change(vnet) })) }));
}

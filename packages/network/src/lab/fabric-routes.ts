import type { Lookup } from "../judge/lookup.ts";
import { routingOf } from "../judge/routes.ts";
import { parsePrefix, prefixesSet, prefixSet } from "../model/address.ts";
import { IntervalSet } from "../model/intervals.ts";
import type { Route } from "../model/route.ts";
import { hostAddresses, type Machine } from "./machines.ts";
import type { LabPlan } from "./plan.ts";
import { prefixTexts } from "./settled.ts";

/** Both ends of the links to the internet and to the gateway (RFC 3927); others have only that of the fabric. */
export const linkAddresses = {
  fabric: "169.254.1.1",
  internet: "169.254.2.1",
  gateway: "169.254.3.1",
} as const;

/** Tables of Linux's routing, by what they are for. */
const tables = { delivery: 2000, gateway: 1999, subnets: 1000 } as const;

/** Of routes of one length, the lowest metric wins: the user's, then those of service tags, then learned, then the system's. */
const metrics = { User: 10, tag: 15, Gateway: 20, System: 30 } as const;

/**
 * Lines for `ip -batch` that give the fabric its routes. A packet is routed by the table of the subnet that it comes from, as
 * Azure does: longest prefix, then the source of the route. A route to the own or a peered network only lets it through (`throw`)
 * to the table that delivers; where no machine has the address, it is dropped, as it is on Azure.
 */
export function fabricRoutes(plan: LabPlan, machines: readonly Machine[], lookup: Lookup): string[] {
  const attached = machines.filter(({ behind }) => behind === "fabric");
  const subnets = [...new Set(attached.flatMap(({ subnetId }) => (subnetId === null ? [] : [subnetId])))];
  const lines: string[] = [];
  for (const { name, address, kind } of attached) {
    if (address !== null && kind !== "internet" && kind !== "azure-dns")
      lines.push(`route add ${address}/32 dev ${name} scope link table ${tables.delivery}`);
  }
  lines.push(`route add blackhole default table ${tables.delivery}`);
  for (const [index, subnetId] of subnets.entries()) {
    const table = tables.subnets + index;
    lines.push(...subnetTable(subnetId, table, machines, lookup));
    for (const { name } of attached.filter((machine) => machine.subnetId === subnetId))
      lines.push(`rule add pref 100 iif ${name} lookup ${table}`);
  }
  if (plan.onPremises !== null) {
    for (const prefix of joinedPrefixes(lookup))
      lines.push(`route add throw ${prefix} table ${tables.gateway}`);
    for (const prefix of plan.onPremises.prefixes)
      lines.push(
        `route add ${prefix} via ${linkAddresses.gateway} dev gateway onlink table ${tables.gateway}`,
      );
    // What the gateway lets out is on-premises' own, or what it forwards.
    lines.push(
      `route add default ${internet} table ${tables.gateway}`,
      `rule add pref 100 iif gateway lookup ${tables.gateway}`,
      // Answers of the internet and of Azure's DNS find their way back there, too.
      ...plan.onPremises.prefixes.map(
        (prefix) =>
          `route add ${prefix} via ${linkAddresses.gateway} dev gateway onlink table ${tables.delivery}`,
      ),
    );
  }
  lines.push(`rule add pref 200 lookup ${tables.delivery}`);
  return lines;
}

/** Prefixes of the networks that have a gateway, their own or that of a peer: on-premises leads there alone. */
export function joinedPrefixes(lookup: Lookup): string[] {
  return lookup.network.vnets
    .filter((vnet) => lookup.hasGateway(vnet))
    .flatMap(({ prefixes }) => prefixTexts(prefixesSet(prefixes)));
}

const internet = `via ${linkAddresses.internet} dev internet onlink`;

function subnetTable(
  subnetId: string,
  table: number,
  machines: readonly Machine[],
  lookup: Lookup,
): string[] {
  const { routes } = routingOf(subnetId, lookup);
  const vnetId = lookup.vnetOf(subnetId)?.id;
  const dns = machines.find((machine) => machine.kind === "azure-dns" && machine.vnetId === vnetId);
  const lines = new Map<string, string>();
  const add = (prefix: string, metric: number, kind: string, hop: string) => {
    const key = `${prefix} ${metric}`;
    if (!lines.has(key))
      lines.set(
        key,
        `route add ${kind} ${prefix} ${hop} table ${table} metric ${metric}`.replaceAll(/ +/g, " "),
      );
  };
  if (dns !== undefined)
    for (const address of hostAddresses) add(`${address}/32`, 1, "", `dev ${dns.name} scope link`);
  // Of the own and peered networks no learned prefix says better, however long it is.
  const local = prefixesSet(
    routes.filter((route) => route.source === "System" && isLocal(route)).map(({ prefix }) => prefix),
  );
  for (const route of routes)
    for (const { prefix, tag } of prefixesOf(route, local, lookup)) {
      const [kind, hop] = hopOf(route, machines);
      add(prefix, tag ? metrics.tag : metrics[route.source], kind, hop);
    }
  return [...lines.values()];
}

function isLocal({ nextHop }: Route): boolean {
  return nextHop === "VnetLocal" || nextHop === "VNetPeering";
}

function prefixesOf(route: Route, local: IntervalSet, lookup: Lookup): { prefix: string; tag: boolean }[] {
  const plain = parsePrefix(route.prefix);
  if (plain === "ipv6") return [];
  if (plain === null)
    return prefixTexts(lookup.tag(route.prefix) ?? IntervalSet.empty).map((prefix) => ({
      prefix,
      tag: true,
    }));
  const set = prefixSet(route.prefix) ?? IntervalSet.empty;
  const left = route.source === "Gateway" && plain.length > 0 ? set.without(local) : set;
  return prefixTexts(left).map((prefix) => ({ prefix, tag: false }));
}

function hopOf(
  { nextHop, nextHopAddress }: Route,
  machines: readonly Machine[],
): [kind: string, hop: string] {
  switch (nextHop) {
    case "VnetLocal":
    case "VNetPeering":
      return ["throw", ""];
    case "Internet":
    case "VirtualNetworkServiceEndpoint":
      return ["", internet];
    case "VirtualNetworkGateway":
      return machines.some(({ kind }) => kind === "gateway")
        ? ["", `via ${linkAddresses.gateway} dev gateway onlink`]
        : ["blackhole", ""];
    case "VirtualAppliance": {
      const appliance = machines.find(
        ({ address, behind }) => behind === "fabric" && address === nextHopAddress,
      );
      return appliance === undefined
        ? ["blackhole", ""]
        : ["", `via ${nextHopAddress} dev ${appliance.name} onlink`];
    }
    case "None":
    case "Unknown":
      return ["blackhole", ""];
  }
}

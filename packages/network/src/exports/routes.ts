import { z } from "zod";
import { idKey, resourceId } from "../model/resource-id.ts";
import type { LearnedRoute, NextHop, Route, RouteSource, RouteTable, SubnetRoutes } from "../model/route.ts";
import { flag, references, type Shape, shapes, text, texts } from "./shape.ts";

const hops: readonly NextHop[] = [
  "Internet",
  "None",
  "VirtualAppliance",
  "VirtualNetworkGateway",
  "VnetLocal",
  "VNetPeering",
  "VirtualNetworkServiceEndpoint",
];

/** The next hop of a word, whatever its case; what is not known is `Unknown`. */
function nextHop(word: string | null): NextHop {
  const key = (word ?? "").toLowerCase();
  if (key === "virtualapplianceecmp") return "VirtualAppliance";
  // Peerings across regions, and endpoints: both are reached by a route of the system.
  if (key === "vnetglobalpeering") return "VNetPeering";
  if (key === "interfaceendpoint") return "VnetLocal";
  return hops.find((hop) => hop.toLowerCase() === key) ?? "Unknown";
}

const routeShape = z.object({
  id: text,
  name: text,
  addressprefix: texts,
  nexthoptype: text,
  nexthopipaddress: texts,
  source: text,
  state: text,
});

/** A route of a table; an effective one may name several prefixes. */
function readRoutes(shape: Shape, source: RouteSource): Route[] {
  const found = routeShape.parse(shape);
  return found.addressprefix.map((prefix) => ({
    name: found.name ?? "unnamed",
    prefix,
    nextHop: nextHop(found.nexthoptype),
    nextHopAddress: found.nexthopipaddress[0] ?? null,
    source,
  }));
}

const tableShape = z.object({
  id: text,
  name: text,
  disablebgproutepropagation: flag,
  routes: shapes,
  subnets: references,
});

/** `az network route-table show`, or one of a list. */
export function readRouteTable(shape: Shape): RouteTable {
  const found = tableShape.parse(shape);
  const id = found.id ?? found.name ?? "";
  return {
    id,
    name: found.name ?? resourceId(id).names.at(-1) ?? id,
    disableBgp: found.disablebgproutepropagation ?? false,
    routes: found.routes.flatMap((route) => readRoutes(route, "User")),
    subnetIds: found.subnets,
  };
}

/** `az network route-table route list`: routes of one table each. */
export function readLooseRoutes(list: readonly Shape[]): RouteTable[] {
  const tables = new Map<string, { id: string; routes: Route[] }>();
  for (const shape of list) {
    const { id } = routeShape.parse(shape);
    const tableId = (id ?? "").replace(/\/routes\/[^/]+$/i, "");
    const table = tables.get(idKey(tableId)) ?? { id: tableId, routes: [] };
    table.routes.push(...readRoutes(shape, "User"));
    tables.set(idKey(tableId), table);
  }
  return [...tables.values()].map(({ id, routes }) => ({
    id,
    name: resourceId(id).names.at(-1) ?? id,
    disableBgp: false,
    routes,
    subnetIds: [],
  }));
}

const sources: Readonly<Record<string, RouteSource>> = {
  default: "System",
  user: "User",
  virtualnetworkgateway: "Gateway",
};

/** `az network nic show-effective-route-table`: what is in force at one network interface, which the export does not name. */
export function readEffectiveRoutes(list: readonly Shape[], file: string): SubnetRoutes {
  const routes = list.flatMap((shape) => {
    const { state, source } = routeShape.parse(shape);
    if (/^invalid$/i.test(state ?? "")) return [];
    return readRoutes(shape, sources[(source ?? "").toLowerCase()] ?? "System");
  });
  return { subnetId: null, file, routes };
}

const learnedShape = z.object({ network: text, origin: text });

/** `az network vnet-gateway list-learned-routes`: what came by BGP; the gateway's own networks are left out. */
export function readLearnedRoutes(list: readonly Shape[], file: string): LearnedRoute[] {
  return list.flatMap((shape) => {
    const { network, origin } = learnedShape.parse(shape);
    return network === null || /^network$/i.test(origin ?? "") ? [] : [{ prefix: network, file }];
  });
}

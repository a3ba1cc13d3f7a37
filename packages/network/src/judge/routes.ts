import { prefixesSet, prefixSet, privateAddresses, publicAddresses } from "../model/address.ts";
import { IntervalSet } from "../model/intervals.ts";
import type { Subnet, Vnet } from "../model/network.ts";
import { idKey, sameId } from "../model/resource-id.ts";
import type { Route, RouteSource, SubnetRoutes } from "../model/route.ts";
import { relate } from "../tables/tags.ts";
import { isKnown, type Lookup } from "./lookup.ts";
import type { Space } from "./space.ts";

/** The routes of a subnet, as far as they are known. */
export interface Routing {
  readonly routes: readonly Route[];
  /** Whether a gateway may have learned routes that nobody exported. */
  readonly unseen: boolean;
  /** Whether these are the routes in force, not what follows from the tables. */
  readonly effective: boolean;
  /** The file of an effective route table that was taken for this subnet's without it saying so. */
  readonly assumed: string | null;
  /** The id of a route table that is there and was not exported; `""` where not even the subnet is known. */
  readonly missing: string | null;
  readonly tableId: string | null;
}

const known = new WeakMap<Lookup, Map<string, Routing>>();

/** The routes of a subnet, found once. */
export function routingOf(subnetId: string, lookup: Lookup): Routing {
  const found = known.get(lookup) ?? new Map<string, Routing>();
  known.set(lookup, found);
  const routing = found.get(idKey(subnetId)) ?? findRouting(subnetId, lookup);
  found.set(idKey(subnetId), routing);
  return routing;
}

/** Finds the routes of a subnet: those in force where they were exported, else system, user and learned ones together. */
function findRouting(subnetId: string, lookup: Lookup): Routing {
  const table = lookup.routeTableOf(subnetId);
  const tableId = isKnown(table) ? table.id : null;
  const effective = effectiveRoutes(subnetId, lookup);
  if (effective !== undefined)
    return {
      routes: effective.routes,
      unseen: false,
      effective: true,
      assumed: effective.subnetId === null ? effective.file : null,
      missing: null,
      tableId,
    };
  const vnet = lookup.vnetOf(subnetId);
  const subnet = lookup.subnet(subnetId);
  const missing = table !== null && !isKnown(table) ? table.missing : null;
  const disableBgp = isKnown(table) && table.disableBgp;
  const learned = disableBgp ? [] : lookup.network.learnedRoutes;
  const routes = [
    ...(isKnown(table) ? table.routes : []),
    ...learned.map(({ prefix }) => route(`learned ${prefix}`, prefix, "VirtualNetworkGateway", "Gateway")),
    ...systemRoutes(vnet, subnet, lookup),
  ];
  const gateway = vnet !== undefined && lookup.hasGateway(vnet);
  return {
    routes,
    unseen: gateway && !disableBgp && learned.length === 0,
    effective: false,
    assumed: null,
    missing,
    tableId,
  };
}

/** Those that name the subnet; else those of nobody, where there is but one subnet with a cache and one such export. */
function effectiveRoutes(subnetId: string, lookup: Lookup): SubnetRoutes | undefined {
  const all = lookup.network.effectiveRoutes;
  const own = all.find((one) => sameId(one.subnetId, subnetId));
  if (own !== undefined) return own;
  const [first, ...others] = all.filter((one) => one.subnetId === null);
  const injected = lookup.network.caches.some((cache) => sameId(cache.subnetId, subnetId));
  return injected && others.length === 0 ? first : undefined;
}

function systemRoutes(vnet: Vnet | undefined, subnet: Subnet | undefined, lookup: Lookup): Route[] {
  const own = vnet?.prefixes ?? [];
  const peers = vnet === undefined ? [] : lookup.livePeerings(vnet);
  const peered = peers.flatMap((peering) => {
    const other = lookup.vnet(peering.remoteVnetId);
    return other?.complete ? other.prefixes : peering.remotePrefixes;
  });
  const services = subnet?.serviceEndpoints ?? [];
  return [
    ...own.map((prefix) => route("own network", prefix, "VnetLocal")),
    ...peered.map((prefix) => route("peered network", prefix, "VNetPeering")),
    // The endpoint of Key Vault covers all regions; that of Storage only the own one and its pair.
    ...(services.some((name) => name.toLowerCase() === "microsoft.keyvault")
      ? [route("service endpoint", "AzureKeyVault", "VirtualNetworkServiceEndpoint")]
      : []),
    route("default", "0.0.0.0/0", "Internet"),
    ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map((prefix) =>
      route("private addresses", prefix, "None"),
    ),
  ];
}

function route(
  name: string,
  prefix: string,
  nextHop: Route["nextHop"],
  source: RouteSource = "System",
): Route {
  return { name, prefix, nextHop, nextHopAddress: null, source };
}

/** Part of the way to an end, and the route that leads there; no route: `null`. `perhaps` are routes that may lead elsewhere. */
export interface Leg {
  readonly space: Space;
  readonly route: Route | null;
  readonly perhaps: readonly Route[];
}

interface Candidate {
  readonly route: Route;
  readonly set: IntervalSet;
  readonly length: number;
  readonly tag: string | null;
}

const preference: Readonly<Record<RouteSource, number>> = { User: 0, Gateway: 1, System: 2 };

const inOrder = new WeakMap<readonly Route[], readonly Candidate[]>();

/** Which route leads where: longest prefix first; of equal ones the user's, then the learned one, then the system's. */
export function legsTo(space: Space, routes: readonly Route[], tags: Lookup): Leg[] {
  const candidates = inOrder.get(routes) ?? ordered(routes, tags);
  inOrder.set(routes, candidates);
  switch (space.kind) {
    case "addresses":
      return [...legsToAddresses(space, candidates)];
    case "tag":
      return legsToTag(space, candidates);
    case "subnet":
      return [{ space, route: null, perhaps: routes }];
  }
}

function ordered(routes: readonly Route[], lookup: Lookup): Candidate[] {
  // Routes to the own and to peered networks win over learned ones, however long those are.
  const local = prefixesSet(
    routes
      .filter(
        ({ nextHop, source }) =>
          source === "System" && (nextHop === "VnetLocal" || nextHop === "VNetPeering"),
      )
      .map(({ prefix }) => prefix),
  );
  return routes
    .flatMap((one): Candidate[] => {
      const set = prefixSet(one.prefix);
      if (set === null) {
        const known = lookup.tag(one.prefix);
        if (known === undefined) return [{ route: one, set: IntervalSet.empty, length: -1, tag: one.prefix }];
        return known.intervals().map(([first, last]) => ({
          route: one,
          set: IntervalSet.of([first, last]),
          length: 32 - Math.floor(Math.log2(last - first + 1)) - 0.5,
          tag: one.prefix,
        }));
      }
      const size = set.size;
      const left = one.source === "Gateway" ? set.without(local) : set;
      return left.isEmpty ? [] : [{ route: one, set: left, length: 32 - Math.log2(size), tag: null }];
    })
    .toSorted((a, b) => b.length - a.length || preference[a.route.source] - preference[b.route.source]);
}

function* legsToAddresses(
  space: Space & { readonly kind: "addresses" },
  candidates: readonly Candidate[],
): Generator<Leg> {
  let rest = space.set;
  const loose = candidates.filter(({ tag, length }) => tag !== null && length === -1);
  const whole = loose.find(({ tag }) => space.tag !== null && isWithin(space.tag, tag ?? ""));
  for (const { route: one, set, length } of candidates) {
    const here = rest.and(set);
    if (length === -1 || here.isEmpty) continue;
    rest = rest.without(here);
    const broad = length === 0;
    const open = broad && space.set.intersects(publicAddresses) ? loose : [];
    if (broad && whole !== undefined)
      yield { space: { ...space, set: here }, route: whole.route, perhaps: [] };
    else
      yield {
        space: { ...space, set: here },
        route: one,
        perhaps: space.wide ? [] : open.map(({ route: other }) => other),
      };
    // Some of the internet takes the route of the tag; which part is not known, and does not matter for the verdict.
    if (space.wide)
      for (const { route: other, tag } of open)
        yield { space: { kind: "tag", tag: tag ?? "", except: [] }, route: other, perhaps: [] };
  }
  if (!rest.isEmpty) yield { space: { ...space, set: rest }, route: null, perhaps: [] };
}

function isWithin(inner: string, outer: string): boolean {
  return ["equal", "inside"].includes(relate(inner, outer));
}

function legsToTag(space: Space & { readonly kind: "tag" }, candidates: readonly Candidate[]): Leg[] {
  const legs: Leg[] = [];
  const perhaps: Route[] = [];
  for (const { route: one, set, length, tag } of candidates.filter(({ tag: name }) => name === null)) {
    if (length === 0) continue;
    if (set.intersects(publicAddresses) && !privateAddresses.covers(set) && tag === null) perhaps.push(one);
  }
  const tagged = [...new Set(candidates.filter(({ tag }) => tag !== null))];
  for (const { route: one, tag } of tagged)
    if (relate(tag ?? "", space.tag) === "inside") legs.push({ space, route: one, perhaps: [] });
  const own = tagged.find(({ tag }) => relate(tag ?? "", space.tag) === "equal");
  const wider = tagged.find(({ tag }) => relate(tag ?? "", space.tag) === "contains");
  const general = candidates.find(({ length }) => length === 0);
  const last = own ?? wider ?? general;
  legs.push({ space, route: last?.route ?? null, perhaps });
  return legs;
}

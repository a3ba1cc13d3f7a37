import { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";
import { endpointsOf } from "../judge/endpoint.ts";
import { Lookup } from "../judge/lookup.ts";
import { type Cache, isClustered } from "../model/cache.ts";
import { sameId } from "../model/resource-id.ts";
import type { Nsg } from "../model/rule.ts";
import { planRoutes } from "../plan/routes.ts";
import { privateLinkNames, zoneOf } from "../tables/zones.ts";
import { withCaches, withNetwork, withRule, withVnets, withZones } from "./edits.ts";
import type { LabPlan } from "./plan.ts";

/** Something that keeps clients from a cache: a question of Microsoft's page or of its readers, and what answers it. */
export interface Cause {
  /** What somebody says whom it has happened to. */
  readonly symptom: string;
  /** What was done. */
  readonly title: string;
  /** What mends it. */
  readonly answer: string;
  /** Whose clients notice it: `injected`, a cache inside a network; `endpoint`, one behind a private endpoint. */
  readonly cache: "injected" | "endpoint";
  /** Where it shows: a client there, or the cache's own machine. */
  readonly seenFrom: "near" | "peered" | "far" | "cache";
  /** Ids of the doctor's findings, one of which comes first; see `docs/doctor/`. */
  readonly findings: readonly string[];
  /** Breaks a plan. `null` where it has nothing that could break so. */
  readonly change: (plan: LabPlan) => LabPlan | null;
  /** Mends it by the advice, where that is another change than taking the first one back. */
  readonly remedy?: (plan: LabPlan) => LabPlan;
}

/** Every cause, by its name. */
export const causes = {
  "client-port-denied": {
    symptom: "The cache is running, and connecting times out.",
    title: "A rule of the cache's network security group denies its TLS port.",
    answer:
      "Allow TCP 6380 from the subnet of the clients, with a lower number than the rule that denies it.",
    cache: "injected",
    seenFrom: "near",
    findings: ["tcp-port-blocked"],
    change: (plan) => deny(plan, injectedGroup, { name: "deny-6380", destinationPorts: ["6380"] }),
  },
  "node-ports-denied": {
    symptom: "Connecting works, and commands fail with a timeout now and then.",
    title: "A rule denies the ports of the shards: 13000-13999 and 15000-15999.",
    answer:
      "Clients of a clustered cache need the ports of its shards besides 6380: allow 10221-10231, 13000-13999, 15000-15999.",
    cache: "injected",
    seenFrom: "near",
    findings: ["cluster-nodes-unreachable"],
    change: (plan) =>
      plan.network.caches.some((cache) => cache.subnetId !== null && isClustered(cache))
        ? deny(plan, injectedGroup, {
            name: "deny-shards",
            destinationPorts: ["10221-10231", "13000-13999", "15000-15999"],
          })
        : null,
  },
  "endpoint-node-ports-denied": {
    symptom: "A cluster client connects to port 10000, and then hangs.",
    title: "A rule denies the ports of the nodes of an Azure Managed Redis: 8500-8599.",
    answer: "With the OSS cluster policy clients need 10000 and 8500-8599.",
    cache: "endpoint",
    seenFrom: "near",
    findings: ["cluster-nodes-unreachable"],
    change: (plan) =>
      endpointCaches(plan).some(isClustered)
        ? deny(plan, endpointGroup, { name: "deny-nodes", destinationPorts: ["8500-8599"] })
        : null,
  },
  "global-peering": {
    symptom: "It works from this region, and not from a peered network in another one.",
    title:
      "The cache has no zones, so its load balancer is a basic one, which global peering does not reach.",
    answer:
      "Join the networks by VPN gateways, or create the cache with zones; a private endpoint in the other network is simpler.",
    cache: "injected",
    seenFrom: "far",
    findings: ["tcp-network-apart"],
    change: (plan) =>
      plan.network.caches.some(({ subnetId, zones }) => subnetId !== null && zones.length > 0)
        ? withCaches(plan, ({ subnetId, zones }) => ({ zones: subnetId === null ? zones : [] }))
        : null,
  },
  "peering-one-sided": {
    symptom: "The peering exists, and nothing gets through.",
    title: "The peering was made on the clients' side only.",
    answer: "Create the peering in the other direction, too.",
    cache: "injected",
    seenFrom: "far",
    findings: ["tcp-network-apart"],
    change: (plan) => {
      const lookup = new Lookup(plan.network);
      const homes = plan.network.caches.flatMap(({ subnetId }) =>
        subnetId === null ? [] : [lookup.vnetOf(subnetId)],
      );
      if (!homes.some((vnet) => (vnet?.peerings.length ?? 0) > 0)) return null;
      return withVnets(plan, (vnet) => (homes.some((home) => home?.id === vnet.id) ? { peerings: [] } : {}));
    },
  },
  "zone-not-linked": {
    symptom: "There is a private endpoint, and the name leads to a public address.",
    title: "The private DNS zone is linked to no network.",
    answer: "Link the zone to every network with clients.",
    cache: "endpoint",
    seenFrom: "near",
    findings: ["dns-public-answer"],
    change: (plan) => (ownZones(plan).length === 0 ? null : withZones(plan, () => ({ links: [] }))),
  },
  "zone-of-other-product": {
    symptom: "The endpoint is approved and the zone is linked, and the name still leads to a public address.",
    title: "The record is in the zone of another product, which nothing asks.",
    answer:
      "Put the record into the zone of the product: privatelink.redis.azure.net for Azure Managed Redis.",
    cache: "endpoint",
    seenFrom: "near",
    findings: ["dns-zone-other-product", "dns-public-answer"],
    change: (plan) => {
      const own = ownZones(plan);
      const { zone: managed } = privateLinkNames.managed;
      const { zone: enterprise } = privateLinkNames.enterprise;
      if (own.length === 0) return null;
      return withZones(plan, ({ name }) =>
        own.includes(name) ? { name: name === enterprise ? managed : enterprise } : {},
      );
    },
  },
  "own-dns-unaware": {
    symptom: "The name is unknown where the network has DNS servers of its own.",
    title: "The network's own DNS server does not forward to Azure's.",
    answer: "Let the server forward the domain of the cache to 168.63.129.16, from inside the network.",
    cache: "endpoint",
    seenFrom: "peered",
    findings: ["dns-server-unaware", "dns-name-unknown"],
    change: (plan) =>
      Object.keys(plan.dns).length === 0
        ? null
        : {
            ...plan,
            dns: Object.fromEntries(Object.keys(plan.dns).map((name) => [name, "unaware"] as const)),
          },
  },
  "address-dialled": {
    symptom: "The remote certificate is invalid according to the validation procedure.",
    title: "Clients dial the address of the cache, and the certificate is for its name.",
    answer: "Dial the name; where DNS cannot be mended, say which name to verify: sslHost.",
    cache: "injected",
    seenFrom: "near",
    findings: ["tls-address-dialled"],
    change: (plan) => ({ ...plan, dialling: "by-address" }),
  },
  "plain-port-off": {
    symptom: "An old client is refused on port 6379.",
    title: "Clients dial without TLS, on the port that is off.",
    answer: "Dial port 6380 with TLS; the port without TLS is off by default.",
    cache: "injected",
    seenFrom: "near",
    findings: ["tcp-plain-port-off"],
    change: (plan) => ({ ...plan, dialling: "plain-text" }),
  },
  "port-80-denied": {
    symptom: "Now and then the certificate is invalid, and then it is valid again.",
    title: "Outbound TCP 80 of the cache's subnet is denied: it cannot fetch lists of revoked certificates.",
    answer: "Allow outbound TCP 80 to the internet from the subnet of the cache, then reboot its nodes.",
    cache: "injected",
    seenFrom: "cache",
    findings: ["way-out-port-80"],
    change: (plan) =>
      deny(plan, injectedGroup, { name: "deny-web", direction: "Outbound", destinationPorts: ["80"] }),
  },
  "forced-tunnelling": {
    symptom: "Since ExpressRoute is there, the cache loses data and cannot be managed.",
    title: "0.0.0.0/0 is advertised from on-premises, which drops what the cache depends on.",
    answer:
      "Route 0.0.0.0/0 of the cache's subnet to the internet; of equal length that route wins over the learned one.",
    cache: "injected",
    seenFrom: "cache",
    findings: ["way-out-tunnelled"],
    change: (plan) => (plan.onPremises === null ? null : tunnelled(plan)),
    remedy: routedOut,
  },
  "cache-down": {
    symptom: "Connections are refused since the nodes were rebooted.",
    title: "The cache does not run.",
    answer: "Reboot all nodes; if they do not come back, something that they depend on is blocked.",
    cache: "injected",
    seenFrom: "near",
    findings: ["tcp-server-down"],
    change: (plan) => ({
      ...plan,
      stopped: plan.network.caches.filter(({ subnetId }) => subnetId !== null).map(({ name }) => name),
    }),
  },
  "endpoint-not-approved": {
    symptom: "The private endpoint exists, and nothing answers behind it.",
    title: "The connection of the private endpoint waits for approval.",
    answer: "Approve the connection.",
    cache: "endpoint",
    seenFrom: "near",
    findings: ["tcp-port-blocked", "tcp-network-apart"],
    change: (plan) =>
      plan.network.privateEndpoints.length === 0
        ? null
        : withNetwork(plan, ({ privateEndpoints }) => ({
            privateEndpoints: privateEndpoints.map((endpoint) => ({ ...endpoint, status: "Pending" })),
          })),
  },
} as const satisfies Readonly<Record<string, Cause>>;

/** The name of a cause. */
export type CauseId = keyof typeof causes;

/** Every one of them, in the order of the table. */
export const causeIds = Object.keys(causes) as readonly CauseId[];

/**
 * The cause of that name.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for a name that there is not
 */
export function causeNamed(name: string): Cause {
  const found = causeIds.find((id) => id === name);
  if (found !== undefined) return causes[found];
  const nearest = nearestName(name, causeIds);
  throw new RedoubtError("CONFIG_INVALID_VALUE", "There is no cause of that name.", {
    hint: `${nearest === null ? "" : `Did you mean "${nearest}"? `}The causes are: ${causeIds.join(", ")}.`,
  });
}

/** A cause at work, and whether its remedy is in place. */
export interface Breakage {
  readonly cause: string;
  readonly mended: boolean;
}

/**
 * The plan as it is after all that was done to it.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for a cause that this plan has nothing for
 */
export function brokenPlan(plan: LabPlan, breakages: readonly Breakage[]): LabPlan {
  return breakages.reduce((current, { cause: name, mended }) => {
    const cause = causeNamed(name);
    const broken = cause.change(current);
    if (broken === null)
      throw new RedoubtError(
        "CONFIG_INVALID_VALUE",
        `${name}: this network has nothing that could break so.`,
        {
          hint: "Choose another cause: redoubt network lab list.",
        },
      );
    return mended && cause.remedy !== undefined ? cause.remedy(broken) : broken;
  }, plan);
}

function deny(
  plan: LabPlan,
  where: (plan: LabPlan) => (nsg: Nsg) => boolean,
  rule: Parameters<typeof withRule>[2],
): LabPlan | null {
  const matches = where(plan);
  return plan.network.nsgs.some(matches) ? withRule(plan, matches, rule) : null;
}

/** Groups of subnets that caches are in. */
function injectedGroup({ network }: LabPlan): (nsg: Nsg) => boolean {
  const lookup = new Lookup(network);
  const ids = network.caches.flatMap(({ subnetId }) =>
    subnetId === null ? [] : [groupId(subnetId, lookup)],
  );
  return ({ id }) => ids.some((one) => sameId(one, id));
}

/** Groups of subnets with private endpoints that groups filter. */
function endpointGroup({ network }: LabPlan): (nsg: Nsg) => boolean {
  const lookup = new Lookup(network);
  const ids = network.privateEndpoints.flatMap(({ subnetId }) =>
    subnetId === null ? [] : [groupId(subnetId, lookup)],
  );
  return ({ id }) => ids.some((one) => sameId(one, id));
}

function groupId(subnetId: string, lookup: Lookup): string | null {
  const group = lookup.nsgOf(subnetId);
  return group !== null && "id" in group ? group.id : null;
}

function endpointCaches({ network }: LabPlan): Cache[] {
  const lookup = new Lookup(network);
  return network.caches.filter((cache) => endpointsOf(cache, lookup).length > 0);
}

/** Names of the zones that private endpoints of these caches need, and have. */
function ownZones(plan: LabPlan): string[] {
  const wanted = endpointCaches(plan).map(({ kind, hostName }) => zoneOf(kind, hostName));
  return plan.network.dnsZones.map(({ name }) => name).filter((name) => wanted.includes(name));
}

function tunnelled(plan: LabPlan): LabPlan {
  return withNetwork(plan, ({ learnedRoutes, routeTables }) => ({
    learnedRoutes: [...learnedRoutes, { prefix: "0.0.0.0/0", file: "lab" }],
    routeTables: routeTables.map((table) => ({
      ...table,
      routes: table.routes.filter(({ prefix }) => prefix !== "0.0.0.0/0"),
    })),
  }));
}

function routedOut(plan: LabPlan): LabPlan {
  const ids = plan.network.caches.flatMap(({ subnetId }) => (subnetId === null ? [] : [subnetId]));
  const routes = planRoutes(["0.0.0.0/0"]).routes.map(
    (route) => ({ ...route, nextHopAddress: null, source: "User" }) as const,
  );
  return withNetwork(plan, ({ routeTables }) => {
    const [own] = routeTables.filter((table) =>
      ids.some((id) => table.subnetIds.some((one) => sameId(one, id))),
    );
    const table = own ?? {
      id: `${ids[0] ?? ""}/lab-routes`,
      name: "lab-routes",
      disableBgp: false,
      routes: [],
      subnetIds: ids,
    };
    return {
      routeTables: [
        ...routeTables.filter((one) => one !== own),
        { ...table, routes: [...table.routes, ...routes] },
      ],
    };
  });
}

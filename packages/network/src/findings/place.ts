import type { Judgement } from "../judge/judge.ts";
import type { Lookup } from "../judge/lookup.ts";
import { parsePrefix, prefixesSet, prefixSet, usableSet } from "../model/address.ts";
import type { Cache } from "../model/cache.ts";
import type { Occupant, Subnet, Vnet } from "../model/network.ts";
import { parentId, resourceId, sameId, shortName, subnetName } from "../model/resource-id.ts";
import { addressesOf, planSubnet, reservedAddresses } from "../plan/subnet.ts";
import { type Finding, finding, fix } from "./finding.ts";

/** What is wrong with the place of a cache inside a network: its subnet, its region, its address. */
export function placeFindings({ caches, lookup }: Judgement): Finding[] {
  const injected = caches.map(({ cache }) => cache).filter(({ subnetId }) => subnetId !== null);
  const subnets = new Set(injected.map(({ subnetId }) => (subnetId ?? "").toLowerCase()));
  return [
    ...injected.flatMap((cache) => [...cacheFindings(cache, lookup)]),
    ...[...subnets].flatMap((id) => [...subnetFindings(id, injected, lookup)]),
  ];
}

function* cacheFindings(cache: Cache, lookup: Lookup): Generator<Finding> {
  const subnetId = cache.subnetId ?? "";
  const about = { cache: cache.name, resource: cache.id };
  if (cache.tier !== null && cache.tier.toLowerCase() !== "premium")
    yield finding(
      "tier-not-premium",
      `${cache.name} is ${cache.tier} and names a subnet, which only Premium can.`,
      {
        ...about,
        fixes: [
          fix("Create a Premium cache in the subnet, or use a private endpoint, which every tier has."),
        ],
      },
    );
  const vnet = lookup.vnetOf(subnetId);
  if (vnet !== undefined && vnet.region !== null && cache.region !== null && vnet.region !== cache.region)
    yield finding(
      "network-other-region",
      `${cache.name} is in ${cache.region}, its network ${vnet.name} in ${vnet.region}.`,
      {
        ...about,
        fixes: [fix("Create both in the same region.")],
      },
    );
  const [mine, theirs] = [resourceId(cache.id).subscription, resourceId(subnetId).subscription];
  if (mine !== null && theirs !== null && mine.toLowerCase() !== theirs.toLowerCase())
    yield finding(
      "network-other-subscription",
      `${cache.name} and ${subnetName(subnetId)} are in different subscriptions.`,
      {
        ...about,
        fixes: [fix("Create both in the same subscription.")],
      },
    );
  const prefixes = lookup.subnet(subnetId)?.prefixes ?? [];
  if (cache.staticIp !== null && prefixes.length > 0) {
    const set = prefixSet(cache.staticIp);
    const inside = set !== null && prefixesSet(prefixes).covers(set);
    if (set === null || set.size !== 1 || !usableSet(prefixes).covers(set))
      yield finding(
        "static-ip-invalid",
        `${cache.staticIp} is ${inside ? "one of the addresses that Azure keeps for itself" : `not in ${prefixes.join(", ")}`}.`,
        {
          ...about,
          fixes: [
            fix("Choose a free address of the subnet, not among its first four nor the last; or none."),
          ],
        },
      );
  }
}

function* subnetFindings(id: string, injected: readonly Cache[], lookup: Lookup): Generator<Finding> {
  const subnet = lookup.subnet(id);
  const vnet = lookup.vnetOf(id);
  if (subnet === undefined || vnet === undefined) return;
  const caches = injected.filter(({ subnetId }) => sameId(subnetId, id));
  const parts = { cache: caches[0]?.name ?? null, resource: subnet.id };
  const others = strangers(subnet, lookup);
  if (others.length > 0) {
    const named = others
      .slice(0, 4)
      .map(({ id: one, type }) => `${shortName(one)} (${type === "" ? "unknown type" : type})`);
    yield finding(
      "subnet-not-dedicated",
      `${subnetName(id)} may hold caches alone, and holds ${named.join(", ")}.`,
      {
        ...parts,
        fixes: [
          fix("Move the others to a subnet of their own before a cache is created here."),
          newSubnet(vnet, caches),
        ],
      },
    );
  }
  if (subnet.natGatewayId !== null)
    yield finding(
      "subnet-nat-gateway",
      `${subnetName(id)} has the NAT gateway ${shortName(subnet.natGatewayId)}, which the basic load balancer of a cache does not go together with.`,
      {
        ...parts,
        fixes: [
          fix(
            "Take it off the subnet.",
            `az network vnet subnet update --ids ${subnet.id} --remove natGateway`,
            "natGateway: null",
          ),
        ],
      },
    );
  if (subnet.defaultOutboundAccess === false)
    yield finding(
      "subnet-no-outbound",
      `${subnetName(id)} has defaultOutboundAccess false, and a cache can have no NAT gateway in its place. Whether it still reaches its dependencies is not documented.`,
      {
        ...parts,
        fixes: [
          fix(
            "Give the subnet default outbound access.",
            `az network vnet subnet update --ids ${subnet.id} --default-outbound true`,
            "defaultOutboundAccess: true",
          ),
        ],
      },
    );
  if (
    vnet.complete &&
    subnet.prefixes.length > 0 &&
    !prefixesSet(vnet.prefixes).covers(prefixesSet(subnet.prefixes))
  )
    yield finding(
      "subnet-outside-network",
      `${subnet.prefixes.join(", ")} is not inside ${vnet.prefixes.join(", ")} of ${vnet.name}.`,
      {
        ...parts,
        fixes: [fix("Add the range to the address space of the network, or choose another for the subnet.")],
      },
    );
  yield* countFindings(subnet, vnet, caches, parts);
}

function* countFindings(
  subnet: Subnet,
  vnet: Vnet,
  caches: readonly Cache[],
  parts: { cache: string | null; resource: string },
): Generator<Finding> {
  const sizes = subnet.prefixes.map(parsePrefix).filter((prefix) => prefix !== null && prefix !== "ipv6");
  if (sizes.length === 0) return;
  const usable = sizes.reduce(
    (sum, { first, last }) => sum + Math.max(0, last - first + 1 - reservedAddresses),
    0,
  );
  const needed = caches.reduce((sum, cache) => sum + addressesOf(plannedOf(cache)), 0);
  if (needed > usable)
    yield finding(
      "subnet-too-small",
      `${subnetName(subnet.id)} has ${usable} addresses for caches, and ${caches.map(({ name }) => name).join(", ")} need ${needed}.`,
      {
        ...parts,
        fixes: [newSubnet(vnet, caches)],
      },
    );
  else if (needed === usable)
    yield finding(
      "subnet-full",
      `${caches.map(({ name }) => name).join(", ")} take all ${usable} addresses of ${subnetName(subnet.id)}: neither a shard nor a replica fits.`,
      {
        ...parts,
        fixes: [newSubnet(vnet, caches)],
      },
    );
}

function plannedOf({ name, shards, replicasPerPrimary }: Cache) {
  return { name, shards: shards ?? 0, replicasPerPrimary: Math.max(1, replicasPerPrimary ?? 1) };
}

function newSubnet(vnet: Vnet, caches: readonly Cache[]) {
  const planned = caches.map(plannedOf).map((cache) => ({
    ...cache,
    shards: Math.min(30, cache.shards),
    replicasPerPrimary: Math.min(3, cache.replicasPerPrimary),
  }));
  const { prefixLength } = planSubnet(planned.length === 0 ? [{}] : planned);
  // One bit more, so that it is not full at once.
  const length = prefixLength - 1;
  return fix(
    `Create a subnet of its own for caches, at least a /${length}; a cache cannot move, so it is created anew there.`,
    `az network vnet subnet create -g ${resourceId(vnet.id).resourceGroup ?? "GROUP"} --vnet-name ${vnet.name} -n redis --address-prefixes PREFIX/${length}`,
    `{\n  name: 'redis'\n  properties: {\n    addressPrefix: 'PREFIX/${length}'\n  }\n}`,
  );
}

/** What lives in the subnet and is no cache. Interfaces of caches are in subscriptions of Microsoft, so they are not counted. */
function strangers(subnet: Subnet, lookup: Lookup): Occupant[] {
  const mine = resourceId(subnet.id).subscription?.toLowerCase();
  const endpoints = lookup.network.privateEndpoints
    .filter(({ subnetId }) => sameId(subnetId, subnet.id))
    .map(({ id }) => ({ id, type: "microsoft.network/privateendpoints" }));
  const nics = lookup.network.nics
    .filter(({ subnetIds }) => subnetIds.some((id) => sameId(id, subnet.id)))
    .map(({ id }) => ({ id, type: "microsoft.network/networkinterfaces" }));
  const found = new Map<string, Occupant>();
  for (const one of [...subnet.occupants, ...endpoints, ...nics]) {
    const { subscription, type } = resourceId(one.id);
    const isCache = `${one.type} ${type}`.includes("microsoft.cache/redis");
    const isElsewhere = subscription !== null && mine !== undefined && subscription.toLowerCase() !== mine;
    if (!isCache && !isElsewhere) found.set(one.id.toLowerCase(), one);
  }
  const delegated = subnet.delegations
    .filter((service) => !/^microsoft\.cache\/redis$/i.test(service))
    .map((service) => ({ id: `${parentId(subnet.id)}/delegation`, type: service.toLowerCase() }));
  return [...found.values(), ...delegated];
}

import { addressText, parsePrefix, prefixesSet, prefixSet, usableSet } from "../model/address.ts";
import { regionKey } from "../model/network.ts";
import { addressesOf, type PlannedCache, reservedAddresses } from "./subnet.ts";

/** A cache that is to be created inside a virtual network. What is not known is left out, and not judged. */
export interface CreationRequest extends PlannedCache {
  readonly name: string;
  /** `Basic`, `Standard` or `Premium`. */
  readonly tier: string;
  readonly location: string;
  readonly subscription?: string;
  readonly staticIp?: string;
  /** Whether private endpoints are wanted as well. */
  readonly privateEndpoint?: boolean;
  readonly publicNetworkAccess?: boolean;
  /** Whether the cache exists already, and is to be moved into the subnet. */
  readonly exists?: boolean;
  /** Whether the Redis Console of the portal is counted on. */
  readonly console?: boolean;
  /** Whether the subscription is managed through Azure Lighthouse. */
  readonly lighthouse?: boolean;
  /** Whether the tenant had such a cache before 2026-04-01: others cannot create one any more. */
  readonly existingCustomer?: boolean;
  readonly subnet?: SubnetRequest;
}

/** The subnet that it is to be created in. */
export interface SubnetRequest {
  readonly prefix: string;
  readonly vnetPrefixes: readonly string[];
  readonly vnetLocation?: string;
  readonly vnetSubscription?: string;
  readonly natGateway?: boolean;
  /** Types of other resources there: `Microsoft.Network/applicationGateways`. */
  readonly otherResources?: readonly string[];
  /** Addresses that are taken. */
  readonly usedAddresses?: readonly string[];
  /** Caches that live there already. */
  readonly caches?: readonly PlannedCache[];
  readonly defaultOutboundAccess?: boolean;
}

/** A rule of creation that a request breaks. */
export interface Violation {
  /** Of {@link creationRules}. */
  readonly rule: CreationRule;
  readonly severity: "error" | "warning" | "info";
  /** The field of the request. */
  readonly key: string;
  readonly message: string;
  readonly fix: string;
}

/** Every rule that {@link validateCreation} knows, in the order of the wizard. */
export const creationRules = [
  "name",
  "existing-customer",
  "tier",
  "at-creation-only",
  "subnet-needed",
  "region",
  "subscription",
  "lighthouse",
  "subnet-range",
  "subnet-in-network",
  "dedicated-subnet",
  "nat-gateway",
  "address-count",
  "static-ip",
  "private-endpoint",
  "public-access",
  "default-outbound",
  "console",
] as const;

/** One of {@link creationRules}. */
export type CreationRule = (typeof creationRules)[number];

const namePattern = /^(?!.*--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Checks a request against all rules at once; an empty list says that Azure's own rules are kept, as far as they can be told. */
export function validateCreation(request: CreationRequest): Violation[] {
  return [...judgeCache(request), ...judgePlace(request)];
}

function* judgeCache(request: CreationRequest): Generator<Violation> {
  const { name, tier, subnet } = request;
  if (!namePattern.test(name))
    yield violation(
      "name",
      "error",
      "name",
      "The name must be 1 to 63 letters, digits and hyphens, begin and end with a letter or digit, without two hyphens in a row.",
      "Choose another name: it becomes NAME.redis.cache.windows.net.",
    );
  if (request.existingCustomer === false)
    yield violation(
      "existing-customer",
      "error",
      "existingCustomer",
      "Since 2026-04-01 new customers cannot create an Azure Cache for Redis.",
      "Plan Azure Managed Redis with a private endpoint.",
    );
  const wanted = subnet !== undefined || request.staticIp !== undefined;
  if (wanted && tier.toLowerCase() !== "premium")
    yield violation(
      "tier",
      "error",
      "tier",
      `A cache of tier ${tier} cannot be in a virtual network; only Premium can.`,
      "Set the tier to Premium, or use a private endpoint, which every tier has.",
    );
  if (request.exists === true && wanted)
    yield violation(
      "at-creation-only",
      "error",
      "exists",
      "A cache that exists cannot be moved into a virtual network: Azure answers 400, properties.subnet cannot be modified.",
      "Create a new cache in the subnet and move the data, or add a private endpoint.",
    );
  if (request.staticIp !== undefined && subnet === undefined)
    yield violation(
      "subnet-needed",
      "error",
      "staticIp",
      "A static IP address without a subnet is refused.",
      "Name the subnet, or leave out the address.",
    );
  if (request.lighthouse === true && wanted)
    yield violation(
      "lighthouse",
      "error",
      "lighthouse",
      "Azure does not inject caches in a subscription that Azure Lighthouse manages.",
      "Use a private endpoint.",
    );
  if (request.privateEndpoint === true && wanted)
    yield violation(
      "private-endpoint",
      "error",
      "privateEndpoint",
      "A cache in a virtual network cannot have private endpoints as well.",
      "Choose one of the two; the private endpoint is the one with a future.",
    );
  if (request.publicNetworkAccess !== undefined && wanted)
    yield violation(
      "public-access",
      "info",
      "publicNetworkAccess",
      "publicNetworkAccess means nothing for a cache in a virtual network.",
      "Leave it out.",
    );
  if (request.console === true && wanted)
    yield violation(
      "console",
      "warning",
      "console",
      "The portal's Redis Console runs in the browser, outside of the network, and cannot connect.",
      "Use redis-cli or redoubt on a machine inside the network.",
    );
}

function* judgePlace({
  location,
  subscription,
  subnet,
  staticIp,
  ...cache
}: CreationRequest): Generator<Violation> {
  if (subnet === undefined) return;
  if (subnet.vnetLocation !== undefined && regionKey(subnet.vnetLocation) !== regionKey(location))
    yield violation(
      "region",
      "error",
      "location",
      `The virtual network is in ${subnet.vnetLocation}, the cache in ${location}.`,
      "Create both in the same region.",
    );
  if (
    subscription !== undefined &&
    subnet.vnetSubscription !== undefined &&
    subscription.toLowerCase() !== subnet.vnetSubscription.toLowerCase()
  )
    yield violation(
      "subscription",
      "error",
      "subscription",
      "The virtual network is in another subscription than the cache.",
      "Create both in the same subscription.",
    );
  const prefix = parsePrefix(subnet.prefix);
  if (prefix === null || prefix === "ipv6" || !subnet.prefix.includes("/")) {
    yield violation(
      "subnet-range",
      "error",
      "subnet.prefix",
      "The range of the subnet must be an IPv4 prefix, for example 192.168.1.0/24.",
      "Write it in CIDR notation.",
    );
    return;
  }
  if (!prefixesSet(subnet.vnetPrefixes).covers(prefixesSet([subnet.prefix])))
    yield violation(
      "subnet-in-network",
      "error",
      "subnet.prefix",
      `${subnet.prefix} is not inside the address space ${subnet.vnetPrefixes.join(", ")} of the network.`,
      "Choose a range inside of it, or add an address space to the network.",
    );
  const others = (subnet.otherResources ?? []).filter(
    (type) => type.toLowerCase() !== "microsoft.cache/redis",
  );
  if (others.length > 0)
    yield violation(
      "dedicated-subnet",
      "error",
      "subnet.otherResources",
      `The subnet has other resources: ${others.join(", ")}. It may hold caches alone.`,
      "Create a subnet of its own for caches.",
    );
  if (subnet.natGateway === true)
    yield violation(
      "nat-gateway",
      "error",
      "subnet.natGateway",
      "The subnet has a NAT gateway, which the basic load balancer of a cache cannot be together with.",
      "Use a subnet without a NAT gateway.",
    );
  yield* judgeCount(cache, subnet, prefix.length);
  if (staticIp !== undefined) yield* judgeStaticIp(staticIp, subnet, prefix);
  if (subnet.defaultOutboundAccess === false)
    yield violation(
      "default-outbound",
      "warning",
      "subnet.defaultOutboundAccess",
      "The subnet has no default outbound access, and a cache cannot use a NAT gateway in its place; whether it still reaches its dependencies is not documented.",
      "Give the subnet default outbound access, or route 0.0.0.0/0 through a firewall that lets the dependencies pass.",
    );
}

function* judgeCount(cache: PlannedCache, subnet: SubnetRequest, length: number): Generator<Violation> {
  const wanted = addressesOf(cache);
  const others = (subnet.caches ?? []).reduce((sum, other) => sum + addressesOf(other), 0);
  const usable = 2 ** (32 - length) - reservedAddresses;
  const free = usable - others;
  if (wanted > free)
    yield violation(
      "address-count",
      "error",
      "subnet.prefix",
      `The cache needs ${wanted} addresses, and a /${length} has ${Math.max(0, free)} free of ${Math.max(0, usable)}.`,
      "Create a larger subnet: a subnet in use cannot grow.",
    );
  else if (wanted === free)
    yield violation(
      "address-count",
      "warning",
      "subnet.prefix",
      `The cache takes the last ${wanted} addresses of the /${length}: no shard or replica can be added.`,
      "Create a larger subnet while it is empty.",
    );
}

function* judgeStaticIp(
  staticIp: string,
  subnet: SubnetRequest,
  { first, last }: { first: number; last: number },
): Generator<Violation> {
  const set = prefixSet(staticIp);
  const say = (message: string, fix: string) => violation("static-ip", "error", "staticIp", message, fix);
  const free = `Choose one from ${addressText(first + 4)} to ${addressText(last - 1)} that is free, or leave it out.`;
  if (set === null || set.size !== 1) yield say("The static IP address is no IPv4 address.", free);
  else if (!prefixesSet([subnet.prefix]).covers(set))
    yield say(`${staticIp} is not in ${subnet.prefix}.`, free);
  else if (!usableSet([subnet.prefix]).covers(set))
    yield say(`${staticIp} is one of the five addresses that Azure keeps for itself.`, free);
  else if ((subnet.usedAddresses ?? []).includes(staticIp)) yield say(`${staticIp} is taken.`, free);
}

function violation(
  rule: CreationRule,
  severity: Violation["severity"],
  key: string,
  message: string,
  fix: string,
): Violation {
  return { rule, severity, key, message, fix };
}

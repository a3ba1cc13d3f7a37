import { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";
import { prefixesSet, prefixSet, privateAddresses, publicAddresses } from "../model/address.ts";
import type { Network, Nic } from "../model/network.ts";
import { type PortRange, rangesSet } from "../model/port.ts";
import { sameId, subnetName } from "../model/resource-id.ts";
import type { Protocol } from "../model/rule.ts";
import { tagKey } from "../tables/tags.ts";
import { isNamed } from "./clients.ts";
import { endpointsOf } from "./endpoint.ts";
import { subnetSpace } from "./injected.ts";
import { Lookup } from "./lookup.ts";
import { pathBetween } from "./path.ts";
import { addresses, type Space, spaceText } from "./space.ts";
import { type Assumptions, nsgStep, type Reach, routeStep } from "./steps.ts";
import { type Step, step, type Verdict, worst } from "./verdict.ts";

/** A question about one flow. */
export interface ExplainQuestion extends Partial<Assumptions> {
  /** A cache, network interface, subnet (`name`, `network/name`, id), address, prefix, service tag, or `internet`. */
  readonly from: string;
  readonly to: string;
  /** Default: that of the cache that it goes to, 6380 or 10000. */
  readonly ports?: PortRange;
  /** Default `Tcp`. */
  readonly protocol?: Protocol;
}

/** The answer: the steps on the way, in order, and what becomes of the flow. */
export interface Explanation {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly ports: PortRange;
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
}

/**
 * Says whether one end reaches another, and what decides.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for an end that these exports do not know, `CONFIG_MISSING` for a port that nothing says
 * @example explain(network, { from: "app", to: "orders" }).verdict
 */
export function explain(network: Network, question: ExplainQuestion): Explanation {
  const lookup = new Lookup(network);
  const [from, to] = [placeOf("from", question.from, lookup), placeOf("to", question.to, lookup)];
  const ports = question.ports ?? to.port;
  if (ports === null)
    throw new RedoubtError(
      "CONFIG_MISSING",
      "The port is not known, because the flow does not go to a cache.",
      {
        hint: "Name it: --port 6380.",
      },
    );
  const protocol = question.protocol ?? "Tcp";
  const assumptions = { onPremisesForwards: question.onPremisesForwards ?? false };
  const asked = { protocol, ports: rangesSet([ports]) };
  const steps: Step[] = [];
  if (from.subnetId !== null) {
    const out = { ...asked, direction: "Outbound", local: from.space, remote: to.space } as const;
    if (from.nic !== null) steps.push(nsgStep(lookup.nsgOfNic(from.nic), from.subnetId, out, lookup));
    steps.push(nsgStep(lookup.nsgOf(from.subnetId), from.subnetId, out, lookup));
    steps.push(routeStep(from.subnetId, to.space, reachOf(to), lookup, assumptions));
  }
  steps.push(...between(from, to, lookup));
  if (to.subnetId !== null && to.isFiltered) {
    const into = { ...asked, direction: "Inbound", local: to.space, remote: from.space } as const;
    steps.push(nsgStep(lookup.nsgOf(to.subnetId), to.subnetId, into, lookup));
    if (to.nic !== null) steps.push(nsgStep(lookup.nsgOfNic(to.nic), to.subnetId, into, lookup));
    const back = routeStep(to.subnetId, from.space, reachOf(from), lookup, assumptions);
    if (back.verdict !== "allowed") steps.push({ ...back, says: `the way back: ${back.says}` });
  }
  if (steps.length === 0)
    steps.push(
      step(
        "route",
        `${from.name} and ${to.name}`,
        "cannot tell",
        "neither end is in a network that was exported",
        {
          missing: [
            {
              what: "network of one of the two",
              why: "its rules and routes decide",
              command: "az network vnet list -o json",
            },
          ],
        },
      ),
    );
  return {
    from: from.name,
    to: to.name,
    protocol,
    ports,
    verdict: worst(steps.map(({ verdict }) => verdict)),
    steps,
  };
}

interface Place {
  readonly name: string;
  readonly space: Space;
  readonly subnetId: string | null;
  readonly nic: Nic | null;
  /** The port that clients use there; `null` for no cache. */
  readonly port: PortRange | null;
  /** Whether groups of its subnet touch it: private endpoints are left alone unless the subnet says otherwise. */
  readonly isFiltered: boolean;
  /** Of a cache with zones; `null` for what is behind no balancer. */
  readonly standardBalancer: boolean | null;
}

function placeOf(key: string, given: string, lookup: Lookup): Place {
  const { network } = lookup;
  const base = {
    name: given,
    subnetId: null,
    nic: null,
    port: null,
    isFiltered: true,
    standardBalancer: null,
  };
  if (given.toLowerCase() === "internet") return { ...base, space: addresses(publicAddresses, null, true) };
  const cache = network.caches.find(
    ({ name, id }) => name.toLowerCase() === given.toLowerCase() || sameId(id, given),
  );
  if (cache !== undefined) {
    const port = cache.kind === "redis" ? 6380 : 10_000;
    const at = { ...base, name: cache.name, port: { from: port, to: port } };
    if (cache.subnetId !== null)
      return {
        ...at,
        space: subnetSpace(cache.subnetId, lookup),
        subnetId: cache.subnetId,
        standardBalancer: cache.zones.length > 0,
      };
    const [endpoint] = endpointsOf(cache, lookup);
    if (endpoint?.subnetId != null) {
      const policies = lookup.subnet(endpoint.subnetId)?.privateEndpointPolicies ?? "";
      const space =
        endpoint.addresses.length > 0
          ? addresses(prefixesSet(endpoint.addresses))
          : subnetSpace(endpoint.subnetId, lookup);
      return {
        ...at,
        name: `${cache.name} by ${endpoint.name}`,
        space,
        subnetId: endpoint.subnetId,
        isFiltered: /^(?:enabled|network)/i.test(policies),
      };
    }
    return {
      ...at,
      name: `${cache.name} by its public address`,
      space: addresses(publicAddresses, null, true),
    };
  }
  const nic = network.nics.find(
    ({ name, id }) => name.toLowerCase() === given.toLowerCase() || sameId(id, given),
  );
  if (nic !== undefined)
    return { ...base, space: addresses(prefixesSet(nic.addresses)), subnetId: nic.subnetIds[0] ?? null, nic };
  for (const vnet of network.vnets)
    for (const subnet of vnet.subnets)
      if (isNamed(given, vnet, subnet))
        return {
          ...base,
          name: subnetName(subnet.id),
          space: subnetSpace(subnet.id, lookup),
          subnetId: subnet.id,
        };
  const set = prefixSet(given);
  if (set !== null && !set.isEmpty) {
    const owner = network.nics.find(({ addresses: own }) => own.includes(given)) ?? null;
    return {
      ...base,
      space: addresses(set),
      subnetId: lookup.subnetOf(given)?.subnet.id ?? null,
      nic: owner,
    };
  }
  if (tagKey(given) === "azureloadbalancer")
    return { ...base, space: addresses(prefixesSet(["168.63.129.16"]), given) };
  if (/^(?:Azure|Storage|EventHub|Sql|ServiceBus)[A-Za-z]*(?:\.[A-Za-z0-9]+)?$/i.test(given)) {
    const known = lookup.tag(given);
    return {
      ...base,
      space: known === undefined ? { kind: "tag", tag: given, except: [] } : addresses(known, given),
    };
  }
  throw unknownPlace(key, given, network);
}

function unknownPlace(key: string, given: string, { caches, nics, vnets }: Network): RedoubtError {
  const names = [
    ...caches.map(({ name }) => name),
    ...nics.map(({ name }) => name),
    ...vnets.flatMap((vnet) => vnet.subnets.flatMap(({ name }) => [name, `${vnet.name}/${name}`])),
  ];
  const nearest = nearestName(given, names);
  return new RedoubtError(
    "CONFIG_INVALID_VALUE",
    `${key}: "${given}" is neither in these exports nor an address, a tag or internet.`,
    {
      hint: nearest === null ? `There are: ${names.slice(0, 12).join(", ")}.` : `Did you mean "${nearest}"?`,
    },
  );
}

function reachOf({ space, subnetId }: Place): Reach {
  if (subnetId !== null) return "internal";
  if (space.kind !== "addresses") return "dependency";
  return privateAddresses.covers(space.set) ? "on-premises" : "dependency";
}

function between(from: Place, to: Place, lookup: Lookup): Step[] {
  if (from.subnetId === null || to.subnetId === null) return [];
  const [a, b] = [lookup.vnetOf(from.subnetId), lookup.vnetOf(to.subnetId)];
  if (a === undefined || b === undefined)
    return [
      step(
        "peering",
        `${spaceText(from.space)} and ${spaceText(to.space)}`,
        "cannot tell",
        "a network was not exported",
      ),
    ];
  return [pathBetween(a, b, { standardBalancer: to.standardBalancer }, lookup)];
}

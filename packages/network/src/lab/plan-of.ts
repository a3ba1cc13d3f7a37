import { RedoubtError } from "@redoubt/client";
import { endpointsOf } from "../judge/endpoint.ts";
import { Lookup } from "../judge/lookup.ts";
import { addressText, parsePrefix, prefixesSet, prefixSet, usableSet } from "../model/address.ts";
import { IntervalSet } from "../model/intervals.ts";
import type { Network, Nic, Subnet } from "../model/network.ts";
import { sameId } from "../model/resource-id.ts";
import { hostAddresses, machineName } from "./machines.ts";
import type { LabHost, LabPlan } from "./plan.ts";
import { isPrivate } from "./settled.ts";

/** Where on-premises is, where no gateway says what it has learned. */
const usualOffice = "192.168.0.0/24";

/**
 * A laboratory of a network that exists, by its exports: every virtual machine whose network interface was exported, one client in
 * each subnet that has none, its own DNS servers, its caches. Addresses that exports leave out are taken from the subnet.
 *
 * @throws RedoubtError `CONFIG_MISSING` for exports without a cache inside a network or behind a private endpoint;
 *   `CONFIG_UNSUPPORTED` where networks overlap
 */
export function labPlanOf(exported: Network): LabPlan {
  const network = withOffice(withAddresses(exported));
  refuseOverlaps(network);
  const lookup = new Lookup(network);
  const reached = network.caches.filter(
    (cache) => cache.subnetId !== null || endpointsOf(cache, lookup).length > 0,
  );
  if (reached.length === 0)
    throw new RedoubtError(
      "CONFIG_MISSING",
      "These exports hold no cache inside a network or behind a private endpoint.",
      {
        hint: "Export it: az redis list -o json, az redisenterprise list -o json, az network private-endpoint list -o json.",
      },
    );
  const hosts = hostsOf(network, lookup);
  const nics = hosts.flatMap(({ name, address, subnetId }): Nic[] =>
    subnetId === null || network.nics.some(({ addresses }) => addresses.includes(address))
      ? []
      : [{ id: `lab/${name}`, name, nsgId: null, addresses: [address], subnetIds: [subnetId], asgIds: [] }],
  );
  const prefixes = network.learnedRoutes.map(({ prefix }) => prefix).filter(isPrivate);
  return {
    network: { ...network, caches: reached, nics: [...network.nics, ...nics] },
    hosts,
    onPremises: network.gateways.length === 0 ? null : { prefixes, forwards: false },
    dns: Object.fromEntries(hosts.filter(({ role }) => role === "dns").map(({ name }) => [name, "forwards"])),
    stopped: [],
    dialling: "right",
  };
}

/** Gives every cache and every private endpoint an address. */
function withAddresses(network: Network): Network {
  const lookup = new Lookup(network);
  const taken = new Set(network.nics.flatMap(({ addresses }) => addresses));
  for (const { staticIp } of network.caches) if (staticIp !== null) taken.add(staticIp);
  for (const { addresses } of network.privateEndpoints) for (const one of addresses) taken.add(one);
  const next = (subnetId: string) => freeAddress(lookup.subnet(subnetId), taken);
  return {
    ...network,
    privateEndpoints: network.privateEndpoints.map((endpoint) =>
      endpoint.addresses.length > 0 || endpoint.subnetId === null
        ? endpoint
        : { ...endpoint, addresses: next(endpoint.subnetId) ?? [] },
    ),
    caches: network.caches.map((cache) =>
      cache.staticIp !== null || cache.subnetId === null
        ? cache
        : { ...cache, staticIp: next(cache.subnetId)?.[0] ?? null },
    ),
  };
}

/** The first address of a subnet that a machine may have and none has; it is taken then. */
function freeAddress(subnet: Subnet | undefined, taken: Set<string>): string[] | undefined {
  for (const [first, last] of usableSet(subnet?.prefixes ?? []).intervals())
    for (let at = first; at <= last; at++) {
      const address = addressText(at);
      if (taken.has(address)) continue;
      taken.add(address);
      return [address];
    }
  return undefined;
}

/** A gateway leads somewhere: where nobody exported what it has learned, to the network that most offices have. */
function withOffice(network: Network): Network {
  if (network.gateways.length === 0 || network.learnedRoutes.some(({ prefix }) => isPrivate(prefix)))
    return network;
  const own = prefixesSet(network.vnets.flatMap(({ prefixes }) => prefixes));
  if (own.intersects(prefixesSet([usualOffice]))) return network;
  return {
    ...network,
    learnedRoutes: [...network.learnedRoutes, { prefix: usualOffice, file: "laboratory" }],
  };
}

function refuseOverlaps({ vnets }: Network): void {
  let seen = IntervalSet.empty;
  for (const { name, prefixes } of vnets) {
    const own = prefixesSet(prefixes);
    if (own.intersects(seen))
      throw new RedoubtError("CONFIG_UNSUPPORTED", `${name} has addresses that another network has, too.`, {
        hint: "A laboratory has each address once: leave one of the networks out of the exports.",
      });
    seen = IntervalSet.union([seen, own]);
  }
}

function hostsOf(network: Network, lookup: Lookup): LabHost[] {
  const names = new Set<string>();
  const taken = new Set<string>([
    ...network.caches.flatMap(({ staticIp }) => staticIp ?? []),
    ...network.privateEndpoints.flatMap(({ addresses }) => addresses),
  ]);
  const hosts: LabHost[] = [];
  const add = (wanted: string, address: string, subnetId: string | null, role: LabHost["role"]) => {
    if (taken.has(address) || hosts.some((host) => host.address === address)) return;
    hosts.push({ name: unused(wanted, names), address, subnetId, role });
  };
  for (const { dnsServers } of network.vnets)
    for (const server of dnsServers) {
      const set = prefixSet(server);
      if (set === null || set.isEmpty || hostAddresses.some((own) => own === server)) continue;
      const inside = lookup.subnetOf(server)?.subnet.id ?? null;
      if (inside !== null || (isPrivate(server) && network.gateways.length > 0))
        add("dns", server, inside, "dns");
    }
  for (const { name, addresses, subnetIds } of network.nics) {
    const [address] = addresses;
    const subnetId =
      subnetIds[0] ?? (address === undefined ? undefined : lookup.subnetOf(address)?.subnet.id);
    if (address !== undefined && subnetId !== undefined && lookup.subnet(subnetId) !== undefined)
      add(name, address, subnetId, "client");
  }
  const special = /^(?:gateway|azurefirewall|azurefirewallmanagement|azurebastion|routeserver)subnet$/i;
  for (const { subnets } of network.vnets)
    for (const subnet of subnets) {
      const isTaken =
        special.test(subnet.name) ||
        network.caches.some(({ subnetId }) => sameId(subnetId, subnet.id)) ||
        hosts.some(({ subnetId }) => sameId(subnetId, subnet.id));
      const [address] = isTaken
        ? []
        : (freeAddress(subnet, new Set([...taken, ...hosts.map((one) => one.address)])) ?? []);
      if (address !== undefined) add(subnet.name, address, subnet.id, "client");
    }
  const office = network.learnedRoutes.map(({ prefix }) => parsePrefix(prefix));
  for (const [index, { prefix }] of network.learnedRoutes.entries()) {
    const range = office[index];
    if (
      network.gateways.length === 0 ||
      !isPrivate(prefix) ||
      range === null ||
      range === undefined ||
      range === "ipv6"
    )
      continue;
    add("office", addressText(Math.min(range.first + 10, range.last)), null, "client");
    break;
  }
  return hosts;
}

function unused(wanted: string, names: Set<string>): string {
  const base = machineName(wanted).replaceAll(/^-+|-+$/g, "") || "host";
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base.slice(0, 12)}-${number}`;
    const reserved = ["fabric", "internet", "gateway"].includes(name) || name.startsWith("azure-dns");
    if (names.has(name) || reserved) continue;
    names.add(name);
    return name;
  }
}

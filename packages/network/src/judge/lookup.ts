import { everyAddress, prefixesSet, prefixSet, privateAddresses } from "../model/address.ts";
import { IntervalSet } from "../model/intervals.ts";
import type { Network, Nic, Peering, Subnet, Vnet } from "../model/network.ts";
import { idKey, parentId, sameId } from "../model/resource-id.ts";
import type { RouteTable } from "../model/route.ts";
import type { Nsg } from "../model/rule.ts";
import { tagKey } from "../tables/tags.ts";
import type { Extent, Meaning } from "./matcher.ts";
import { Filter } from "./nsg.ts";

/** What stands at a place: the thing, nothing (`null`), or something that was not exported: its id, or `""` where not even that is known. */
export type Attached<Thing> = Thing | null | { readonly missing: string };

/** Whether it is there and known. */
export function isKnown<Thing extends object>(attached: Attached<Thing>): attached is Thing {
  return attached !== null && !("missing" in attached);
}

/** A network with everything found by its id, and each group made ready once. */
export class Lookup {
  readonly network: Network;
  readonly #vnets: ReadonlyMap<string, Vnet>;
  readonly #subnets = new Map<string, Subnet>();
  readonly #tags: ReadonlyMap<string, IntervalSet>;
  readonly #meanings = new Map<string, Meaning>();
  readonly #filters = new Map<string, Filter>();
  readonly #groups = new Map<string, Attached<Nsg>>();
  readonly #tables = new Map<string, Attached<RouteTable>>();

  constructor(network: Network) {
    this.network = network;
    this.#vnets = new Map(network.vnets.map((vnet) => [idKey(vnet.id), vnet]));
    for (const { subnets } of network.vnets)
      for (const subnet of subnets) this.#subnets.set(idKey(subnet.id), subnet);
    this.#tags = new Map(
      [...network.serviceTags].map(([name, prefixes]) => [tagKey(name), prefixesSet(prefixes)]),
    );
  }

  vnet(id: string): Vnet | undefined {
    return this.#vnets.get(idKey(id));
  }

  subnet(id: string): Subnet | undefined {
    return this.#subnets.get(idKey(id));
  }

  vnetOf(subnetId: string): Vnet | undefined {
    return this.vnet(parentId(subnetId));
  }

  /** The subnet that an address is in, of all that are known. */
  subnetOf(address: string): { vnet: Vnet; subnet: Subnet } | undefined {
    const set = prefixSet(address);
    if (set === null || set.isEmpty) return undefined;
    for (const vnet of this.network.vnets)
      for (const subnet of vnet.subnets)
        if (prefixesSet(subnet.prefixes).covers(set)) return { vnet, subnet };
    return undefined;
  }

  /** The addresses of a service tag, where they were exported. */
  tag(name: string): IntervalSet | undefined {
    return this.#tags.get(tagKey(name));
  }

  /** The group of a subnet. What the group says of its subnets counts where the subnet was not exported. */
  nsgOf(subnetId: string): Attached<Nsg> {
    const key = idKey(subnetId);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const found = this.#nsgOf(subnetId);
    this.#groups.set(key, found);
    return found;
  }

  #nsgOf(subnetId: string): Attached<Nsg> {
    const subnet = this.subnet(subnetId);
    const nsg = this.network.nsgs.find(
      ({ id, subnetIds }) =>
        sameId(id, subnet?.nsgId ?? null) || subnetIds.some((other) => sameId(other, subnetId)),
    );
    if (nsg !== undefined) return nsg;
    if (subnet === undefined) return { missing: "" };
    return subnet.nsgId === null ? null : { missing: subnet.nsgId };
  }

  nsgOfNic(nic: Nic): Attached<Nsg> {
    const nsg = this.network.nsgs.find(
      ({ id, nicIds }) => sameId(id, nic.nsgId) || nicIds.some((other) => sameId(other, nic.id)),
    );
    return nsg ?? (nic.nsgId === null ? null : { missing: nic.nsgId });
  }

  /** The route table of a subnet, found like its group. */
  routeTableOf(subnetId: string): Attached<RouteTable> {
    const key = idKey(subnetId);
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const found = this.#routeTableOf(subnetId);
    this.#tables.set(key, found);
    return found;
  }

  #routeTableOf(subnetId: string): Attached<RouteTable> {
    const subnet = this.subnet(subnetId);
    const table = this.network.routeTables.find(
      ({ id, subnetIds }) =>
        sameId(id, subnet?.routeTableId ?? null) || subnetIds.some((other) => sameId(other, subnetId)),
    );
    if (table !== undefined) return table;
    if (subnet === undefined) return { missing: "" };
    return subnet.routeTableId === null ? null : { missing: subnet.routeTableId };
  }

  /** The group as it works in that subnet. */
  filter(nsg: Nsg, subnetId: string): Filter {
    const key = `${idKey(nsg.id)} ${idKey(subnetId)}`;
    const known = this.#filters.get(key) ?? new Filter(nsg, this.meaning(subnetId));
    this.#filters.set(key, known);
    return known;
  }

  /** Peerings of a network that are up from its side and let the other in. */
  livePeerings(vnet: Vnet): Peering[] {
    return vnet.peerings.filter(
      ({ state, allowAccess }) => allowAccess && (state ?? "Connected") === "Connected",
    );
  }

  /** Whether a network has a gateway to others, its own or that of a peer. */
  hasGateway(vnet: Vnet): boolean {
    return (
      vnet.subnets.some(({ name }) => name.toLowerCase() === "gatewaysubnet") ||
      vnet.peerings.some(({ useRemoteGateways }) => useRemoteGateways)
    );
  }

  /** What names of rules stand for in a subnet. */
  meaning(subnetId: string): Meaning {
    const key = idKey(subnetId);
    const known = this.#meanings.get(key) ?? this.#meaningOf(subnetId);
    this.#meanings.set(key, known);
    return known;
  }

  #meaningOf(subnetId: string): Meaning {
    const vnet = this.vnetOf(subnetId);
    const injected = this.network.caches.flatMap((cache) =>
      cache.subnetId === null ? [] : (this.subnet(cache.subnetId)?.prefixes ?? []),
    );
    const redis = prefixesSet(injected);
    const asgsAtMost = (vnet === undefined ? privateAddresses : prefixesSet(vnet.prefixes)).without(redis);
    const asgs = new Map<string, Extent>();
    for (const { asgIds, addresses } of this.network.nics)
      for (const id of asgIds) {
        const sure = IntervalSet.union([
          asgs.get(idKey(id))?.sure ?? IntervalSet.empty,
          prefixesSet(addresses),
        ]);
        asgs.set(idKey(id), { sure, maybe: IntervalSet.union([sure, asgsAtMost]) });
      }
    return { virtualNetwork: this.#virtualNetwork(vnet, subnetId), asgs, asgsAtMost, tags: this.#tags };
  }

  /**
   * `VirtualNetwork`: the network, its peers, the host's address, prefixes of user-defined routes, and whatever gateways lead to.
   * With a route for everything its extent is not documented.
   */
  #virtualNetwork(vnet: Vnet | undefined, subnetId: string): Extent {
    const seen = this.network.virtualNetworks.find((one) =>
      sameId(parentId(one.subnetId), parentId(subnetId)),
    );
    if (seen !== undefined) {
      const exact = prefixesSet(seen.prefixes);
      return { sure: exact, maybe: exact };
    }
    const host = prefixesSet(["168.63.129.16"]);
    if (vnet === undefined || !vnet.complete) {
      const own =
        vnet === undefined ? [] : [...vnet.prefixes, ...vnet.subnets.flatMap(({ prefixes }) => prefixes)];
      const sure = IntervalSet.union([host, prefixesSet(own)]);
      return { sure, maybe: IntervalSet.union([sure, privateAddresses]) };
    }
    const table = this.routeTableOf(subnetId);
    const routed = isKnown(table)
      ? table.routes.map(({ prefix }) => prefixSet(prefix) ?? IntervalSet.empty)
      : [];
    const sure = IntervalSet.union([
      host,
      prefixesSet(vnet.prefixes),
      ...this.livePeerings(vnet).map((peering) => this.peerPrefixes(peering)),
      ...routed.filter((set) => !set.equals(everyAddress)),
    ]);
    const unseen = [
      ...(this.hasGateway(vnet) ? [privateAddresses] : []),
      ...(routed.some((set) => set.equals(everyAddress)) ? [everyAddress] : []),
    ];
    return { sure, maybe: IntervalSet.union([sure, ...unseen]) };
  }

  /** The addresses of the other side of a peering. */
  peerPrefixes(peering: Peering): IntervalSet {
    const other = this.vnet(peering.remoteVnetId);
    return prefixesSet(other?.complete ? other.prefixes : peering.remotePrefixes);
  }
}

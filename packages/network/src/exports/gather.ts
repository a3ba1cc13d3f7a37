import type { Cache } from "../model/cache.ts";
import { emptyNetwork, type Network, type Peering, type Subnet, type Vnet } from "../model/network.ts";
import type { DnsZone, ZoneLink, ZoneRecord } from "../model/private-link.ts";
import { idKey, parentId, resourceId } from "../model/resource-id.ts";
import { readCache, readDatabase, readLinkedCache } from "./caches.ts";
import { readGateway, readHostNames, readNic, readServiceTags } from "./machines.ts";
import { readEndpoint, readZone, readZoneGroup, readZoneLink, readZoneRecord } from "./private-link.ts";
import { readEffectiveRoutes, readLearnedRoutes, readLooseRoutes, readRouteTable } from "./routes.ts";
import { readEffectiveNsg, readLooseRules, readNsg, readVirtualNetwork } from "./rules.ts";
import { type Shape, text } from "./shape.ts";
import { readPeering, readSubnet, readVnet } from "./vnets.ts";

type Mutable<Thing> = {
  -readonly [Key in keyof Thing]: Thing[Key] extends readonly (infer One)[] ? One[] : Thing[Key];
};

/** Puts the parts of a network together, in whatever order and however often they come. */
export class Gathering {
  readonly #parts = structuredClone(emptyNetwork) as Mutable<Network>;
  readonly #looseSubnets: Subnet[] = [];
  readonly #loosePeerings: { vnetId: string; peering: Peering }[] = [];
  readonly #looseRules: Shape[] = [];
  readonly #looseRoutes: Shape[] = [];
  readonly #effectiveNsgs: Shape[] = [];
  readonly #policies = new Map<string, string | null>();
  readonly #links: { zoneId: string; link: ZoneLink }[] = [];
  readonly #records: { zoneId: string; record: ZoneRecord }[] = [];
  readonly #zoneGroups: { endpointId: string; zoneIds: readonly string[] }[] = [];

  /** Takes one resource of a type that is known. @returns `false` for any other */
  add(type: string, shape: Shape, file: string): boolean {
    const parts = this.#parts;
    switch (type) {
      case "microsoft.network/virtualnetworks":
        parts.vnets.push(readVnet(shape));
        break;
      case "microsoft.network/virtualnetworks/subnets":
        this.#looseSubnets.push(readSubnet(shape));
        break;
      case "microsoft.network/virtualnetworks/virtualnetworkpeerings": {
        const peering = readPeering(shape);
        if (peering !== null)
          this.#loosePeerings.push({ vnetId: parentId(text.parse(shape["id"]) ?? ""), peering });
        break;
      }
      case "microsoft.network/networksecuritygroups":
        parts.nsgs.push(readNsg(shape));
        break;
      case "microsoft.network/networksecuritygroups/securityrules":
      case "microsoft.network/networksecuritygroups/defaultsecurityrules":
        this.#looseRules.push(shape);
        break;
      case "effective-nsg":
        this.#effectiveNsgs.push(shape);
        parts.virtualNetworks.push(...readVirtualNetwork(shape));
        break;
      case "microsoft.network/routetables":
        parts.routeTables.push(readRouteTable(shape));
        break;
      case "microsoft.network/routetables/routes":
        this.#looseRoutes.push(shape);
        break;
      case "microsoft.network/networkinterfaces":
        parts.nics.push(readNic(shape));
        break;
      case "microsoft.network/virtualnetworkgateways":
        parts.gateways.push(readGateway(shape));
        break;
      case "microsoft.cache/redis":
      case "microsoft.cache/redisenterprise":
        parts.caches.push(readCache(shape));
        break;
      case "microsoft.cache/redisenterprise/databases": {
        const { cacheId, clusteringPolicy } = readDatabase(shape);
        this.#policies.set(idKey(cacheId), clusteringPolicy);
        break;
      }
      case "microsoft.cache/redis/linkedservers": {
        const linked = readLinkedCache(shape);
        if (linked !== null) parts.linkedCaches.push(linked);
        break;
      }
      case "microsoft.network/privateendpoints":
        parts.privateEndpoints.push(readEndpoint(shape));
        break;
      case "microsoft.network/privateendpoints/privatednszonegroups":
        this.#zoneGroups.push(readZoneGroup(shape));
        break;
      case "microsoft.network/privatednszones":
        parts.dnsZones.push(readZone(shape));
        break;
      case "microsoft.network/privatednszones/virtualnetworklinks": {
        const link = readZoneLink(shape);
        if (link !== null) this.#links.push(link);
        break;
      }
      case "microsoft.network/privatednszones/a": {
        const record = readZoneRecord(shape);
        if (record !== null) this.#records.push(record);
        break;
      }
      case "microsoft.managedservices/registrationassignments":
        parts.lighthouse = true;
        break;
      case "microsoft.network/firewallpolicies":
      case "microsoft.network/firewallpolicies/rulecollectiongroups":
      case "microsoft.network/azurefirewalls":
        break;
      default:
        return false;
    }
    parts.hostNames.push(...readHostNames(shape, file));
    return true;
  }

  addRoutes(list: readonly Shape[], file: string): void {
    this.#parts.effectiveRoutes.push(readEffectiveRoutes(list, file));
  }

  addLearned(list: readonly Shape[], file: string): void {
    this.#parts.learnedRoutes.push(...readLearnedRoutes(list, file));
  }

  addServiceTags(list: readonly Shape[]): void {
    this.#parts.serviceTags = new Map([...this.#parts.serviceTags, ...readServiceTags(list)]);
  }

  /** The network. Of what came twice, the last counts; parts that came alone are put where they belong. */
  network(): Network {
    const parts = this.#parts;
    const nsgs = lastOfEach([...readLooseRules(this.#looseRules), ...parts.nsgs]);
    const effective = this.#effectiveNsgs
      .map(readEffectiveNsg)
      .filter(({ id }) => !nsgs.some((nsg) => idKey(nsg.id) === idKey(id)));
    return {
      ...parts,
      vnets: this.#vnets(),
      nsgs: [...nsgs, ...lastOfEach(effective)],
      routeTables: lastOfEach([...readLooseRoutes(this.#looseRoutes), ...parts.routeTables]),
      caches: lastOfEach(parts.caches).map((cache): Cache => {
        const policy = this.#policies.get(idKey(cache.id));
        return policy === undefined ? cache : { ...cache, clusteringPolicy: policy };
      }),
      privateEndpoints: lastOfEach(parts.privateEndpoints).map((endpoint) => {
        const zoneIds = this.#zoneGroups
          .filter(({ endpointId }) => idKey(endpointId) === idKey(endpoint.id))
          .flatMap((group) => group.zoneIds);
        return zoneIds.length === 0
          ? endpoint
          : { ...endpoint, zoneIds: [...new Set([...(endpoint.zoneIds ?? []), ...zoneIds])] };
      }),
      dnsZones: this.#zones(),
      nics: lastOfEach(parts.nics),
      gateways: lastOfEach(parts.gateways),
    };
  }

  #vnets(): Vnet[] {
    const vnets = new Map(this.#parts.vnets.map((vnet) => [idKey(vnet.id), vnet]));
    const at = (id: string) => vnets.get(idKey(id)) ?? stub(id);
    for (const subnet of this.#looseSubnets) {
      const vnet = at(parentId(subnet.id));
      const subnets = [...vnet.subnets.filter(({ id }) => idKey(id) !== idKey(subnet.id)), subnet];
      vnets.set(idKey(vnet.id), { ...vnet, subnets });
    }
    for (const { vnetId, peering } of this.#loosePeerings) {
      const vnet = at(vnetId);
      const peerings = [...vnet.peerings.filter(({ name }) => name !== peering.name), peering];
      vnets.set(idKey(vnet.id), { ...vnet, peerings });
    }
    return [...vnets.values()];
  }

  #zones(): DnsZone[] {
    const zones = new Map(this.#parts.dnsZones.map((zone) => [idKey(zone.id), zone]));
    const at = (id: string) =>
      zones.get(idKey(id)) ?? {
        id,
        name: (resourceId(id).names.at(-1) ?? id).toLowerCase(),
        links: null,
        records: null,
      };
    for (const { zoneId, link } of this.#links) {
      const zone = at(zoneId);
      zones.set(idKey(zoneId), { ...zone, links: [...(zone.links ?? []), link] });
    }
    for (const { zoneId, record } of this.#records) {
      const zone = at(zoneId);
      zones.set(idKey(zoneId), { ...zone, records: [...(zone.records ?? []), record] });
    }
    return [...zones.values()];
  }
}

/** A network of which only a part was exported. */
function stub(id: string): Vnet {
  const name = resourceId(id).names.at(-1) ?? id;
  return { id, name, region: null, prefixes: [], dnsServers: [], subnets: [], peerings: [], complete: false };
}

function lastOfEach<Thing extends { readonly id: string }>(list: readonly Thing[]): Thing[] {
  return [...new Map(list.map((one) => [idKey(one.id), one])).values()];
}

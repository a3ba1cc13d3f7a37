import { prefixesSet, prefixSet, privateAddresses, publicAddresses, usableSet } from "../model/address.ts";
import { type Cache, isClustered } from "../model/cache.ts";
import type { IntervalSet } from "../model/intervals.ts";
import { type PortRange, rangesSet } from "../model/port.ts";
import { idKey, sameId, subnetName } from "../model/resource-id.ts";
import type { Direction } from "../model/rule.ts";
import { type PortRow, platformDns, portRows, type RemoteKind } from "../tables/ports.ts";
import { clientSubnets } from "./clients.ts";
import type { Flow, FlowVerdict, Remote } from "./flow.ts";
import type { Lookup } from "./lookup.ts";
import { missingResource, missingVnet } from "./missing.ts";
import { pathBetween } from "./path.ts";
import { addresses, type Space } from "./space.ts";
import { type Assumptions, nsgStep, type Reach, routeStep } from "./steps.ts";
import { type Step, step, worst } from "./verdict.ts";

/** What the judge is told besides the network. */
export interface JudgeOptions extends Partial<Assumptions> {
  /** Subnets that clients are in: `subnet`, `vnet/subnet` or an id. Default: every other subnet within reach. */
  readonly clients?: readonly string[];
  /** Subnets to be judged as if a Premium cache were in them, where the cache itself was not exported. */
  readonly redisSubnets?: readonly string[];
}

/** Judges every flow that a cache in a subnet needs: each port range of each row, with each remote. */
export function judgeInjected(cache: Cache, lookup: Lookup, options: JudgeOptions): FlowVerdict[] {
  const { subnetId } = cache;
  if (subnetId === null) return [];
  const assumptions = { onPremisesForwards: options.onPremisesForwards ?? false };
  return portRows.flatMap((row) =>
    row.remotes.flatMap((kind) =>
      ends(kind, cache, subnetId, lookup, options.clients ?? []).flatMap((end) =>
        row.ports.flatMap((ports) =>
          row.protocols.map((protocol) => {
            const flow: Flow = {
              id: `${row.id} ${end.name} ${protocol.toLowerCase()}/${portText(ports)}`,
              cache,
              row: row.id,
              direction: row.direction,
              protocol,
              ports,
              purpose: row.purpose,
              remote: end.remote,
              remoteName: end.name,
              remoteSpace: end.space,
              remoteSubnetId: end.subnetId,
              guessed: end.guessed,
              optional: isOptional(row, kind, ports, cache),
            };
            return judged(flow, subnetId, lookup, assumptions);
          }),
        ),
      ),
    ),
  );
}

function portText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function isOptional(row: PortRow, kind: RemoteKind, ports: PortRange, cache: Cache): boolean {
  if (kind === "CustomDnsServers") return true;
  if (kind !== "ClientSubnet") return false;
  if (row.id === "in-01") return ports.from === 6379 && cache.plaintext !== true;
  return !isClustered(cache);
}

interface End {
  readonly remote: Remote;
  readonly name: string;
  readonly space: Space;
  readonly subnetId: string | null;
  readonly guessed: boolean;
}

function ends(
  kind: RemoteKind,
  cache: Cache,
  subnetId: string,
  lookup: Lookup,
  named: readonly string[],
): End[] {
  const end = (remote: Remote, name: string, space: Space, more: Partial<End> = {}): End => ({
    remote,
    name,
    space,
    subnetId: null,
    guessed: false,
    ...more,
  });
  const subnet = lookup.subnet(subnetId);
  const vnet = lookup.vnetOf(subnetId);
  switch (kind) {
    case "Any":
      return [end("internet", "internet", addresses(internetOf(lookup), null, true))];
    case "AzureKeyVault":
    case "AzureMonitor": {
      const known = lookup.tag(kind);
      const space: Space =
        known === undefined ? { kind: "tag", tag: kind, except: [] } : addresses(known, kind);
      return [end("service", kind, space)];
    }
    case "RedisSubnet":
      return [end("nodes", "nodes", subnetSpace(subnetId, lookup), { subnetId })];
    case "AzureLoadBalancer":
      return [
        end(
          "load balancer",
          "AzureLoadBalancer",
          addresses(prefixesSet(["168.63.129.16"]), "AzureLoadBalancer"),
        ),
      ];
    case "PlatformDns":
      return platformDns.map((address) => end("platform dns", address, addresses(prefixesSet([address]))));
    case "CustomDnsServers":
      return (vnet?.dnsServers ?? [])
        .filter((address) => !platformDns.includes(address) && prefixSet(address)?.isEmpty === false)
        .map((address) =>
          end("custom dns", `DNS server ${address}`, addresses(prefixesSet([address])), {
            subnetId: lookup.subnetOf(address)?.subnet.id ?? null,
          }),
        );
    case "ClientSubnet":
      if (subnet === undefined || vnet === undefined) return [];
      return clientSubnets(subnet, vnet, named, lookup).map((client) =>
        end("client", `clients in ${subnetName(client.subnet.id)}`, subnetSpace(client.subnet.id, lookup), {
          subnetId: client.subnet.id,
          guessed: client.guessed,
        }),
      );
    case "GeoPeerSubnet":
      return geoPeers(cache, lookup).map(({ name, subnetId: other }) =>
        end(
          "geo-peer",
          `geo-replica ${name}`,
          other === null ? { kind: "subnet", id: `${name}/subnet of its own` } : subnetSpace(other, lookup),
          { subnetId: other },
        ),
      );
  }
}

/** The internet: public addresses that no known network has for itself. */
function internetOf(lookup: Lookup): IntervalSet {
  return lookup.network.vnets.reduce(
    (left, { prefixes }) => left.without(prefixesSet(prefixes)),
    publicAddresses,
  );
}

/** Every address of a subnet that a machine can have. */
export function subnetSpace(subnetId: string, lookup: Lookup): Space {
  const prefixes = lookup.subnet(subnetId)?.prefixes ?? [];
  return prefixes.length === 0 ? { kind: "subnet", id: subnetId } : addresses(usableSet(prefixes));
}

/** The caches that replicate with this one, and their subnets where those are known. */
export function geoPeers(
  cache: Cache,
  lookup: Lookup,
): { name: string; id: string; subnetId: string | null }[] {
  const { caches, linkedCaches } = lookup.network;
  const ids = new Map<string, string>();
  for (const { cacheId, linkedCacheId } of linkedCaches) {
    if (sameId(cacheId, cache.id)) ids.set(idKey(linkedCacheId), linkedCacheId);
    if (sameId(linkedCacheId, cache.id)) ids.set(idKey(cacheId), cacheId);
  }
  // A cache names its linked servers by their name alone, which is that of the other cache.
  for (const id of cache.linkedServerIds) {
    const name = id.split("/").at(-1) ?? id;
    if ([...ids.keys()].some((key) => key.endsWith(`/${name.toLowerCase()}`))) continue;
    const other = caches.find((one) => one.name.toLowerCase() === name.toLowerCase());
    ids.set(idKey(other?.id ?? name), other?.id ?? name);
  }
  return [...ids.values()].map((id) => ({
    id,
    name: id.split("/").at(-1) ?? id,
    subnetId: caches.find((one) => sameId(one.id, id))?.subnetId ?? null,
  }));
}

function judged(flow: Flow, subnetId: string, lookup: Lookup, assumptions: Assumptions): FlowVerdict {
  const local = subnetSpace(subnetId, lookup);
  const { direction, protocol, remoteSpace: remote } = flow;
  const question = { direction, protocol, ports: rangesSet([flow.ports]), local, remote };
  const own = nsgStep(lookup.nsgOf(subnetId), subnetId, question, lookup);
  const steps: Step[] =
    direction === "Outbound"
      ? [own, ...outbound(flow, subnetId, lookup, assumptions)]
      : [...inbound(flow, subnetId, local, lookup, assumptions), own];
  const verdict = worst(steps.map((one) => one.verdict));
  const denied = steps.filter((one) => one.verdict === "denied");
  return { flow, verdict, partly: denied.length > 0 && denied.every(({ partly }) => partly), steps };
}

function outbound(flow: Flow, subnetId: string, lookup: Lookup, assumptions: Assumptions): Step[] {
  const { remote, remoteSpace, remoteSubnetId } = flow;
  if (remote === "geo-peer" && remoteSubnetId === null) return [unknownPeer(flow)];
  const route = routeStep(subnetId, remoteSpace, reachOf(flow, lookup), lookup, assumptions);
  const beyond =
    remoteSubnetId === null || sameId(remoteSubnetId, subnetId)
      ? []
      : [
          ...joined(subnetId, remoteSubnetId, flow, lookup),
          otherGroup(flow, remoteSubnetId, subnetId, "Inbound", lookup),
        ];
  return [route, ...beyond];
}

function inbound(
  flow: Flow,
  subnetId: string,
  local: Space,
  lookup: Lookup,
  assumptions: Assumptions,
): Step[] {
  const { remote, remoteSubnetId } = flow;
  if (remote === "geo-peer" && remoteSubnetId === null) return [unknownPeer(flow)];
  if (remoteSubnetId === null || sameId(remoteSubnetId, subnetId)) return [];
  const back = routeStep(subnetId, flow.remoteSpace, "internal", lookup, assumptions);
  return [
    otherGroup(flow, remoteSubnetId, subnetId, "Outbound", lookup),
    routeStep(remoteSubnetId, local, "internal", lookup, assumptions),
    ...joined(remoteSubnetId, subnetId, flow, lookup),
    ...(back.verdict === "allowed" ? [] : [{ ...back, says: `the way back: ${back.says}` }]),
  ];
}

function reachOf({ remote, remoteSpace, remoteSubnetId }: Flow, lookup: Lookup): Reach {
  if (remote === "internet" || remote === "service") return "dependency";
  if (remote !== "custom dns" || remoteSubnetId !== null) return "internal";
  if (remoteSpace.kind !== "addresses") return "internal";
  const { set } = remoteSpace;
  if (lookup.network.vnets.some(({ prefixes }) => prefixesSet(prefixes).covers(set))) return "internal";
  return privateAddresses.covers(set) ? "on-premises" : "dependency";
}

/** The group at the other end, seen from there. */
function otherGroup(
  flow: Flow,
  otherId: string,
  subnetId: string,
  direction: Direction,
  lookup: Lookup,
): Step {
  return nsgStep(
    lookup.nsgOf(otherId),
    otherId,
    {
      direction,
      protocol: flow.protocol,
      ports: rangesSet([flow.ports]),
      local: flow.remoteSpace,
      remote: subnetSpace(subnetId, lookup),
    },
    lookup,
  );
}

function joined(fromId: string, toId: string, { cache }: Flow, lookup: Lookup): Step[] {
  const [from, to] = [lookup.vnetOf(fromId), lookup.vnetOf(toId)];
  if (from === undefined || to === undefined) {
    const unknown = from === undefined ? fromId : toId;
    return [
      step("peering", subnetName(unknown), "cannot tell", "its virtual network was not exported", {
        missing: [missingVnet(unknown, "its peerings decide whether the networks are joined")],
      }),
    ];
  }
  return [pathBetween(from, to, { standardBalancer: cache.zones.length > 0 }, lookup)];
}

function unknownPeer({ remoteName, cache }: Flow): Step {
  const id = cache.linkedServerIds.find((one) => remoteName.endsWith(one.split("/").at(-1) ?? one));
  const known = remoteName.startsWith("geo-replica ") ? remoteName.slice("geo-replica ".length) : remoteName;
  return step("peering", remoteName, "cannot tell", "the subnet of the linked cache is not known", {
    missing: [
      id === undefined
        ? {
            ...missingResource(known, "its subnet is the other end"),
            command: `az redis show -n ${known} -g GROUP -o json`,
          }
        : {
            what: `cache ${known}`,
            why: "its subnet is the other end of the replication",
            command: `az redis show -n ${known} -g GROUP -o json`,
          },
    ],
  });
}

import { endpointsOf } from "../judge/endpoint.ts";
import { isKnown, type Lookup } from "../judge/lookup.ts";
import { matcher } from "../judge/matcher.ts";
import { addressText, prefixesSet } from "../model/address.ts";
import { IntervalSet } from "../model/intervals.ts";
import { everyPort, portSet } from "../model/port.ts";
import { sameId } from "../model/resource-id.ts";
import type { Direction, Nsg, SecurityRule } from "../model/rule.ts";
import { platformTags, tagKey } from "../tables/tags.ts";
import { cachePlace, hostAddresses, type Machine } from "./machines.ts";

/**
 * What `nft -f -` reads in the fabric: the groups of every subnet and network interface as chains, in the order of their
 * priorities; the balancers that other regions do not reach; endpoints that are not approved. It replaces all that was there at
 * once; connections that are open stay so, as on Azure.
 */
export function fabricRules(machines: readonly Machine[], lookup: Lookup): string {
  const chains: string[] = [];
  const jumps = { Outbound: [] as string[], Inbound: [] as string[] };
  for (const machine of machines.filter(({ behind, subnetId }) => behind === "fabric" && subnetId !== null))
    for (const direction of ["Outbound", "Inbound"] as const) {
      const groups = groupsOf(machine, direction, lookup);
      if (groups.length === 0) continue;
      const name = `${direction === "Outbound" ? "out" : "in"}-${machine.name}`;
      chains.push(
        chain(
          name,
          groups.flatMap((nsg) => jumpTo(nsg, direction, machine)),
        ),
      );
      jumps[direction].push(`"${machine.name}" : jump ${name}`);
      for (const nsg of groups)
        chains.push(chain(chainName(nsg, direction, machine), groupLines(nsg, direction, machine, lookup)));
    }
  const forward = [
    "type filter hook forward priority filter; policy drop;",
    "ct state established,related accept",
    'iifname "internet" drop comment "nobody comes in from the internet"',
    ...unreachableBalancers(machines, lookup),
    ...unapprovedEndpoints(lookup),
    ...Object.entries({ iifname: jumps.Outbound, oifname: jumps.Inbound }).flatMap(([key, map]) =>
      map.length === 0 ? [] : [`${key} vmap { ${map.join(", ")} }`],
    ),
    "accept",
  ];
  return [
    "flush ruleset",
    "table inet redoubt {",
    ...unique(chains),
    indented(chain("forward", forward)),
    "}",
    "",
  ].join("\n");
}

/** Outbound the network interface's group comes first, inbound the subnet's. */
function groupsOf(machine: Machine, direction: Direction, lookup: Lookup): Nsg[] {
  const { subnetId, address, kind } = machine;
  if (subnetId === null) return [];
  const subnet = lookup.subnet(subnetId);
  const endpoints = lookup.network.privateEndpoints;
  const isEndpoint = kind === "cache" && endpoints.some(({ addresses }) => addresses.includes(address ?? ""));
  // Groups leave private endpoints alone unless the subnet says otherwise, and never filter what they answer.
  if (
    isEndpoint &&
    (direction === "Outbound" || !/^(?:enabled|network)/i.test(subnet?.privateEndpointPolicies ?? ""))
  )
    return [];
  const nic = lookup.network.nics.find(({ addresses }) => address !== null && addresses.includes(address));
  const own = nic === undefined ? null : lookup.nsgOfNic(nic);
  const groups = [own, lookup.nsgOf(subnetId)].filter((found) => found !== null && isKnown(found)) as Nsg[];
  return direction === "Outbound" ? groups : groups.toReversed();
}

/** One group may be at several subnets, and `VirtualNetwork` means something else in each network. */
function chainName({ name }: Nsg, direction: Direction, { vnetId }: Machine): string {
  const network = vnetId?.split("/").at(-1) ?? "";
  return `${direction.toLowerCase()}-${network}-${name}`.replaceAll(/[^A-Za-z0-9-]/g, "-");
}

function jumpTo(nsg: Nsg, direction: Direction, machine: Machine): string[] {
  return [`jump ${chainName(nsg, direction, machine)}`];
}

function groupLines(nsg: Nsg, direction: Direction, machine: Machine, lookup: Lookup): string[] {
  const { subnetId } = machine;
  const rules = nsg.rules
    .filter((rule) => rule.direction === direction)
    .toSorted((a, b) => a.priority - b.priority);
  const lines = (some: readonly SecurityRule[]) =>
    some.flatMap((rule) => ruleLine(rule, subnetId ?? "", lookup) ?? []);
  const all = [...lines(rules), "drop"];
  if (direction === "Inbound") return all;
  // What Azure's host serves is filtered by rules alone that name its tags.
  const platform = rules.filter(({ destinations }) =>
    destinations.some((text) => platformTags.has(tagKey(text))),
  );
  return [...lines(platform), `ip daddr { ${hostAddresses.join(", ")} } return`, ...all];
}

/** `null` for a rule that means nobody here. */
function ruleLine(rule: SecurityRule, subnetId: string, lookup: Lookup): string | null {
  const meaning = lookup.meaning(subnetId);
  const source = matcher(rule.sources, rule.sourceAsgIds, meaning);
  const destination = matcher(rule.destinations, rule.destinationAsgIds, meaning);
  const parts: string[] = [];
  const protocol = protocolOf(rule);
  if (protocol === null) return null;
  for (const [key, side] of [
    ["saddr", source],
    ["daddr", destination],
  ] as const) {
    if (side.any) continue;
    if (side.extent.sure.isEmpty) return null;
    parts.push(`ip ${key} { ${setText(side.extent.sure, addressText)} }`);
  }
  const ports = [
    ["sport", portsOf(rule.sourcePorts)],
    ["dport", portsOf(rule.destinationPorts)],
  ] as const;
  const limited = ports.filter(([, set]) => !set.equals(everyPort));
  if (protocol !== "") parts.push(`meta l4proto ${protocol}`);
  else if (limited.length > 0) parts.push("meta l4proto { tcp, udp }");
  for (const [key, set] of limited) parts.push(`th ${key} { ${setText(set, String)} }`);
  const verdict = rule.access === "Allow" ? "return" : "drop";
  const said = `${rule.name} (${rule.priority})`.replaceAll(/[^\w .()-]/g, "-").slice(0, 100);
  return [...parts, "counter", verdict, `comment "${said}"`].join(" ");
}

const protocols: Readonly<Record<string, string>> = {
  tcp: "tcp",
  udp: "udp",
  icmp: "icmp",
  esp: "esp",
  ah: "ah",
  "6": "tcp",
  "17": "udp",
  "*": "",
  all: "",
  any: "",
  "": "",
};

function protocolOf({ protocol }: SecurityRule): string | null {
  return protocols[protocol.toLowerCase()] ?? null;
}

function portsOf(texts: readonly string[]): IntervalSet {
  return texts.length === 0 ? everyPort : IntervalSet.union(texts.map((text) => portSet(text) ?? everyPort));
}

/** Balancers of caches without zones are basic ones, which a network peered from another region does not reach. */
function unreachableBalancers(machines: readonly Machine[], lookup: Lookup): string[] {
  return lookup.network.caches.flatMap((cache) => {
    const place = cachePlace(cache, lookup);
    const home = place === null ? undefined : lookup.vnetOf(place.subnetId);
    if (place === null || cache.subnetId === null || cache.zones.length > 0 || home === undefined) return [];
    const far = lookup.network.vnets.filter(
      ({ id, region }) =>
        !sameId(id, home.id) && region !== null && home.region !== null && region !== home.region,
    );
    if (far.length === 0 || !machines.some(({ address }) => address === place.address)) return [];
    const from = setText(prefixesSet(far.flatMap(({ prefixes }) => prefixes)), addressText);
    return [
      `ip saddr { ${from} } ip daddr ${place.address} drop comment "basic load balancer of ${cache.name.replaceAll(/[^\w-]/g, "-")}"`,
    ];
  });
}

function unapprovedEndpoints(lookup: Lookup): string[] {
  return lookup.network.caches
    .flatMap((cache) => endpointsOf(cache, lookup))
    .filter(({ status }) => status !== null && !/^approved$/i.test(status))
    .flatMap(({ addresses, name }) =>
      addresses.map(
        (address) => `ip daddr ${address} drop comment "${name.replaceAll(/[^\w-]/g, "-")} is not approved"`,
      ),
    );
}

function setText(set: IntervalSet, text: (value: number) => string): string {
  return set
    .intervals()
    .map(([first, last]) => (first === last ? text(first) : `${text(first)}-${text(last)}`))
    .join(", ");
}

function chain(name: string, lines: readonly string[]): string {
  return [`chain ${name} {`, ...lines.map((line) => `  ${line}`), "}"].join("\n");
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

function unique(chains: readonly string[]): string[] {
  return [...new Set(chains)].map(indented);
}

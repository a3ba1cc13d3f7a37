import { endpointsOf } from "../judge/endpoint.ts";
import type { Lookup } from "../judge/lookup.ts";
import { addressText } from "../model/address.ts";
import type { Cache } from "../model/cache.ts";
import type { DnsZone } from "../model/private-link.ts";
import { sameId } from "../model/resource-id.ts";
import { requiredEndpoints } from "../tables/endpoints.ts";
import { privateLinkNames, zoneOf } from "../tables/zones.ts";
import { hostAddresses, type Machine } from "./machines.ts";
import { internetAddresses, type LabPlan, labDomain } from "./plan.ts";

/** What a DNS server answers, in order of precedence. */
interface Answers {
  /** Addresses by name. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** The name that another one stands for. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Addresses of all names below a domain. */
  readonly domains: ReadonlyMap<string, string>;
  /** Domains below which nothing else exists. */
  readonly closed: readonly string[];
  /** Who is asked about a domain; `#` for everything else. */
  readonly asked: ReadonlyMap<string, string>;
}

/**
 * The configuration of `dnsmasq` on a machine, or `null` where none runs there.
 *
 * @param pidFile where it writes its process id
 */
export function dnsConfiguration(
  machine: Machine,
  plan: LabPlan,
  lookup: Lookup,
  machines: readonly Machine[],
  pidFile: string,
): string | null {
  const answers = answersOf(machine, plan, lookup, machines);
  if (answers === null) return null;
  const { hosts, aliases, domains, closed, asked } = answers;
  return [
    "no-resolv",
    "no-hosts",
    "bind-interfaces",
    "cache-size=0",
    "local-ttl=1",
    `pid-file=${pidFile}`,
    ...listening(machine).map((address) => `listen-address=${address}`),
    ...[...hosts].flatMap(([name, addresses]) =>
      addresses.map((address) => `host-record=${name},${address}`),
    ),
    ...[...aliases].map(([name, target]) => `cname=${name},${target}`),
    ...[...domains].map(([domain, address]) => `address=/${domain}/${address}`),
    ...closed.map((domain) => `local=/${domain}/`),
    ...[...asked].map(([domain, server]) =>
      domain === "#" ? `server=${server}` : `server=/${domain}/${server}`,
    ),
    "",
  ].join("\n");
}

/** The DNS servers that a machine asks. */
export function nameServersOf(machine: Machine, plan: LabPlan, lookup: Lookup): string[] {
  if (machine.behind === "gateway")
    return plan.hosts
      .filter(({ role, subnetId }) => role === "dns" && subnetId === null)
      .map(({ address }) => address);
  const own = machine.vnetId === null ? [] : (lookup.vnet(machine.vnetId)?.dnsServers ?? []);
  return own.length > 0 ? [...own] : [hostAddresses[0]];
}

function listening({ kind, address }: Machine): string[] {
  if (kind === "internet") return [internetAddresses.dns];
  return kind === "azure-dns" ? [...hostAddresses] : address === null ? [] : [address];
}

function answersOf(
  machine: Machine,
  plan: LabPlan,
  lookup: Lookup,
  machines: readonly Machine[],
): Answers | null {
  const known = publicAnswers(lookup);
  switch (machine.kind) {
    case "internet":
      return known;
    case "azure-dns":
      return privateAnswers(machine.vnetId ?? "", known, lookup);
    case "dns":
      return ownAnswers(machine, plan, known, machines);
    default:
      return null;
  }
}

/** What the internet answers. A cache inside a network has a public record, too: of its private address. */
function publicAnswers(lookup: Lookup): Answers {
  const hosts = new Map<string, readonly string[]>();
  const aliases = new Map<string, string>();
  for (const [index, cache] of lookup.network.caches.entries()) {
    const name = cache.hostName?.toLowerCase();
    if (name === undefined) continue;
    if (cache.staticIp !== null) hosts.set(name, [cache.staticIp]);
    else {
      const target = endpointsOf(cache, lookup).length > 0 ? privateName(cache, name) : name;
      hosts.set(target, [publicAddress(index)]);
      if (target !== name) aliases.set(name, target);
    }
  }
  hosts.set(`crl.${labDomain}`, [internetAddresses.revocation]);
  hosts.set(`www.${labDomain}`, [internetAddresses.web]);
  const domains = new Map<string, string>();
  for (const { host, serviceTag } of requiredEndpoints) {
    const address = dependencyAddress(serviceTag, lookup);
    if (host.startsWith("*.")) domains.set(host.slice(2), address);
    else hosts.set(host, [address]);
  }
  return { hosts, aliases, domains, closed: ["#"], asked: new Map() };
}

/** The public address of a cache that has one, by its place in the list (RFC 5737). */
export function publicAddress(index: number): string {
  return `203.0.113.${100 + (index % 100)}`;
}

/** Where something is that a cache depends on: in the prefix of its service tag, where that is known. */
function dependencyAddress(tag: string | null, lookup: Lookup): string {
  const [first] = (tag === null ? undefined : lookup.tag(tag))?.intervals() ?? [];
  return first === undefined ? internetAddresses.web : addressText(first[0] + (first[1] > first[0] ? 4 : 0));
}

/** `cache.privatelink.redis.…` of `cache.redis.…`: the public name stands for it, and only zones of private endpoints have it. */
function privateName(cache: Cache, name: string): string {
  const { suffix } = privateLinkNames[cache.kind];
  const zone = zoneOf(cache.kind, name);
  return name.endsWith(`.${suffix}`) ? `${name.slice(0, -suffix.length)}${zone}` : name;
}

/** Public names, and before them the private zones that are linked to the network. */
function privateAnswers(vnetId: string, known: Answers, lookup: Lookup): Answers {
  const linked = lookup.network.dnsZones.filter((zone) => isLinked(zone, vnetId));
  const hosts = new Map(known.hosts);
  for (const { name: zone, records } of linked) {
    // In a linked zone only its own records exist, whatever the internet knows.
    for (const name of hosts.keys()) if (name.endsWith(`.${zone}`)) hosts.delete(name);
    for (const { name, addresses } of records ?? []) hosts.set(`${name}.${zone}`.toLowerCase(), addresses);
  }
  return { ...known, hosts };
}

function isLinked({ links }: DnsZone, vnetId: string): boolean {
  return (links ?? []).some((link) => sameId(link.vnetId, vnetId));
}

function ownAnswers(
  machine: Machine,
  { dns }: LabPlan,
  known: Answers,
  machines: readonly Machine[],
): Answers {
  const manner = dns[machine.name] ?? "forwards";
  // On-premises nobody reaches Azure's own DNS: the forwarder there asks one inside the network, if there is one.
  const inside = machines.find(({ kind, behind }) => kind === "dns" && behind === "fabric")?.address;
  const upstream = machine.behind === "gateway" ? inside : hostAddresses[0];
  if (manner === "forwards" && upstream !== undefined && upstream !== null)
    return {
      hosts: new Map(),
      aliases: new Map(),
      domains: new Map(),
      closed: [],
      asked: new Map([["#", upstream]]),
    };
  if (manner === "public" || manner === "forwards") return known;
  const suffixes = Object.values(privateLinkNames).map(({ suffix }) => suffix);
  const isCache = (name: string) => suffixes.some((suffix) => name.endsWith(suffix));
  return {
    ...known,
    hosts: new Map([...known.hosts].filter(([name]) => !isCache(name))),
    aliases: new Map(),
  };
}

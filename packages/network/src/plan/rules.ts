import { RedoubtError } from "@redoubt/client";
import { parsePrefix } from "../model/address.ts";
import type { Access, Direction, Protocol } from "../model/rule.ts";
import { platformDns } from "../tables/ports.ts";

/** A rule that a plan asks for; the fields are those of Azure. */
export interface PlannedRule {
  readonly name: string;
  readonly priority: number;
  readonly direction: Direction;
  readonly access: Access;
  readonly protocol: Protocol | "*";
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** `443`, `13000-13999`, `*`. */
  readonly ports: readonly string[];
  /** At most 140 characters. */
  readonly description: string;
  /** The rows of the port tables that it is for; empty for the rules that deny. */
  readonly rows: readonly string[];
}

/** What the rules are to be for. */
export interface RulesRequest {
  /** Prefix of the subnet with the cache. */
  readonly subnet: string;
  /** Prefixes of the subnets with its clients. */
  readonly clients: readonly string[];
  /** Whether clients ask shards directly. Default false. */
  readonly clustered?: boolean;
  /** Whether the port without TLS is open to clients. Default false. */
  readonly plaintext?: boolean;
  /** Prefixes of the subnets of caches that replicate with this one. Default: none. */
  readonly geoPeers?: readonly string[];
  /** The network's own DNS servers. Default: none, Azure's. */
  readonly dnsServers?: readonly string[];
  /** Whether everything else is denied; without, the defaults let much more through. Default true. */
  readonly denyOthers?: boolean;
}

const nodePorts = ["6379-6380", "8443", "10221-10231", "13000-13999", "15000-15999", "20226"];
const shardPorts = ["10221-10231", "13000-13999", "15000-15999"];

/**
 * The rules of the network security group for a cache inside a virtual network: one for each purpose, each needed, so that without
 * any of them something stops working. Azure's own DNS needs none, because groups do not filter it; Key Vault and Azure Monitor on
 * port 443 are among the hosts that the rule for port 443 lets out.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for what is no IPv4 prefix
 * @example planRules({ subnet: "10.0.1.0/28", clients: ["10.0.2.0/24"] })
 */
export function planRules(request: RulesRequest): PlannedRule[] {
  const { subnet, clients, clustered = false, plaintext = false, geoPeers = [], denyOthers = true } = request;
  const dns = (request.dnsServers ?? []).filter((address) => !platformDns.includes(address));
  for (const [key, prefixes] of Object.entries({ subnet: [subnet], clients, geoPeers, dnsServers: dns }))
    for (const prefix of prefixes) requirePrefix(key, prefix);
  const here = [subnet];
  const clientRows = clustered ? ["in-01", "in-04", "in-05", "in-06"] : ["in-01"];
  const inbound = [
    rule(
      "redis-in-clients",
      "Tcp",
      clients,
      here,
      [plaintext ? "6379-6380" : "6380", ...(clustered ? shardPorts : [])],
      clientRows,
      "Clients of the cache",
    ),
    rule(
      "redis-in-nodes",
      "Tcp",
      here,
      here,
      nodePorts,
      ["in-01", "in-02", "in-04", "in-05", "in-06", "in-08"],
      "Nodes of the cache among themselves",
    ),
    rule(
      "redis-in-balancer",
      "Tcp",
      ["AzureLoadBalancer"],
      here,
      ["6379-6380", ...shardPorts],
      ["in-01", "in-04", "in-05", "in-06"],
      "Probes of the load balancer",
    ),
    rule(
      "redis-in-balancing",
      "*",
      ["AzureLoadBalancer"],
      here,
      ["8500", "16001"],
      ["in-03", "in-07"],
      "Load balancing, TCP and UDP",
    ),
    rule(
      "redis-in-geo",
      "Tcp",
      geoPeers,
      here,
      ["15000-15999"],
      ["in-06"],
      "Geo-replication, also after a failover",
    ),
  ];
  const outbound = [
    rule(
      "redis-out-web",
      "Tcp",
      here,
      ["*"],
      ["80", "443"],
      ["out-01", "out-02"],
      "Storage, Key Vault, Azure Monitor; certificate revocation on 80",
    ),
    rule("redis-out-monitor", "Tcp", here, ["AzureMonitor"], ["12000"], ["out-03"], "Azure Monitor"),
    rule("redis-out-dns", "*", here, dns, ["53"], ["out-04"], "The network's own DNS servers"),
    rule("redis-out-time", "Udp", here, ["*"], ["123"], ["out-05"], "Clock of the nodes"),
    rule(
      "redis-out-activation",
      "Tcp",
      here,
      ["*"],
      ["1688"],
      ["out-06"],
      "Activation of the nodes' operating system",
    ),
    rule(
      "redis-out-nodes",
      "Tcp",
      here,
      here,
      nodePorts,
      ["out-07", "out-08", "out-09", "out-10", "out-11", "out-12"],
      "Nodes of the cache among themselves",
    ),
    rule(
      "redis-out-geo",
      "Tcp",
      here,
      geoPeers,
      ["15000-15999"],
      ["out-11"],
      "Geo-replication, also after a failover",
    ),
  ];
  return [...numbered("Inbound", inbound, denyOthers), ...numbered("Outbound", outbound, denyOthers)];
}

/** The rules for the subnet of a private endpoint: they count where its network policies are on. */
export function planEndpointRules(request: {
  /** Prefix of the subnet with the endpoint. */
  readonly subnet: string;
  readonly clients: readonly string[];
  /** `OSSCluster` needs the nodes' ports besides 10000. Default `OSSCluster`, as Azure's. */
  readonly policy?: "OSSCluster" | "EnterpriseCluster" | "NoCluster";
}): PlannedRule[] {
  const { subnet, clients, policy = "OSSCluster" } = request;
  for (const [key, prefixes] of Object.entries({ subnet: [subnet], clients }))
    for (const prefix of prefixes) requirePrefix(key, prefix);
  const ports = policy === "OSSCluster" ? ["10000", "8500-8599"] : ["10000"];
  const clientsIn = rule(
    "redis-in-clients",
    "Tcp",
    clients,
    [subnet],
    ports,
    ["private-endpoint"],
    "Clients of the private endpoint",
  );
  return numbered("Inbound", [clientsIn], true);
}

type Draft = Omit<PlannedRule, "priority" | "direction">;

function rule(
  name: string,
  protocol: PlannedRule["protocol"],
  sources: readonly string[],
  destinations: readonly string[],
  ports: readonly string[],
  rows: readonly string[],
  description: string,
): Draft {
  return { name, access: "Allow", protocol, sources, destinations, ports, description, rows };
}

/** Leaves out rules without an end, and gives the others priorities with room between them. */
function numbered(direction: Direction, drafts: readonly Draft[], denyOthers: boolean): PlannedRule[] {
  const rules = drafts
    .filter(({ sources, destinations }) => sources.length > 0 && destinations.length > 0)
    .map((draft, index) => ({ ...draft, priority: 200 + index * 10, direction }));
  if (!denyOthers) return rules;
  const name = `redis-deny-other-${direction.toLowerCase()}`;
  const deny = rule(name, "*", ["*"], ["*"], ["*"], [], "Everything that the rules above do not name");
  return [...rules, { ...deny, access: "Deny", priority: 4096, direction }];
}

function requirePrefix(key: string, text: string): void {
  const prefix = parsePrefix(text);
  if (prefix !== null && prefix !== "ipv6") return;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} must be IPv4 prefixes, for example 10.0.1.0/28.`);
}

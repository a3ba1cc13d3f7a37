import type { PortRange } from "../model/port.ts";
import type { Direction, Protocol } from "../model/rule.ts";

/** What stands at the other end of a row; the near end is always the subnet of the cache. */
export type RemoteKind =
  | "Any"
  | "RedisSubnet"
  | "ClientSubnet"
  | "GeoPeerSubnet"
  | "AzureLoadBalancer"
  | "PlatformDns"
  | "CustomDnsServers"
  | "AzureKeyVault"
  | "AzureMonitor";

/** A row of the port tables of a cache inside a virtual network. */
export interface PortRow {
  /** `out-01` … `out-12`, `in-01` … `in-08`, in the order of the page. */
  readonly id: string;
  readonly direction: Direction;
  readonly ports: readonly PortRange[];
  readonly protocols: readonly Protocol[];
  readonly purpose: string;
  readonly remotes: readonly RemoteKind[];
}

/**
 * Where the rows come from: Microsoft's page "Configure virtual network support for a Premium Azure Cache for Redis", as of its
 * date. The two addresses of Azure's DNS are one remote here, `PlatformDns`.
 */
export const portSource = {
  page: "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-premium-vnet",
  date: "2025-09-11",
} as const;

/** The addresses of the host that serve Azure's DNS, and probes of the load balancer. */
export const platformDns: readonly string[] = ["168.63.129.16", "169.254.169.254"];

const port = (from: number, to: number = from): PortRange => ({ from, to });

/** Every row, outbound first. */
export const portRows: readonly PortRow[] = [
  {
    id: "out-01",
    direction: "Outbound",
    ports: [port(80), port(443)],
    protocols: ["Tcp"],
    purpose: "Azure Storage, public PKI, OS, infrastructure and antivirus dependencies",
    remotes: ["Any"],
  },
  {
    id: "out-02",
    direction: "Outbound",
    ports: [port(443)],
    protocols: ["Tcp"],
    purpose: "Azure Key Vault and Azure Monitor",
    remotes: ["AzureKeyVault", "AzureMonitor"],
  },
  {
    id: "out-03",
    direction: "Outbound",
    ports: [port(12000)],
    protocols: ["Tcp"],
    purpose: "Azure Monitor",
    remotes: ["AzureMonitor"],
  },
  {
    id: "out-04",
    direction: "Outbound",
    ports: [port(53)],
    protocols: ["Tcp", "Udp"],
    purpose: "Name resolution (internet and virtual network)",
    remotes: ["PlatformDns", "CustomDnsServers"],
  },
  {
    id: "out-05",
    direction: "Outbound",
    ports: [port(123)],
    protocols: ["Udp"],
    purpose: "NTP clock sync of the node OS",
    remotes: ["Any"],
  },
  {
    id: "out-06",
    direction: "Outbound",
    ports: [port(1688)],
    protocols: ["Tcp"],
    purpose: "Windows activation (KMS) of the node OS",
    remotes: ["Any"],
  },
  {
    id: "out-07",
    direction: "Outbound",
    ports: [port(8443)],
    protocols: ["Tcp"],
    purpose: "Node-to-node traffic inside the cache",
    remotes: ["RedisSubnet"],
  },
  {
    id: "out-08",
    direction: "Outbound",
    ports: [port(10_221, 10_231)],
    protocols: ["Tcp"],
    purpose: "Node-to-node traffic inside the cache",
    remotes: ["RedisSubnet"],
  },
  {
    id: "out-09",
    direction: "Outbound",
    ports: [port(20226)],
    protocols: ["Tcp"],
    purpose: "Node-to-node traffic inside the cache",
    remotes: ["RedisSubnet"],
  },
  {
    id: "out-10",
    direction: "Outbound",
    ports: [port(13_000, 13_999)],
    protocols: ["Tcp"],
    purpose: "Node-to-node traffic inside the cache",
    remotes: ["RedisSubnet"],
  },
  {
    id: "out-11",
    direction: "Outbound",
    ports: [port(15_000, 15_999)],
    protocols: ["Tcp"],
    purpose: "Node-to-node traffic and passive geo-replication",
    remotes: ["RedisSubnet", "GeoPeerSubnet"],
  },
  {
    id: "out-12",
    direction: "Outbound",
    ports: [port(6_379, 6_380)],
    protocols: ["Tcp"],
    purpose: "Node-to-node traffic inside the cache",
    remotes: ["RedisSubnet"],
  },
  {
    id: "in-01",
    direction: "Inbound",
    ports: [port(6379), port(6380)],
    protocols: ["Tcp"],
    purpose: "Client connections and load balancing",
    remotes: ["RedisSubnet", "ClientSubnet", "AzureLoadBalancer"],
  },
  {
    id: "in-02",
    direction: "Inbound",
    ports: [port(8443)],
    protocols: ["Tcp"],
    purpose: "Node-to-node traffic inside the cache",
    remotes: ["RedisSubnet"],
  },
  {
    id: "in-03",
    direction: "Inbound",
    ports: [port(8500)],
    protocols: ["Tcp", "Udp"],
    purpose: "Load balancing",
    remotes: ["AzureLoadBalancer"],
  },
  {
    id: "in-04",
    direction: "Inbound",
    ports: [port(10_221, 10_231)],
    protocols: ["Tcp"],
    purpose: "Cluster clients and node-to-node traffic",
    remotes: ["RedisSubnet", "ClientSubnet", "AzureLoadBalancer"],
  },
  {
    id: "in-05",
    direction: "Inbound",
    ports: [port(13_000, 13_999)],
    protocols: ["Tcp"],
    purpose: "Cluster clients (per-shard ports) and load balancing",
    remotes: ["RedisSubnet", "ClientSubnet", "AzureLoadBalancer"],
  },
  {
    id: "in-06",
    direction: "Inbound",
    ports: [port(15_000, 15_999)],
    protocols: ["Tcp"],
    purpose: "Cluster clients (per-shard ports), load balancing and passive geo-replication",
    remotes: ["RedisSubnet", "ClientSubnet", "AzureLoadBalancer", "GeoPeerSubnet"],
  },
  {
    id: "in-07",
    direction: "Inbound",
    ports: [port(16001)],
    protocols: ["Tcp", "Udp"],
    purpose: "Load balancing",
    remotes: ["AzureLoadBalancer"],
  },
  {
    id: "in-08",
    direction: "Inbound",
    ports: [port(20226)],
    protocols: ["Tcp"],
    purpose: "Node-to-node traffic inside the cache",
    remotes: ["RedisSubnet"],
  },
];

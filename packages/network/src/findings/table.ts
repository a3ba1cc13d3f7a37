/** How grave a finding is: `error` breaks something now, `warning` will or may, `info` is good to know. */
export type Severity = "error" | "warning" | "info";

/** What all findings of one id have in common. */
export interface FindingRow {
  readonly severity: Severity;
  /** What is wrong, in one line. */
  readonly title: string;
}

const row = (severity: Severity, title: string): FindingRow => ({ severity, title });

/** Every finding. Each id has a page in `docs/network/`. */
export const findingTable = {
  // Ports
  "nodes-blocked": row("error", "Nodes of the cache cannot reach each other"),
  "balancer-blocked": row("error", "The load balancer cannot reach the cache"),
  "clients-blocked": row("error", "Clients cannot reach the cache"),
  "geo-replication-blocked": row("error", "Geo-replicated caches cannot reach each other"),
  "dependency-blocked": row("error", "The cache cannot reach a service that it depends on"),
  "certificate-check-blocked": row("error", "Outbound TCP 80 is blocked: certificates fail now and then"),
  "dns-blocked": row("error", "The cache cannot resolve names"),
  "custom-dns-blocked": row("warning", "The network's own DNS servers cannot be reached"),
  "storage-one-region": row("warning", "Storage is let out in one region only"),
  // Routes
  "forced-tunnelling": row("error", "Traffic of the cache is tunnelled on-premises"),
  "no-way-out": row("error", "A route drops the traffic to what the cache depends on"),
  "firewall-on-the-way": row("warning", "A firewall stands between the cache and what it depends on"),
  "route-astray": row("error", "A route leads internal traffic out of the network"),
  "route-asymmetric": row("warning", "A route sends internal traffic through an appliance or gateway"),
  "route-too-broad": row("warning", "A route for everything loses against longer prefixes"),
  "microsoft-peering-leak": row("error", "Microsoft's own prefixes are advertised on the private path"),
  // Peerings
  "not-joined": row("error", "Two networks are not joined"),
  "peering-one-sided": row("error", "A peering exists on one side only"),
  "peering-not-connected": row("error", "A peering is not connected"),
  "peering-no-access": row("error", "A peering does not let the other network in"),
  "peering-out-of-sync": row("warning", "A peering does not know all prefixes of the other side"),
  "peering-global": row("error", "Clients are in another region, and the cache has a basic load balancer"),
  "peering-global-zoned": row("warning", "Clients are in another region, which works only with zones"),
  // The subnet and the cache
  "tier-not-premium": row("error", "Only Premium can be inside a virtual network"),
  "network-other-region": row("error", "Cache and network are in different regions"),
  "network-other-subscription": row("error", "Cache and network are in different subscriptions"),
  "subnet-not-dedicated": row("error", "The subnet of the cache has other resources"),
  "subnet-nat-gateway": row("error", "The subnet of the cache has a NAT gateway"),
  "subnet-outside-network": row("error", "The subnet is not inside the address space of the network"),
  "subnet-too-small": row("error", "The subnet has too few addresses for its caches"),
  "subnet-full": row("warning", "The subnet has no address left"),
  "subnet-no-outbound": row("warning", "The subnet has no default outbound access"),
  "static-ip-invalid": row("error", "The static address is not one that a cache can have"),
  "injected-with-endpoint": row("error", "A cache inside a network cannot have private endpoints"),
  lighthouse: row("error", "Azure Lighthouse and caches inside a network exclude each other"),
  "public-access-ignored": row("info", "publicNetworkAccess means nothing here"),
  "console-unavailable": row("info", "The portal's Redis Console cannot reach this cache"),
  "cache-retiring": row("info", "The product is retired at a known date"),
  "old-metric-host": row("warning", "Rules were written from an old page"),
  // Private endpoints and DNS
  unreachable: row("error", "Neither public access nor a private endpoint"),
  "endpoint-not-approved": row("error", "A private endpoint is not approved"),
  "endpoint-limit": row("error", "A clustered cache has more than one private endpoint"),
  "dns-zone-wrong": row("error", "The private DNS zone is that of another product"),
  "dns-zone-missing": row("error", "No private DNS zone for a private endpoint"),
  "dns-zone-not-linked": row("error", "A private DNS zone is not linked to a network that needs it"),
  "dns-zone-misnamed": row("error", "A private DNS zone has a name that nothing asks for"),
  "dns-record-wrong": row("error", "A record leads elsewhere than the private endpoint"),
  "dns-own-servers": row("info", "The network has DNS servers of its own"),
} as const satisfies Record<string, FindingRow>;

/** One of the ids of {@link findingTable}. */
export type FindingId = keyof typeof findingTable;

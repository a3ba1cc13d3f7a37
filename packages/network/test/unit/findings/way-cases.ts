import { cache, cacheId, nsg, peering, rule, subnet, subnetId } from "../exported.ts";
import { app, blocked, type Case, home, learned, otherVnet, peered, routed, toOther } from "./worlds.ts";

/** Ports, routes, peerings: what is on the way. */
export const wayCases: readonly Case[] = [
  blocked(
    "nodes-blocked",
    "a rule that denies the network itself",
    rule(100, "Inbound", "Deny", "*", "VirtualNetwork", "VirtualNetwork", "*"),
    /TCP 8443/,
  ),
  blocked(
    "balancer-blocked",
    "everything denied that comes in",
    rule(4000, "Inbound", "Deny", "*", "*", "*", "*"),
    /16001/,
  ),
  blocked(
    "balancer-blocked",
    "probes named by their address",
    rule(4000, "Inbound", "Deny", "Tcp", "168.63.129.16/32", "*", "8500"),
  ),
  blocked(
    "clients-blocked",
    "the port of clients",
    rule(100, "Inbound", "Deny", "Tcp", "10.0.2.0/24", "*", "6380"),
    /6380 from clients in vnet\/app/,
  ),
  blocked(
    "clients-blocked",
    "half of the clients",
    rule(100, "Inbound", "Deny", "Tcp", "10.0.2.0/25", "*", "6380"),
    /in part/,
  ),
  {
    id: "clients-blocked",
    name: "the group of the clients",
    resources: [
      home({}, {}, [app({ nsg: "app-nsg" })]),
      nsg("app-nsg", [rule(200, "Outbound", "Deny", "*", "*", "10.0.0.0/16", "*")]),
      cache("one"),
    ],
    says: /denied in app-nsg/,
  },
  {
    id: "geo-replication-blocked",
    name: "15000-15999 from the other cache",
    resources: [
      home({ nsg: "redis-nsg" }, { virtualNetworkPeerings: [peering("other")] }),
      otherVnet(),
      nsg("redis-nsg", [rule(100, "Inbound", "Deny", "Tcp", "10.5.0.0/16", "*", "15000-15500")]),
      cache("one", { linkedServers: [{ id: `${cacheId("one")}/linkedServers/two` }] }),
      cache("two", { subnetId: subnetId("other", "web"), staticIp: "10.5.1.4" }),
    ],
  },
  blocked(
    "dependency-blocked",
    "Azure Monitor on its own port",
    rule(100, "Outbound", "Deny", "Tcp", "*", "AzureMonitor", "12000"),
    /12000 to AzureMonitor/,
  ),
  blocked(
    "dependency-blocked",
    "the internet",
    rule(100, "Outbound", "Deny", "*", "*", "Internet", "*"),
    /443/,
  ),
  blocked(
    "dependency-blocked",
    "some addresses of the internet",
    rule(100, "Outbound", "Deny", "Tcp", "*", "20.0.0.0/8", "443"),
    /in part/,
  ),
  blocked(
    "dependency-blocked",
    "one service of the internet",
    rule(100, "Outbound", "Deny", "Tcp", "*", "Storage.WestEurope", "443"),
    /in part/,
  ),
  blocked(
    "certificate-check-blocked",
    "port 80",
    rule(100, "Outbound", "Deny", "Tcp", "*", "Internet", "80"),
    /TCP 80 to internet/,
  ),
  blocked(
    "dns-blocked",
    "Azure's own DNS by its tag",
    rule(100, "Outbound", "Deny", "*", "*", "AzurePlatformDNS", "*"),
    /168\.63\.129\.16/,
  ),
  {
    id: "custom-dns-blocked",
    name: "the DNS server of the network",
    resources: [
      home({ nsg: "redis-nsg" }, { dhcpOptions: { dnsServers: ["10.0.2.5"] } }),
      nsg("redis-nsg", [rule(100, "Outbound", "Deny", "Udp", "*", "*", "53")]),
      cache("one"),
    ],
    says: /UDP 53 to DNS server 10\.0\.2\.5/,
  },
  {
    id: "storage-one-region",
    name: "a regional tag",
    resources: [
      home({ nsg: "redis-nsg" }),
      nsg("redis-nsg", [rule(100, "Outbound", "Allow", "Tcp", "*", "Storage.WestEurope", "443")]),
      cache("one"),
    ],
  },
  {
    id: "forced-tunnelling",
    name: "a learned default route",
    resources: [
      home({}, {}, [subnet("vnet", "GatewaySubnet", "10.0.255.0/27")]),
      learned("0.0.0.0/0"),
      cache("one"),
    ],
  },
  routed("forced-tunnelling", "a route of the user to the gateway", [["0.0.0.0/0", "VirtualNetworkGateway"]]),
  routed("no-way-out", "a route to nowhere", [["0.0.0.0/0", "None"]]),
  routed("firewall-on-the-way", "a route to a firewall", [["0.0.0.0/0", "VirtualAppliance", "10.0.9.4"]]),
  routed("route-astray", "the subnet of the clients dropped", [["10.0.2.0/24", "None"]]),
  routed("route-asymmetric", "the subnet of the clients by an appliance", [
    ["10.0.2.0/24", "VirtualAppliance", "10.0.9.4"],
  ]),
  routed(
    "route-too-broad",
    "longer prefixes learned",
    [["0.0.0.0/0", "Internet"]],
    [learned("0.0.0.0/0", "20.40.0.0/16")],
  ),
  routed(
    "microsoft-peering-leak",
    "many public prefixes learned",
    [["0.0.0.0/0", "Internet"]],
    [
      learned(
        "13.64.0.0/11",
        "20.33.0.0/16",
        "20.40.0.0/13",
        "40.74.0.0/15",
        "52.96.0.0/12",
        "104.40.0.0/13",
      ),
    ],
  ),
  {
    id: "not-joined",
    name: "a linked cache in a network that is not joined",
    resources: [
      home(),
      otherVnet({ virtualNetworkPeerings: [] }),
      cache("one", { linkedServers: [{ id: `${cacheId("one")}/linkedServers/two` }] }),
      cache("two", { subnetId: subnetId("other", "web"), staticIp: "10.5.1.4" }),
    ],
  },
  peered("peering-one-sided", "no peering back", {}, {}),
  peered(
    "peering-not-connected",
    "the other side is gone",
    { virtualNetworkPeerings: [peering("other", { peeringState: "Disconnected" })] },
    {},
  ),
  peered(
    "peering-no-access",
    "access off",
    { virtualNetworkPeerings: [peering("other", { allowVirtualNetworkAccess: false })] },
    {},
  ),
  peered(
    "peering-out-of-sync",
    "new prefixes there",
    { virtualNetworkPeerings: [peering("other", { peeringSyncLevel: "RemoteNotInSync" })] },
    {},
  ),
  peered("peering-global", "another region", toOther, { location: "eastus" }),
  peered(
    "peering-global-zoned",
    "another region, with zones",
    toOther,
    { location: "eastus" },
    { zones: ["1", "2"] },
  ),
];

/** Inbound or outbound, seen from the subnet or network interface that has the group. */
export type Direction = "Inbound" | "Outbound";

/** What a rule does. */
export type Access = "Allow" | "Deny";

/** A protocol of a flow. */
export type Protocol = "Tcp" | "Udp";

/** A rule of a network security group. Lists are what the singular and the plural field say together. */
export interface SecurityRule {
  readonly name: string;
  /** 100 to 4096; from 65000 on for the defaults. The lowest number decides. */
  readonly priority: number;
  readonly direction: Direction;
  readonly access: Access;
  /** `*`, `Tcp`, `Udp`, `Icmp`, `Esp` or `Ah`. */
  readonly protocol: string;
  /** Prefixes, addresses, service tags, `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly sourceAsgIds: readonly string[];
  readonly destinationAsgIds: readonly string[];
  readonly sourcePorts: readonly string[];
  readonly destinationPorts: readonly string[];
}

/** A network security group. */
export interface Nsg {
  readonly id: string;
  readonly name: string;
  /** The defaults included. */
  readonly rules: readonly SecurityRule[];
  readonly subnetIds: readonly string[];
  readonly nicIds: readonly string[];
}

function standard(
  name: string,
  direction: Direction,
  priority: number,
  access: Access,
  from: string,
  to: string,
): SecurityRule {
  return {
    name,
    priority,
    direction,
    access,
    protocol: "*",
    sources: [from],
    destinations: [to],
    sourceAsgIds: [],
    destinationAsgIds: [],
    sourcePorts: ["*"],
    destinationPorts: ["*"],
  };
}

/** The rules that every group has behind its own. */
export const defaultRules: readonly SecurityRule[] = [
  standard("AllowVnetInBound", "Inbound", 65_000, "Allow", "VirtualNetwork", "VirtualNetwork"),
  standard("AllowAzureLoadBalancerInBound", "Inbound", 65_001, "Allow", "AzureLoadBalancer", "*"),
  standard("DenyAllInBound", "Inbound", 65_500, "Deny", "*", "*"),
  standard("AllowVnetOutBound", "Outbound", 65_000, "Allow", "VirtualNetwork", "VirtualNetwork"),
  standard("AllowInternetOutBound", "Outbound", 65_001, "Allow", "*", "Internet"),
  standard("DenyAllOutBound", "Outbound", 65_500, "Deny", "*", "*"),
];

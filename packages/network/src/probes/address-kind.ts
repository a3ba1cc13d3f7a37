import ipaddr from "ipaddr.js";

/** Who can reach an address. `private` is RFC 1918, RFC 6598 and the unique local addresses of IPv6. */
export type AddressKind = "loopback" | "link-local" | "private" | "public";

/** Says who can reach an IP address; what is none counts as public. */
export function kindOfAddress(ip: string): AddressKind {
  if (!ipaddr.isValid(ip)) return "public";
  switch (ipaddr.process(ip).range()) {
    case "loopback":
    case "unspecified":
      return "loopback";
    case "linkLocal":
      return "link-local";
    case "private":
    case "carrierGradeNat":
    case "uniqueLocal":
      return "private";
    default:
      return "public";
  }
}

/** Whether two addresses are likely to be in one virtual network: the same /16, or the same /64 of IPv6. */
export function areNear(one: string, other: string): boolean {
  if (!ipaddr.isValid(one) || !ipaddr.isValid(other)) return false;
  const [first, second] = [ipaddr.process(one), ipaddr.process(other)];
  if (first instanceof ipaddr.IPv4 && second instanceof ipaddr.IPv4) return first.match(second, 16);
  if (first instanceof ipaddr.IPv6 && second instanceof ipaddr.IPv6) return first.match(second, 64);
  return false;
}

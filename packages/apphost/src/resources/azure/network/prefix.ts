import ipaddr from "ipaddr.js";

/** An IPv4 prefix as numbers. */
export interface PrefixRange {
  readonly first: number;
  readonly last: number;
  readonly length: number;
}

/** Reads `10.0.1.0/24`; `null` for anything else, also for a prefix with bits behind its length. */
export function readPrefix(text: string): PrefixRange | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(text) || !ipaddr.IPv4.isValidCIDR(text)) return null;
  const [address, length] = ipaddr.IPv4.parseCIDR(text);
  const first = address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - length);
  return first % size === 0 ? { first, last: first + size - 1, length } : null;
}

/** Whether two prefixes have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [readPrefix(one), readPrefix(other)];
  return a !== null && b !== null && a.first <= b.last && b.first <= a.last;
}

import ipaddr from "ipaddr.js";
import { IntervalSet } from "./intervals.ts";

/** Every IPv4 address, as numbers. */
export const everyAddress: IntervalSet = IntervalSet.of([0, 0xffff_ffff]);

/** An IPv4 prefix, for example `10.0.1.0/24`. */
export interface Prefix {
  /** First and last address, as numbers. */
  readonly first: number;
  readonly last: number;
  /** 0 to 32. */
  readonly length: number;
}

/**
 * Reads `10.0.1.0/24` or `10.0.1.7`. Bits behind the prefix do not matter: Azure cuts them off, too.
 *
 * @returns `"ipv6"` for an IPv6 address or prefix, which no IPv4 address is in; `null` for any other text
 */
export function parsePrefix(text: string): Prefix | "ipv6" | null {
  const trimmed = text.trim();
  const [address = "", length, ...more] = trimmed.split("/");
  if (more.length > 0) return null;
  if (ipaddr.IPv6.isValid(address)) return "ipv6";
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return null;
  if (length !== undefined && !/^(?:\d|[12]\d|3[012])$/.test(length)) return null;
  const bits = length === undefined ? 32 : Number(length);
  const size = 2 ** (32 - bits);
  const value = numberOf(address);
  const first = value - (value % size);
  return { first, last: first + size - 1, length: bits };
}

/** The addresses of a prefix; an IPv6 prefix has none that matter here. `null` for what is no prefix. */
export function prefixSet(text: string): IntervalSet | null {
  const prefix = parsePrefix(text);
  if (prefix === null) return null;
  return prefix === "ipv6" ? IntervalSet.empty : IntervalSet.of([prefix.first, prefix.last]);
}

/** The addresses of several prefixes; what is none adds nothing. */
export function prefixesSet(texts: readonly string[]): IntervalSet {
  return IntervalSet.union(texts.map((text) => prefixSet(text) ?? IntervalSet.empty));
}

/** Like {@link prefixesSet}, without the five addresses of each prefix that Azure keeps: the first four and the last. */
export function usableSet(texts: readonly string[]): IntervalSet {
  return IntervalSet.of(
    ...prefixesSet(texts)
      .intervals()
      .map(([first, last]) => [first + 4, last - 1] as const),
  );
}

function numberOf(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((value, octet) => value * 256 + octet, 0);
}

/** `167772161` is `10.0.0.1`. */
export function addressText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** A few intervals of addresses for a person: prefixes where they fit, else `first-last`; the rest is counted. */
export function addressesText(set: IntervalSet, most = 3): string {
  const intervals = set.intervals();
  const shown = intervals.slice(0, most).map(([first, last]) => {
    const size = last - first + 1;
    const length = 32 - Math.log2(size);
    if (size === 1) return addressText(first);
    return Number.isInteger(length) && first % size === 0
      ? `${addressText(first)}/${length}`
      : `${addressText(first)}-${addressText(last)}`;
  });
  const others = intervals.length - shown.length;
  return others === 0 ? shown.join(", ") : `${shown.join(", ")} and ${others} more`;
}

const privateSpaces = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Addresses that Azure drops by a system route unless a virtual network has them: RFC 1918 and RFC 6598. */
export const privateAddresses: IntervalSet = prefixesSet(privateSpaces);

/** The same as prefixes, for routes. */
export const privatePrefixes: readonly string[] = privateSpaces;

/** Addresses of the public internet: what is neither private, loopback, link-local, multicast nor reserved. */
export const publicAddresses: IntervalSet = everyAddress
  .without(privateAddresses)
  .without(prefixesSet(["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "224.0.0.0/3"]));

import type { Access, Protocol, SecurityRule } from "../../../src/model/rule.ts";

/** One packet. */
export interface Packet {
  readonly direction: SecurityRule["direction"];
  readonly protocol: Protocol;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
}

/** What the tags of a rule mean, as lists of prefixes. */
export type Tags = Readonly<Record<string, readonly string[]>>;

/**
 * Judges a packet the slow and plain way: rules sorted by priority, the first that matches decides. Shares no code with the judge:
 * addresses are compared as strings of bits.
 */
export function bruteForce(rules: readonly SecurityRule[], packet: Packet, tags: Tags): Access {
  let found: SecurityRule | undefined;
  for (const rule of rules) {
    if (rule.direction !== packet.direction) continue;
    if (rule.protocol !== "*" && rule.protocol !== packet.protocol) continue;
    if (!rule.sources.some((text) => isIn(packet.source, text, tags))) continue;
    if (!rule.destinations.some((text) => isIn(packet.destination, text, tags))) continue;
    if (!rule.sourcePorts.some((text) => hasPort(text, packet.sourcePort))) continue;
    if (!rule.destinationPorts.some((text) => hasPort(text, packet.port))) continue;
    if (found === undefined || rule.priority < found.priority) found = rule;
  }
  if (found === undefined) throw new Error("no rule matches");
  return found.access;
}

function hasPort(text: string, port: number): boolean {
  if (text === "*") return true;
  const [from, to] = text.split("-");
  return Number(from) <= port && port <= Number(to ?? from);
}

function isIn(address: string, text: string, tags: Tags): boolean {
  if (text === "*") return true;
  const prefixes = tags[text];
  if (prefixes !== undefined) return prefixes.some((prefix) => isIn(address, prefix, tags));
  const [base = "", length = "32"] = text.split("/");
  return bits(address).slice(0, Number(length)) === bits(base).slice(0, Number(length));
}

const known = new Map<string, string>();

function bits(address: string): string {
  const text =
    known.get(address) ??
    address
      .split(".")
      .map((octet) => Number(octet).toString(2).padStart(8, "0"))
      .join("");
  known.set(address, text);
  return text;
}

import { Buffer } from "node:buffer";
import { isIPv4, isIPv6 } from "node:net";
import type { ProxyEnd, ProxyHeader, ProxyReading } from "./header.ts";
import { unknownEnds } from "./header.ts";

/** How a header of version 1 begins. */
export const v1Prefix = Buffer.from("PROXY ");

/** The longest line that can be, its CRLF included. Source: proxy-protocol.txt §2.1. */
const longest = 107;

/** Reads a header of version 1: one line of text. */
export function readV1(bytes: Buffer): ProxyReading {
  const end = bytes.subarray(0, longest).indexOf("\r\n");
  if (end < 0)
    return bytes.length >= longest
      ? { state: "malformed", why: "a PROXY line that does not end within 107 bytes" }
      : { state: "more" };
  const words = bytes.toString("latin1", 0, end).split(" ");
  const header = words[1] === "UNKNOWN" ? unknownEnds : endsOf(words);
  if (header === null) return { state: "malformed", why: "a PROXY line that does not name two ends" };
  return { state: "read", header, bytes: end + 2 };
}

function endsOf([, family, from = "", to = "", ...ports]: string[]): ProxyHeader | null {
  const isAddress = family === "TCP4" ? isIPv4 : family === "TCP6" ? isIPv6 : () => false;
  const [fromPort = -1, toPort = -1] = ports.map(portOf);
  // A zone (`fe80::1%eth0`) means something on the proxy's machine only.
  const named = [from, to].every((address) => isAddress(address) && !address.includes("%"));
  if (!named || ports.length !== 2 || fromPort < 0 || toPort < 0) return null;
  return {
    source: { address: from, port: fromPort },
    destination: { address: to, port: toPort },
    authority: null,
  };
}

/** Decimal, no sign, no leading zero. */
function portOf(text: string): number {
  return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535 ? Number(text) : -1;
}

/** Writes a header of version 1. Ends of which one is unknown, or of different families, are `UNKNOWN`. */
export function writeV1(source: ProxyEnd | null, destination: ProxyEnd | null): Buffer {
  const family = familyOf(source, destination);
  if (family === null || source === null || destination === null) return Buffer.from("PROXY UNKNOWN\r\n");
  return Buffer.from(
    `PROXY TCP${family} ${source.address} ${destination.address} ${source.port} ${destination.port}\r\n`,
  );
}

/** The family that both ends share, or null. */
export function familyOf(source: ProxyEnd | null, destination: ProxyEnd | null): 4 | 6 | null {
  if (source === null || destination === null) return null;
  if (isIPv4(source.address) && isIPv4(destination.address)) return 4;
  return isIPv6(source.address) && isIPv6(destination.address) ? 6 : null;
}

import { readFileSync } from "node:fs";
import { isIP, isIPv6 } from "node:net";
import { ValueError } from "./value-error.ts";

/** A TCP endpoint or a Unix socket. */
export type Endpoint = { readonly host: string; readonly port: number } | { readonly path: string };

const forms =
  "Write a port, host:port, an IPv6 address and a port as :::6379 or ::1:6379, or the path of a Unix socket that begins with a slash.";

/** Reads the address of `accept`: without a host, or with `*`, all IPv4 addresses; port 0 for a free one. */
export function acceptAddress(text: string): Endpoint {
  return endpoint(text.replace(/^\*:/, ""), "0.0.0.0", 0);
}

/** Reads the address of `connect` or `redirect`: without a host, localhost. */
export function connectAddress(text: string): Endpoint {
  return endpoint(text, "localhost", 1);
}

/** Reads the address of `local`: a host without a port. */
export function localAddress(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new ValueError(
    "Failed to resolve local address",
    "Write an IP address of this machine: a name could mean several.",
  );
}

/** As it is written: `127.0.0.1:6379`, `:::6379`, or the path. */
export function endpointText(endpoint: Endpoint): string {
  return "path" in endpoint ? endpoint.path : `${endpoint.host}:${endpoint.port}`;
}

function endpoint(text: string, defaultHost: string, leastPort: number): Endpoint {
  if (text === "") throw new ValueError("No address given", forms);
  if (text.startsWith("/")) return { path: text };
  // The last colon, as in stunnel: what is before is the host, also `::` of an IPv6 address.
  const colon = text.lastIndexOf(":");
  const host = colon < 0 ? defaultHost : bare(text.slice(0, colon));
  if (!isHost(host)) throw new ValueError(`"${host}" is no host name or address`, forms);
  if (colon < 0 && !/^\d+$/.test(text) && servicePort(text) === null)
    throw new ValueError(`No port: "${text}" is a host without one, or an unknown TCP service`, forms);
  const port = portNumber(text.slice(colon + 1));
  if (port === null || port < leastPort || port > 65_535)
    throw new ValueError(
      `Unknown TCP service or port "${text.slice(colon + 1)}"`,
      `Ports go from 1 to 65535. ${forms}`,
    );
  return { host, port };
}

/** Not part of stunnel's grammar, and what everybody else writes. */
function bare(host: string): string {
  return host.startsWith("[") && host.endsWith("]") && isIPv6(host.slice(1, -1)) ? host.slice(1, -1) : host;
}

function isHost(host: string): boolean {
  return (
    isIP(host) !== 0 || (/^[\w-]+(?:\.[\w-]+)*\.?$/.test(host) && host.length <= 253 && !looksLikeIPv4(host))
  );
}

/** `10.0.0.300` is a slip, not a name. */
function looksLikeIPv4(host: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(host);
}

function portNumber(text: string): number | null {
  return /^\d{1,5}$/.test(text) ? Number(text) : servicePort(text);
}

/** The port of a service that the system knows by name. */
function servicePort(name: string): number | null {
  if (!/^[A-Za-z][\w-]*$/.test(name)) return null;
  let services: string;
  try {
    services = readFileSync("/etc/services", "utf8");
  } catch {
    return null;
  }
  for (const line of services.split("\n")) {
    const [first, port, ...aliases] = line.replace(/#.*/, "").trim().split(/\s+/);
    const [number, protocol] = port?.split("/") ?? [];
    if (protocol === "tcp" && (first === name || aliases.includes(name))) return Number(number);
  }
  return null;
}

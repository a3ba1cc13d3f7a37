import { isIP, isIPv6 } from "node:net";
import type { Endpoint } from "./target.ts";

/** An endpoint as a string names it: the port is `null` where the string names none. */
export interface NamedEndpoint {
  readonly host: string;
  readonly port: number | null;
  readonly path?: string;
}

const dnsName = /^(?!-)[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u;
const shortIPv4 = /^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,3}$/i;

/**
 * A host that can be dialled: a DNS name as written, or an address in its canonical form (`127.1` is `127.0.0.1`,
 * `[::1]` is `::1`). `null` for everything else.
 */
export function readHost(text: string): string | null {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (isIPv6(bare)) return canonicalIPv6(bare);
  if (shortIPv4.test(text)) return URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname : null;
  return text.length <= 255 && dnsName.test(text) ? text : null;
}

/** RFC 5952, with the dotted form for addresses that carry an IPv4 address, as .NET writes them. */
function canonicalIPv6(text: string): string {
  const [address = "", zone] = text.split("%", 2);
  const compact = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const carrier = /^::(ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(compact);
  const dotted = (group: string) => {
    const number = Number.parseInt(group, 16);
    return `${number >> 8}.${number & 255}`;
  };
  const canonical =
    carrier === null
      ? compact
      : `::${carrier[1] ?? ""}${dotted(carrier[2] ?? "")}.${dotted(carrier[3] ?? "")}`;
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}

/** What is wrong with a host that {@link readHost} refuses, without repeating it. */
export function describeBadHost(text: string): string {
  return /[<>{}$]/.test(text)
    ? "The host is a placeholder or a variable that nobody filled in"
    : "The host is not a DNS name or an address";
}

/** A port that can be dialled, 1 to 65535, blanks and a plus sign allowed as .NET does; `null` for everything else. */
export function readPort(text: string): number | null {
  if (!/^\s*\+?\d+\s*$/.test(text)) return null;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : null;
}

/** Whether a host is a DNS name: only names are verified as names and sent as SNI. */
export function isDnsName({ host, path }: Pick<Endpoint, "host" | "path">): boolean {
  return path === undefined && isIP(host) === 0;
}

/** The one DNS name that all endpoints with a name share, else `null` (the rule of StackExchange.Redis, letter case aside). */
export function sharedDnsName(endpoints: readonly Pick<Endpoint, "host" | "path">[]): string | null {
  const names = endpoints.filter(isDnsName).map(({ host }) => host);
  const [first] = names;
  if (first === undefined) return null;
  return names.every((name) => name.toLowerCase() === first.toLowerCase()) ? first : null;
}

/** `host:port` with brackets where the host is IPv6, or the path of the Unix socket. */
export function endpointText({ host, port, path }: NamedEndpoint): string {
  if (path !== undefined) return path;
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === null ? name : `${name}:${port}`;
}

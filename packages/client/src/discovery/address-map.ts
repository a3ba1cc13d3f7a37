import { isIPv6 } from "node:net";
import { readHost, readPort } from "../config/endpoint.ts";
import type { Endpoint } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";

/** Where to dial in place of an address that was announced. */
export interface NodeAddress {
  readonly host: string;
  /** Default: the port that was announced. */
  readonly port?: number;
  /** Name to verify in the certificate, when it is not the host. */
  readonly servername?: string;
}

/**
 * Addresses as servers announce them, and where they are reached from here (NAT, containers, names for certificates).
 *
 * As an object, the key is `host:port`, or a host for all its ports. A `*` in its host stands for any text, which takes the
 * place of a `*` in the host of the value, in order: `{ "172.18.0.*:6379": "redis-*.example.com:6380" }`. The first key
 * that fits is taken; without a port in the value the announced one stays. As a function, it gets `host:port`; undefined leaves the address as it is.
 */
export type AddressMap =
  | Readonly<Record<string, string | NodeAddress>>
  | ((address: string) => string | NodeAddress | undefined);

/** An announced address as it is dialled. */
export interface Reached {
  readonly endpoint: Endpoint;
  /** The name to verify that the map says, else null. */
  readonly servername: string | null;
}

/** `host:port`, with brackets round IPv6. */
export function addressOf({ host, port }: Pick<Endpoint, "host" | "port">): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Splits `host:port`, `host`, `[v6]:port`; null for everything else. The port is null where there is none. */
export function readAddress(text: string): { host: string; port: number | null } | null {
  const [, inBrackets, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = isIPv6(text) ? text : readHost(inBrackets ?? plain ?? "");
  const port = digits === undefined ? null : readPort(digits);
  return host === null || (digits !== undefined && port === null) ? null : { host, port };
}

/**
 * Where an announced address is reached.
 * @throws RedoubtError `CONFIG_INVALID_VALUE` when the map gives what cannot be dialled
 */
export function reach(announced: Endpoint, map: AddressMap | undefined): Reached {
  const address = addressOf(announced);
  const found = typeof map === "function" ? map(address) : lookUp(announced, map ?? {});
  if (found === undefined) return { endpoint: announced, servername: null };
  const said = typeof found === "string" ? readAddress(found) : found;
  const { host, port } = said ?? { host: "", port: null };
  if (readHost(host) === null || (port !== null && port !== undefined && readPort(String(port)) === null)) {
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `nodeAddressMap: for ${address} it gives no host and port that can be dialled`,
    );
  }
  const servername = typeof found === "string" ? null : (found.servername ?? null);
  return { endpoint: { host, port: port ?? announced.port }, servername };
}

function lookUp(
  announced: Endpoint,
  map: Readonly<Record<string, string | NodeAddress>>,
): string | NodeAddress | undefined {
  for (const [key, value] of Object.entries(map)) {
    const { host, port } = splitPattern(key);
    const stars = port === "" || port === String(announced.port) ? matchStars(host, announced.host) : null;
    if (stars === null) continue;
    return typeof value === "string" ? fill(value, stars) : { ...value, host: fill(value.host, stars) };
  }
  return undefined;
}

function splitPattern(key: string): { host: string; port: string } {
  if (isIPv6(key)) return { host: key, port: "" };
  const [, bracketed, plain, port = ""] = /^(?:\[([^\]]+)\]|(.*?))(?::(\d+))?$/.exec(key) ?? [];
  return { host: bracketed ?? plain ?? "", port };
}

/** What the stars of a pattern stand for in a text; null when it does not fit. */
function matchStars(pattern: string, text: string): string[] | null {
  const literal = pattern.split("*").map((part) => part.replace(/[.[\]()+?^$|{}\\]/g, "\\$&"));
  return new RegExp(`^${literal.join("(.*)")}$`, "i").exec(text)?.slice(1) ?? null;
}

function fill(text: string, stars: readonly string[]): string {
  let next = 0;
  return text.replace(/\*/g, () => stars[next++] ?? "");
}

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { endpointText } from "../config/endpoint.ts";
import type { Endpoint } from "../config/target.ts";
import { type ErrorCode, RedoubtError } from "../errors.ts";

/** One way to reach an endpoint: an IP address and port, or a Unix socket. */
export interface Address {
  readonly ip: string;
  readonly port: number;
  /** As it was written: a leading `@` means Linux's abstract namespace. */
  readonly path?: string;
}

/** An address in the words of `net.connect` and `tls.connect`. */
export function socketAddress({
  ip,
  port,
  path,
}: Address): { path: string } | { host: string; port: number } {
  if (path === undefined) return { host: ip, port };
  return { path: path.startsWith("@") ? `\0${path.slice(1)}` : path };
}

/** `10.0.0.4:6380`, `[::1]:6380`, or the path. */
export function addressText({ ip, port, path }: Address): string {
  return endpointText({ host: ip, port, ...(path !== undefined && { path }) });
}

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: "DNS_NOT_FOUND",
  ENODATA: "DNS_NOT_FOUND",
  EAI_NODATA: "DNS_NOT_FOUND",
  EAI_NONAME: "DNS_NOT_FOUND",
  EAI_AGAIN: "DNS_UNAVAILABLE",
};

/**
 * All addresses of an endpoint in the order in which they are to be tried: the resolver's first choice first, then the
 * families in turn (RFC 8305 section 4).
 * @throws RedoubtError `DNS_NOT_FOUND`, `DNS_UNAVAILABLE`, `DNS_FAILED`
 */
export async function resolveEndpoint(endpoint: Endpoint): Promise<Address[]> {
  const { host, port, path } = endpoint;
  if (path !== undefined) return [{ ip: "", port: 0, path }];
  if (isIP(host) !== 0) return [{ ip: host, port }];
  try {
    const found = await lookup(host, { all: true, order: "verbatim" });
    const first = found.filter(({ family }) => family === found[0]?.family);
    const second = found.filter(({ family }) => family !== found[0]?.family);
    const order = first
      .flatMap((address, i) => [address, ...second.slice(i, i + 1)])
      .concat(second.slice(first.length));
    return order.map(({ address }) => ({ ip: address, port }));
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    const said =
      code === "EAI_AGAIN"
        ? "no DNS server answered"
        : code === "ENOTFOUND"
          ? "the name does not exist"
          : code === "EINVAL"
            ? "no name can be so: it is too long, or not what xn-- announces"
            : code || "unknown reason";
    throw new RedoubtError(codes[code] ?? "DNS_FAILED", `${host} could not be resolved: ${said}`, {
      address: endpointText(endpoint),
      cause,
    });
  }
}

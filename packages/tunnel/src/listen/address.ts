import { isIP, isIPv6, type ListenOptions } from "node:net";
import { RedoubtError } from "@redoubt/client";

/** Where connections are accepted: an address and a port (0 for a free one), or a Unix socket. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * Reads `6379`, `127.0.0.1:6379`, `[::1]:6379`, `:::6379` (all IPv6), `*:6379` (everything), `localhost:6379`,
 * `unix:/run/redis.sock` or `/run/redis.sock`. A port alone means loopback, `127.0.0.1`.
 * @throws RedoubtError `CONFIG_INVALID_VALUE`
 */
export function parseListenAddress(text: string): ListenAddress {
  const path = text.startsWith("unix:") ? text.slice(5) : text.startsWith("/") ? text : null;
  if (path !== null && path !== "") return { path };
  const { host = "", port = "" } = /^(?:(?<host>.*):)?(?<port>\d{1,5})$/.exec(text)?.groups ?? {};
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  if (port === "" || Number(port) > 65_535 || !isHost(bare))
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${JSON.stringify(text)} is no address to listen on`, {
      hint: "Write a port, host:port, [IPv6]:port, or unix:/path/of/the/socket; ports go from 0 to 65535.",
    });
  return { host: bare === "" ? "127.0.0.1" : bare === "*" ? "::" : bare, port: Number(port) };
}

function isHost(host: string): boolean {
  return host === "" || host === "*" || isIP(host) !== 0 || /^[\w-]+(?:\.[\w-]+)*\.?$/.test(host);
}

/** `127.0.0.1:6379`, `[::1]:6379`, or the path. */
export function listenText(address: ListenAddress): string {
  if ("path" in address) return address.path;
  return isIPv6(address.host) ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Whether only programs of this machine can come in by that address. */
export function isLocal(address: ListenAddress): boolean {
  if ("path" in address) return true;
  const { host } = address;
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/**
 * Holds a listener to loopback unless it was said otherwise.
 * @throws RedoubtError `CONFIG_EXPOSED`
 */
export function refuseExposed(address: ListenAddress, exposed: boolean): void {
  if (exposed || isLocal(address)) return;
  throw new RedoubtError(
    "CONFIG_EXPOSED",
    `Listening on ${listenText(address)} lets other machines in, and that was not asked for`,
  );
}

/** In the words of `net.Server.listen`; a leading `@` of a path means Linux's abstract namespace. */
export function listenOptions(address: ListenAddress, backlog: number): ListenOptions {
  if ("path" in address)
    return { path: address.path.startsWith("@") ? `\0${address.path.slice(1)}` : address.path, backlog };
  return { host: address.host, port: address.port, backlog };
}

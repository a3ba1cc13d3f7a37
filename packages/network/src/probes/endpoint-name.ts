import { isIPv6 } from "node:net";
import type { Endpoint } from "@redoubt/client";

/** `cache.example.com:6380`, `[::1]:6380`, or the path of a Unix socket. */
export function endpointName({ host, port, path }: Endpoint): string {
  if (path !== undefined) return path;
  return hostAndPort(host, port);
}

/** `10.0.0.4:6380`, `[::1]:6380` */
export function hostAndPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

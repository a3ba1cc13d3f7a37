import type { Endpoint } from "@redoubt/client/config";

/** `127.0.0.1:6379`, `[::1]:6379`, or the path of a socket. */
export function placeText({ host, port, path }: Endpoint): string {
  if (path !== undefined) return path;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What the prompt shows of a session. */
export interface Situation {
  readonly endpoint: Endpoint;
  readonly isOpen: boolean;
  readonly database: number;
  readonly inMulti: boolean;
  readonly isSubscribed: boolean;
}

/** redis-cli's prompt: `host:port[db](TX)> `. */
export function promptText({ endpoint, isOpen, database, inMulti, isSubscribed }: Situation): string {
  if (!isOpen) return "not connected> ";
  const place = endpoint.path === undefined ? placeText(endpoint) : `redis ${endpoint.path}`;
  const selected = database === 0 ? "" : `[${database}]`;
  return `${place}${selected}${inMulti ? "(TX)" : ""}${isSubscribed ? "(subscribed mode)" : ""}> `;
}

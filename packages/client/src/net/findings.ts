import type { Endpoint } from "../config/target.ts";
import type { LoggedIn, Session } from "./handshake.ts";
import type { TlsReport } from "./report.ts";
import type { Address } from "./resolve.ts";

// What each stage found, in one line for people.

/** `cache.example is 10.0.0.4, 10.0.0.5` */
export function dnsFinding(endpoint: Endpoint, addresses: readonly Address[]): string {
  if (endpoint.path !== undefined) return "a Unix socket: no name to resolve";
  if (addresses.length === 1 && addresses[0]?.ip === endpoint.host) return "an address: no name to resolve";
  return `${endpoint.host} is ${addresses.map(({ ip }) => ip).join(", ")}`;
}

const verifications: Readonly<Record<TlsReport["verification"], (name: string) => string>> = {
  full: (name) => `certificate verified for ${name}`,
  ca: () => "chain verified, name not",
  callback: () => "certificate accepted by callback",
  none: () => "certificate NOT verified",
};

/** `TLSv1.3 TLS_AES_256_GCM_SHA384, certificate verified for cache.example` */
export function tlsFinding({ protocol, cipher, resumed, verification, verifiedName }: TlsReport): string {
  return `${protocol} ${cipher}${resumed ? ", session resumed" : ""}, ${verifications[verification](verifiedName)}`;
}

/** `user default, RESP3, redis 7.0.15 master` */
export function loginFinding(
  { username, password }: Session,
  { protocol, server }: Pick<LoggedIn, "protocol" | "server">,
): string {
  const who = password === null ? "no credentials" : `user ${username ?? "default"}`;
  const product = server.version === null ? [] : [server.product ?? "redis", server.version, server.role];
  return [who, `RESP${protocol}`, product.filter(Boolean).join(" ")].filter(Boolean).join(", ");
}

import type { TargetDescription } from "@redoubt/client";
import { inert } from "./output.ts";

/** A target in one line: where to, with or without TLS, as whom. */
export function summary(target: TargetDescription): string {
  const parts = [
    endpointsText(target),
    target.tls.enabled ? "TLS" : "plain text",
    target.username === null ? null : `user ${target.username}`,
    target.database === null ? null : `database ${target.database}`,
    target.sentinel === null ? null : `sentinels of ${target.sentinel.masterName}`,
    target.provider,
  ];
  return inert(parts.filter((part) => part !== null).join(", "));
}

/** A target as rows for people; what the string does not say is left out, where its default needs no word. */
export function descriptionRows(target: TargetDescription): (readonly [label: string, text: string])[] {
  const { tls, timeouts, sentinel } = target;
  const rows: [string, string | number | null][] = [
    ["dialect", target.dialect],
    [target.endpoints.length > 1 ? "endpoints" : "endpoint", endpointsText(target)],
    ["tls", tls.enabled ? tlsText(tls) : "off: plain text"],
    ["verified", tls.enabled ? verifiedText(tls) : null],
    ["user", target.username ?? "the server's default user"],
    ["password", target.password ?? "none"],
    ["database", target.database],
    ["client name", target.clientName],
    ["sentinel", sentinel === null ? null : `primary ${sentinel.masterName}`],
    ["connect", timeouts.connectMs === null ? null : `within ${timeouts.connectMs} ms`],
    ["command", timeouts.commandMs === null ? null : `within ${timeouts.commandMs} ms`],
    ["provider", target.provider],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [[label, String(value)] as const]));
}

function endpointsText({ endpoints }: TargetDescription): string {
  return endpoints.map(({ host, port }) => addressText(host, port)).join(", ");
}

function addressText(host: string, port: number): string {
  // Port 0 is a Unix socket, whose host is its path.
  if (port === 0) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function tlsText({ minVersion, maxVersion }: TargetDescription["tls"]): string {
  return `on, from ${minVersion ?? "TLSv1.2"} to ${maxVersion ?? "the newest"}`;
}

function verifiedText({ verify, servername }: TargetDescription["tls"]): string {
  if (verify === "none") return "nothing";
  if (verify === "ca") return "the certificate's chain, not its name";
  return `the certificate's chain and name (${servername ?? "each endpoint's own"})`;
}

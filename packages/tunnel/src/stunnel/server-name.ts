import { isIP } from "node:net";
import type { serviceOptions } from "./options/service-options.ts";
import type { Settings } from "./settings.ts";
import type { Endpoint } from "./values/address.ts";

/**
 * The name that a client section asks for: that of `sni`, none where it is empty, otherwise the host of the first `connect`.
 * An address is never sent: RFC 6066 §3 forbids it. stunnel sends it.
 */
export function serviceName(
  settings: Settings<typeof serviceOptions>,
  connect: readonly Endpoint[],
): string | null {
  const said = settings.last("sni")?.value;
  const [first] = connect;
  const name = said ?? (first !== undefined && "host" in first ? first.host : "");
  return name === "" || isIP(name) !== 0 ? null : name;
}

/** Whether a name is one of a pattern of `sni`: the name itself, or `*` and the end of it. */
export function matchesPattern(name: string, pattern: string): boolean {
  const folded = name.toLowerCase();
  return pattern.startsWith("*") ? folded.endsWith(pattern.slice(1)) : folded === pattern;
}

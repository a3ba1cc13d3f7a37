import type { Endpoint, Target } from "../config/target.ts";
import { resolvePolicy, type TlsPolicy } from "../tls/policy.ts";
import type { DialOptions } from "./dial-options.ts";
import { dnsFinding } from "./findings.ts";
import { type Address, resolveEndpoint } from "./resolve.ts";
import type { Stages } from "./stages.ts";

/** Where an attempt leads, and how it is secured there. */
export interface Destination {
  /** Null: plain text. */
  readonly policy: TlsPolicy | null;
  /** In the order in which they are tried. */
  readonly addresses: readonly Address[];
}

/**
 * What every attempt begins with: the TLS settings, so that a wrong one is found before anything is opened, then the name.
 * @throws RedoubtError of the families `CONFIG_`, `DNS_`, `TIMEOUT_`
 */
export async function findDestination(
  stages: Stages,
  target: Target,
  endpoint: Endpoint,
  tls: DialOptions["tls"] = {},
): Promise<Destination> {
  const policy = target.tls.enabled
    ? await stages.prepare(() => resolvePolicy(target.tls, tls, endpoint.host))
    : null;
  const addresses = await stages.run(
    "dns",
    () => resolveEndpoint(endpoint),
    (found) => dnsFinding(endpoint, found),
  );
  return { policy, addresses };
}

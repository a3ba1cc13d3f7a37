import { isIP } from "node:net";
import type { Endpoint } from "../config/target.ts";

/** Vendors whose nodes all show the certificate of the one name that clients are given, and announce themselves by IP. */
const underOneName: ReadonlySet<string> = new Set(["azure-cache", "azure-managed-redis"]);

/** What is known of a node when it is dialled. */
export interface NodeIdentity {
  /** Where it is dialled. */
  readonly endpoint: Endpoint;
  /** The name that the address map says, else null. */
  readonly mapped: string | null;
  /** The host name that the cluster announces for it, else null. */
  readonly hostname: string | null;
  /** The name under which the seed was verified. */
  readonly seed: string;
  /** Vendor profile, see `Target.provider`. */
  readonly provider: string | null;
}

/**
 * Which names a node may prove by its certificate, best first: the map's ► the announced host name ► the host that is
 * dialled ► the seed's. For a bare IP of a vendor whose nodes share one name, the seed's comes before the IP.
 *
 * That the seed's name is enough weakens nothing: who holds its certificate could stand in for the seed, and so for
 * everything that the seed announces.
 */
export function verifiableNames({
  endpoint,
  mapped,
  hostname,
  seed,
  provider,
}: NodeIdentity): readonly string[] {
  if (mapped !== null) return [mapped];
  const { host } = endpoint;
  const sharesName = isIP(host) !== 0 && provider !== null && underOneName.has(provider);
  const names = sharesName ? [hostname, seed, host] : [hostname, host, seed];
  return [...new Set(names.filter((name) => name !== null))];
}

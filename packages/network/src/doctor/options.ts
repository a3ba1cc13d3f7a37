import type { CredentialsProvider } from "@redoubt/client/credentials";
import type { TlsOptions } from "@redoubt/client/tls";

/** How {@link doctor} examines. */
export interface DoctorOptions {
  /** DNS servers to ask besides those of the system: `10.0.0.4`, `10.0.0.4:5353`, `[::1]:53`. */
  readonly resolvers?: readonly string[];
  /** Each probe gets this long, ms. Default 2000. The dial has the deadline of the target. */
  readonly timeout?: number;
  /** All stages of a dial together, ms. Default: what the target says, else 5000. */
  readonly connectTimeout?: number;
  /** TLS settings besides those of the target. Verification cannot be switched off: credentials go to verified peers only. */
  readonly tls?: Omit<TlsOptions, "dangerouslySkipVerification">;
  /** Who logs in, where it is not the target's user. */
  readonly credentials?: CredentialsProvider;
  /** How long latency is measured, ms; 0: not at all. Default 1000. */
  readonly latency?: number;
  /** For how long connections stay silent to find out when they are cut, ms; 0: it is not measured. Default 0. */
  readonly idle?: number;
  /**
   * Whether the services are dialled that a cache inside a virtual network of Azure depends on. Meant for a machine whose
   * subnet has the rules and routes of the cache's. Default false.
   */
  readonly dependencies?: boolean;
  /** Writes a key of its own, reads it back and deletes it. Default false. */
  readonly setGet?: boolean;
  /** Whether ports around are dialled and all TLS versions tried although nothing is wrong. Default false. */
  readonly thorough?: boolean;
  /** Where the system's DNS servers are listed. Default `/etc/resolv.conf`. */
  readonly resolverFile?: string;
  /** Ends the examination. */
  readonly signal?: AbortSignal;
  /** Told what is looked at, for people. */
  readonly onProgress?: (what: string) => void;
}

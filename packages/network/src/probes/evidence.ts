import type { Target } from "@redoubt/client";
import type { Finding, Provider, TlsVersion } from "@redoubt/client/config";
import type { Dialling } from "./dialling.ts";
import type { Handshake } from "./handshake.ts";
import type { IdleCut } from "./idle-cut.ts";
import type { Latency } from "./latency.ts";
import type { Naming } from "./naming.ts";
import type { NodeReach } from "./node-reach.ts";
import type { Reach } from "./reach.ts";
import type { SentinelFacts } from "./sentinel-facts.ts";
import type { ServerFacts } from "./server-facts.ts";
import type { TokenClaims } from "./token.ts";
import type { WayOut } from "./way-out.ts";
import type { WebProbe } from "./web-probe.ts";

/** TLS of one endpoint, looked at closely. */
export interface TlsEvidence {
  /** As the dial does it. */
  readonly handshake: Handshake;
  /** The same without a name (SNI); `null` where it was not tried. */
  readonly nameless: Handshake | null;
  /** Which versions the server takes; `null` where that cannot be told. Empty where it was not tried. */
  readonly versions: Readonly<Partial<Record<TlsVersion, boolean | null>>>;
  /** Lists and responders that the certificates name. */
  readonly revocation: readonly WebProbe[];
}

/** All that is known of one endpoint. */
export interface EndpointEvidence {
  readonly dialling: Dialling;
  /** `null` for an address, and for a Unix socket. */
  readonly naming: Naming | null;
  /** Every address that anybody gave for it. */
  readonly reach: readonly Reach[];
  /** `null` without TLS, or where no address can be reached. */
  readonly tls: TlsEvidence | null;
  /** `null` where it is no Sentinel, or cannot be asked. */
  readonly sentinel: SentinelFacts | null;
}

/** All that was seen: what checks look at. */
export interface Evidence {
  readonly target: Target;
  readonly provider: Provider | null;
  /** ms since 1970 */
  readonly now: number;
  /** Weak points of the connection string. */
  readonly lint: readonly Finding[];
  readonly endpoints: readonly EndpointEvidence[];
  /** What the password says, where it is a token. */
  readonly token: TokenClaims | null;
  /** The first server that can be asked; `null` for none. */
  readonly server: ServerFacts | null;
  /** Nodes that a cluster announces, or the master and replicas that Sentinels announce. */
  readonly nodes: readonly NodeReach[];
  readonly latency: Latency | null;
  readonly idleCut: IdleCut | null;
  /** `null` where it was not looked at. */
  readonly waysOut: readonly WayOut[] | null;
}

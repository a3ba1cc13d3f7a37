/** One end of a connection, as a PROXY header names it. */
export interface ProxyEnd {
  /** IP address in its usual spelling. */
  readonly address: string;
  readonly port: number;
}

/**
 * What a PROXY header says: between whom the connection was before the proxy. Both ends are null where the proxy speaks
 * for itself (`LOCAL`, a health check) or knows no addresses (`UNKNOWN`, Unix sockets).
 * Source: HAProxy's proxy-protocol.txt, versions 1 and 2.
 */
export interface ProxyHeader {
  readonly source: ProxyEnd | null;
  readonly destination: ProxyEnd | null;
  /** The name that the client asked the proxy for (SNI); null in version 1, and where it was not passed on. */
  readonly authority: string | null;
}

/** How far the reading of a header has come. */
export type ProxyReading =
  /** All bytes so far fit; more are needed. */
  | { readonly state: "more" }
  /** A header of so many bytes. What follows it is the client's. */
  | { readonly state: "read"; readonly header: ProxyHeader; readonly bytes: number }
  /** No PROXY header, and why. */
  | { readonly state: "malformed"; readonly why: string };

/** Nothing said about both ends. */
export const unknownEnds: ProxyHeader = { source: null, destination: null, authority: null };

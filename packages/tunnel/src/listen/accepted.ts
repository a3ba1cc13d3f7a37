import type { Socket } from "node:net";
import type { Peer, SocketEnd } from "./peer.ts";

/** What TLS showed of a client. */
export interface ClientTls {
  /** The name that it asked for (SNI), in lower case; null when it named none. */
  readonly servername: string | null;
  /** For example `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** Whether an earlier session was resumed. */
  readonly resumed: boolean;
  /** The client's certificate, verified against the CA of the listener; null where it showed none. */
  readonly certificate: ClientIdentity | null;
}

/** Whom a client certificate is about. */
export interface ClientIdentity {
  readonly commonName: string | null;
  /** DNS names, addresses, URIs and mail addresses of its subjectAltName, each with its kind: `DNS:app.example`. */
  readonly alternativeNames: readonly string[];
}

/** A connection that has passed limits, PROXY protocol, handshake and first byte. Nothing was read of what comes after. */
export interface Accepted {
  /** Counts the connections of a listener, from 1. */
  readonly id: number;
  /** Not read by anybody: it flows when somebody does. Half-open ends are allowed. A `TLSSocket` where the listener speaks TLS. */
  readonly socket: Socket;
  readonly peer: Peer;
  /** The address that the client connected to: the proxy's, where PROXY protocol says so. */
  readonly local: SocketEnd;
  readonly tls: ClientTls | null;
}

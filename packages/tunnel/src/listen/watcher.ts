import type { ClientTls } from "./accepted.ts";
import type { Refusal } from "./admission.ts";
import type { Peer } from "./peer.ts";
import type { HandshakeFailure, ReloadReport } from "./secure.ts";

/** Why a connection was closed before it was handed over. */
export type RefusedReason =
  | Refusal
  | HandshakeFailure["reason"]
  | "malformed-proxy-header"
  /** The client comes from where none may come from. */
  | "address-not-allowed"
  /** Redis in plain text on a TLS port. */
  | "plain-text"
  /** TLS on a plain port. */
  | "tls";

/** Hears what a listener does besides handing over connections. */
export interface ListenerWatcher {
  /** A connection was closed before it was handed over. `detail` may be empty; it holds no secret. */
  refused?(peer: Peer, reason: RefusedReason, detail: string): void;
  /** A handshake has succeeded; how long it took, ms. */
  secured?(duration: number, tls: ClientTls): void;
  /** Certificates were read again, or could not be. */
  reloaded?(report: ReloadReport): void;
  /** The system could not accept a connection, for example because no descriptor was left. */
  acceptFailed?(error: Error): void;
}

import type { Buffer } from "node:buffer";
import type { X509Certificate } from "node:crypto";

/** What the full handshake showed. A resumed one shows no certificate: it proves that the peer is the same as then. */
export interface PeerEvidence {
  readonly certificate: X509Certificate;
  /** What OpenSSL found wrong with the chain, or null. */
  readonly chainError: string | null;
}

/** A session that can be resumed, with what is known of the peer. */
export interface KeptSession extends PeerEvidence {
  readonly session: Buffer;
}

const kept = 256;
const sessions = new Map<string, KeptSession>();

/** The session to resume with a peer under a policy (see `TlsPolicy.sessionKey`), if there is one. */
export function recallSession(key: string): KeptSession | undefined {
  return sessions.get(key);
}

/** Keeps the newest session; the one stored longest ago gives way. Only call it once the peer has been accepted. */
export function keepSession(key: string, session: KeptSession): void {
  sessions.delete(key);
  if (sessions.size >= kept) sessions.delete(sessions.keys().next().value as string);
  sessions.set(key, session);
}

/** Forgets a session that was of no use. */
export function dropSession(key: string): void {
  sessions.delete(key);
}

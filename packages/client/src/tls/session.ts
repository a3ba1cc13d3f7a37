import type { Buffer } from "node:buffer";

const kept = 256;
const sessions = new Map<string, Buffer>();

/** The session to resume with a peer under a policy (see `TlsPolicy.sessionKey`), if there is one. */
export function recallSession(key: string): Buffer | undefined {
  return sessions.get(key);
}

/** Keeps the newest session; the least recently stored ones give way. Only call it once the peer has been verified. */
export function keepSession(key: string, session: Buffer): void {
  sessions.delete(key);
  if (sessions.size >= kept) sessions.delete(sessions.keys().next().value as string);
  sessions.set(key, session);
}

/** Forgets a session that was of no use. */
export function dropSession(key: string): void {
  sessions.delete(key);
}

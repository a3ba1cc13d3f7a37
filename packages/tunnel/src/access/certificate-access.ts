import type { ClientIdentity } from "../listen/accepted.ts";
import { matchesName } from "../listen/name-pattern.ts";

/**
 * Whether a client certificate is one of those that are let in. Its chain was verified before; this is about whose it is.
 *
 * A row is a name, `*` for any part between dots. Alone (`app-*`, `*.clients.example`) it means the common name or a DNS
 * name; with its kind in front (`CN:app`, `DNS:app.example`, `URI:spiffe://prod/app`, `IP:10.0.0.4`, `email:a@b.example`)
 * only that.
 * @param allowed empty: whoever has a certificate that the CA issued
 */
export function allowsCertificate(allowed: readonly string[], identity: ClientIdentity | null): boolean {
  if (allowed.length === 0) return true;
  if (identity === null) return false;
  const { commonName, alternativeNames } = identity;
  const common = commonName === null ? [] : [`CN:${commonName}`];
  const names = [...common, ...alternativeNames];
  return allowed.some((row) => {
    const patterns = kinds.test(row) ? [row] : [`CN:${row}`, `DNS:${row}`];
    return patterns.some((pattern) => names.some((name) => matchesName(pattern, name)));
  });
}

const kinds = /^(?:CN|DNS|URI|IP|email):/i;

/** The name by which logs call a client. */
export function nameOfClient(identity: ClientIdentity | null): string | null {
  return identity === null ? null : (identity.commonName ?? identity.alternativeNames[0] ?? null);
}

import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { Logger } from "./log.ts";
import type { Verification } from "./service.ts";

/**
 * Decides about the peer's certificate, by the rules of the manual, and logs what it found in stunnel's words.
 * @param trusted the certificates of `CAfile` and `CApath`
 * @returns whether it is accepted
 */
export function acceptsPeer(
  socket: TLSSocket,
  verification: Verification,
  trusted: readonly X509Certificate[],
  log: Logger,
): boolean {
  const { chain, peer } = verification;
  if (!chain && !peer) {
    log(6, "Certificate verification disabled");
    return true;
  }
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    if (!verification.required) {
      log(6, "No peer certificate received");
      return true;
    }
    log(3, "peer did not return a certificate");
    return false;
  }
  // Node keeps what was found of the session that is resumed; only good sessions are kept.
  const subject = oneLine(certificate.subject);
  const refuse = (what: string): false => {
    log(4, `CERT: ${what}`);
    log(4, `Rejected by CERT at depth=0: ${subject}`);
    return false;
  };
  if (chain && !socket.authorized) return refuse(`Pre-verification error: ${chainError(socket)}`);
  if (!chain && !inForce(certificate))
    return refuse("Pre-verification error: certificate has expired or is not yet valid");
  const unmatched = checkSubject(certificate, verification, log);
  if (unmatched !== null) return refuse(unmatched);
  if (peer) {
    if (!trusted.some((known) => isSame(known, certificate)))
      return refuse("Certificate not found in local repository");
    log(6, "CERT: Locally installed certificate matched");
  }
  log(5, `Certificate accepted at depth=0: ${subject}`);
  return true;
}

/** OpenSSL's own words, which are what is searched for; Node gives the names of its constants. */
const said: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "certificate has expired",
  CERT_NOT_YET_VALID: "certificate is not yet valid",
  CERT_REVOKED: "certificate revoked",
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "self-signed certificate in certificate chain",
  UNABLE_TO_GET_CRL: "unable to get certificate CRL",
  UNABLE_TO_GET_ISSUER_CERT: "unable to get issuer certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unable to get local issuer certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unable to verify the first certificate",
};

function chainError({ authorizationError }: TLSSocket): string {
  const code = String(authorizationError ?? "unknown error");
  return said[code] ?? code;
}

/** One match is enough, of whatever kind. */
function checkSubject(certificate: X509Certificate, wanted: Verification, log: Logger): string | null {
  const { hosts, addresses, emails } = wanted;
  if (hosts.length + addresses.length + emails.length === 0) {
    log(6, "CERT: No subject checks configured");
    return null;
  }
  const host = hosts.find((name) => certificate.checkHost(name, { partialWildcards: false }) !== undefined);
  if (host !== undefined) {
    log(6, `CERT: Host name "${host}" matched`);
    return null;
  }
  const address = addresses.find((each) => certificate.checkIP(each) !== undefined);
  if (address !== undefined) {
    log(6, `CERT: IP address "${address}" matched`);
    return null;
  }
  const email = emails.find((each) => certificate.checkEmail(each) !== undefined);
  if (email !== undefined) {
    log(6, `CERT: Email address "${email}" matched`);
    return null;
  }
  return "Subject checks failed";
}

/** stunnel compares subject and public key: a certificate that was renewed with its old key goes on being trusted. */
function isSame(known: X509Certificate, shown: X509Certificate): boolean {
  return known.subject === shown.subject && known.publicKey.equals(shown.publicKey);
}

function inForce({ validFrom, validTo }: X509Certificate): boolean {
  const now = Date.now();
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

/** Node writes the parts of a name in lines. */
function oneLine(name: string | undefined): string {
  return (name ?? "").trim().split("\n").join(", ");
}

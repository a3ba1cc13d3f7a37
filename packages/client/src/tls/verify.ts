import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { domainToASCII } from "node:url";
import { type ErrorCode, RedoubtError } from "../errors.ts";
import { factsOf, namesOf, oneLine, pinOf } from "./certificate.ts";
import type { CertificateValidation, ValidationRequest } from "./options.ts";
import type { TlsPolicy } from "./policy.ts";
import type { PeerEvidence } from "./session.ts";

/** What OpenSSL says of a chain, and our code for it. Source: OpenSSL 3 `x509_vfy.h`, spelled by Node's `crypto_common.cc`. */
const chainCodes: Readonly<Record<string, ErrorCode>> = {
  CERT_HAS_EXPIRED: "TLS_EXPIRED",
  CERT_NOT_YET_VALID: "TLS_NOT_YET_VALID",
  DEPTH_ZERO_SELF_SIGNED_CERT: "TLS_SELF_SIGNED",
  SELF_SIGNED_CERT_IN_CHAIN: "TLS_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT: "TLS_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "TLS_UNTRUSTED",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "TLS_UNTRUSTED",
  CERT_UNTRUSTED: "TLS_UNTRUSTED",
  CERT_REVOKED: "TLS_REVOKED",
};

/**
 * Decides whether the peer may be spoken to. It is called after the handshake and before the first byte of a command;
 * the socket is opened with `rejectUnauthorized: false` so that chain *and* name can be judged together, therefore
 * everything that is not found good here is refused.
 * @param resumed what the full handshake of the session that was offered had shown
 * @returns what the peer has shown
 * @throws RedoubtError of the family `TLS_`
 */
export async function verifyPeer(
  socket: TLSSocket,
  resumed: PeerEvidence | null,
  policy: TlsPolicy,
  address: string,
): Promise<PeerEvidence> {
  const evidence = socket.isSessionReused() ? resumed : shownBy(socket);
  if (evidence === null)
    throw new RedoubtError("TLS_FAILED", "The server showed no certificate", { address });
  const { certificate } = evidence;
  const chainError = evidence.chainError ?? (socket.isSessionReused() ? expiredSince(certificate) : null);
  const nameError = nameMismatch(policy.name, certificate);

  if (policy.certificateValidation !== null) {
    await askCallback(policy.certificateValidation, {
      host: policy.name,
      address,
      certificate,
      chain: [...factsOf(certificate).chain],
      errors: { notAvailable: false, nameMismatch: nameError !== null, chainErrors: chainError !== null },
      chainError,
      nameError,
    });
  } else {
    if (policy.verification !== "none" && chainError !== null)
      throw chainFailure(chainError, certificate, nameError, policy.name, address);
    if (policy.verification === "full" && nameError !== null) {
      throw new RedoubtError("TLS_NAME_MISMATCH", `The certificate is ${nameError}`, { address });
    }
  }
  if (policy.pins.length > 0 && !policy.pins.includes(pinOf(certificate))) {
    throw new RedoubtError(
      "TLS_PIN_MISMATCH",
      `The public key of ${policy.name} has the pin ${pinOf(certificate)}, which is none of the ${policy.pins.length} given`,
      { address },
    );
  }
  return evidence;
}

/** Only `true` accepts. */
async function askCallback(validate: CertificateValidation, request: ValidationRequest): Promise<void> {
  const { host, address, chainError, nameError } = request;
  const found = chainError ?? (nameError === null ? "nothing wrong with it" : "its name does not match");
  let accepted: boolean;
  try {
    accepted = await validate(request);
  } catch (cause) {
    throw new RedoubtError(
      "TLS_REJECTED_BY_CALLBACK",
      `certificateValidation failed on the certificate of ${host} (${found})`,
      { address, cause, hint: "Your certificateValidation callback threw; look at the cause." },
    );
  }
  if (accepted === true) return;
  throw new RedoubtError(
    "TLS_REJECTED_BY_CALLBACK",
    `certificateValidation refused the certificate of ${host} (${found})`,
    { address },
  );
}

function shownBy(socket: TLSSocket): PeerEvidence | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  return {
    certificate,
    chainError: socket.authorized ? null : String(socket.authorizationError ?? "CERT_UNTRUSTED"),
  };
}

/** A resumed session was verified when it was made; a certificate of its chain may have expired since. */
function expiredSince(certificate: X509Certificate): string | null {
  return factsOf(certificate).chainValidTo < Date.now() ? "CERT_HAS_EXPIRED" : null;
}

/** Checks a DNS name or an IP address (RFC 6125, RFC 2818), by OpenSSL's own rules. */
function nameMismatch(name: string, certificate: X509Certificate): string | null {
  const found =
    isIP(name) === 0
      ? // RFC 6125 section 6.4.3: `*.example` is a name, `red*.example` need not be.
        certificate.checkHost(domainToASCII(name) || name, { partialWildcards: false })
      : certificate.checkIP(name);
  return found === undefined
    ? `not for ${name}, but for ${namesOf(certificate).join(", ") || "nobody"}`
    : null;
}

function chainFailure(
  found: string,
  certificate: X509Certificate,
  nameError: string | null,
  name: string,
  address: string,
): RedoubtError {
  const { chain } = factsOf(certificate);
  const said: Readonly<Record<string, string>> = {
    TLS_EXPIRED: `expired on ${isoDate(certificate.validTo)}`,
    TLS_NOT_YET_VALID: `is valid from ${isoDate(certificate.validFrom)} on only`,
    TLS_SELF_SIGNED: "is signed by itself and not trusted here",
    TLS_UNTRUSTED: `was issued by ${oneLine((chain.at(-1) as X509Certificate).issuer)}, which is not trusted here`,
    TLS_ISSUER_UNKNOWN: `was issued by ${oneLine(certificate.issuer)}, whose certificate was not sent and is not known here`,
    TLS_REVOKED: "was revoked",
  };
  const known = chainCodes[found] ?? "TLS_CHAIN_INVALID";
  const code = known === "TLS_UNTRUSTED" && chain.length === 1 ? "TLS_ISSUER_UNKNOWN" : known;
  const alsoName = nameError === null ? "" : `, and it is ${nameError}`;
  return new RedoubtError(
    code,
    `The certificate of ${name} ${said[code] ?? `has a broken chain (${found})`}${alsoName}`,
    {
      address,
      cause: Object.assign(new Error(found), { code: found }),
    },
  );
}

function isoDate(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}

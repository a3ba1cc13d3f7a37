import { createHash, type X509Certificate } from "node:crypto";
import { isIP, SocketAddress } from "node:net";

/** What is told of a certificate, and asked of it at every connection. */
export interface CertificateFacts {
  /** Distinguished names in one line. */
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and addresses of the subjectAltName; the common name when there is none. */
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  /** SHA-256 of its SubjectPublicKeyInfo in base64. */
  readonly pin: string;
  /** The certificate and its issuers, as far as OpenSSL could build the chain. */
  readonly chain: readonly X509Certificate[];
  /** When the first of the chain expires, ms since 1970. */
  readonly chainValidTo: number;
}

/** A resumed session shows the certificate of its full handshake again: what is known of that need not be found out twice. */
const known = new WeakMap<X509Certificate, CertificateFacts>();

/** All that is told of a certificate. */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  const facts = known.get(certificate) ?? read(certificate);
  known.set(certificate, facts);
  return facts;
}

function read(certificate: X509Certificate): CertificateFacts {
  const chain = chainOf(certificate);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesIn(certificate),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    pin: createHash("sha256")
      .update(certificate.publicKey.export({ type: "spki", format: "der" }))
      .digest("base64"),
    chain,
    chainValidTo: Math.min(...chain.map(({ validTo }) => Date.parse(validTo))),
  };
}

/** SHA-256 of a certificate's SubjectPublicKeyInfo in base64. */
export function pinOf(certificate: X509Certificate): string {
  return factsOf(certificate).pin;
}

/** DNS names and addresses of the subjectAltName; the common name when there is none. */
export function namesOf(certificate: X509Certificate): string[] {
  return [...factsOf(certificate).names];
}

function chainOf(certificate: X509Certificate): X509Certificate[] {
  const chain = [certificate];
  for (
    let next = certificate.issuerCertificate;
    next !== undefined && chain.length < 16;
    next = next.issuerCertificate
  ) {
    if (chain.some((link) => link.fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}

function namesIn(certificate: X509Certificate): string[] {
  const names = (certificate.subjectAltName ?? "")
    .split(", ")
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? [])
    .map((name) => (isIP(name) === 6 ? new SocketAddress({ address: name, family: "ipv6" }).address : name));
  if (names.length > 0) return names;
  const common = /^CN=(.+)$/m.exec(certificate.subject)?.[1];
  return common === undefined ? [] : [common];
}

/** A distinguished name, which Node gives line by line, in one line. */
export function oneLine(name: string): string {
  return name.trim().split("\n").join(", ");
}

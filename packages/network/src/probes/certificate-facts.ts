import type { X509Certificate } from "node:crypto";
import { namesOf } from "@redoubt/client/tls";

/** What is told of a certificate. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly fingerprint: string;
  /** Where lists of revoked certificates lie. */
  readonly crlUrls: readonly string[];
  /** Who answers whether it is revoked. */
  readonly ocspUrls: readonly string[];
  /** Where the certificate of its issuer lies. */
  readonly issuerUrls: readonly string[];
}

/** Reads a certificate. */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesOf(certificate),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    fingerprint: certificate.fingerprint256,
    crlUrls: crlUrls(certificate.raw),
    ocspUrls: accessUrls(certificate, "OCSP"),
    issuerUrls: accessUrls(certificate, "CA Issuers"),
  };
}

/** The chain as far as OpenSSL could put it together, leaf first. */
export function chainOf(leaf: X509Certificate): CertificateFacts[] {
  const chain: X509Certificate[] = [];
  for (
    let next: X509Certificate | undefined = leaf;
    next !== undefined && chain.length < 10;
    next = next.issuerCertificate
  ) {
    const { fingerprint256 } = next;
    if (chain.some((link) => link.fingerprint256 === fingerprint256)) break;
    chain.push(next);
  }
  return chain.map(factsOf);
}

function oneLine(name: string): string {
  return name.trim().split("\n").join(", ");
}

function accessUrls({ infoAccess }: X509Certificate, kind: string): string[] {
  return (infoAccess ?? "").split("\n").flatMap((line) => {
    const [name, url] = line.split(" - URI:");
    return name === kind && url !== undefined ? [url.replace(/^"|"$/g, "")] : [];
  });
}

/** id-ce-cRLDistributionPoints, 2.5.29.31 (RFC 5280 section 4.2.1.13), with the tag and length of an OID. */
const distributionPoints = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x1f]);
/** Context tag of a uniformResourceIdentifier among general names. */
const uriTag = 0x86;

/** Node does not tell distribution points. Below their OID stands one octet string; URIs in it have a tag of their own. */
function crlUrls(der: Buffer): string[] {
  const at = der.indexOf(distributionPoints);
  if (at < 0) return [];
  const [start, length] = lengthAt(der, at + distributionPoints.length + 1);
  const value = der.subarray(start, start + length);
  const urls: string[] = [];
  for (let index = 0; index < value.length; index++) {
    if (value[index] !== uriTag) continue;
    const [from, size] = lengthAt(value, index + 1);
    const text = value.subarray(from, from + size).toString("latin1");
    if (/^(?:https?|ldaps?):\/\//.test(text)) urls.push(text);
  }
  return [...new Set(urls)];
}

/** @returns where the contents begin and how long they are (X.690 section 8.1.3) */
function lengthAt(der: Buffer, at: number): [start: number, length: number] {
  const first = der[at] ?? 0;
  if (first < 0x80) return [at + 1, first];
  const bytes = Math.min(first & 0x7f, 4);
  return [at + 1 + bytes, at + 1 + bytes <= der.length ? der.readUIntBE(at + 1, bytes) : 0];
}

import { X509Certificate } from "node:crypto";

/**
 * A certificate with its private key, both as PEM. Printing it or turning it into JSON never shows the key.
 */
export class IssuedCertificate {
  /** What a server or client presents: the leaf, then the intermediates that it serves (PEM). */
  readonly certificate: string;
  readonly #key: string;

  constructor(certificate: string, key: string) {
    this.certificate = certificate;
    this.#key = key;
  }

  /** The private key (PEM, PKCS#8, not encrypted). */
  get key(): string {
    return this.#key;
  }

  /** The leaf as Node reads it: names, dates, fingerprints. */
  get x509(): X509Certificate {
    return new X509Certificate(this.certificate);
  }
}

import { IssuedCertificate } from "./issued.ts";

/** A certificate that also lies on disk, as programs want it. The files go away with the server that made them. */
export class StoredCertificate extends IssuedCertificate {
  /** Path of the PEM file with the certificate and the intermediates that come along. */
  readonly certFile: string;
  /** Path of the PEM file with the private key (0600). */
  readonly keyFile: string;

  constructor(issued: IssuedCertificate, certFile: string, keyFile: string) {
    super(issued.certificate, issued.key);
    this.certFile = certFile;
    this.keyFile = keyFile;
  }

  /** Both paths. */
  get files(): { certFile: string; keyFile: string } {
    return { certFile: this.certFile, keyFile: this.keyFile };
  }
}

import { existsSync } from "node:fs";
import * as tls from "node:tls";
import type { TlsSettings } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { certificatesIn, readCertificates } from "./material.ts";
import type { TlsOptions } from "./options.ts";

/** Where distributions keep the CA bundle, for Node versions that cannot ask the system. Source: Go's crypto/x509 root_linux.go and root_bsd.go list the same places. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * The CA certificates to trust, or `null` for Node's own list.
 * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`
 */
export async function authorities(settings: TlsSettings, options: TlsOptions): Promise<string[] | null> {
  if (options.ca !== undefined) {
    const given = [options.ca].flat();
    if (given.length === 0)
      throw new RedoubtError("CONFIG_KEY_MATERIAL", "tls.ca is an empty list: no server could be trusted");
    return given.flatMap((pem) => certificatesIn(pem, "tls.ca"));
  }
  const file = options.caFile ?? settings.caFile;
  if (file === null) return null;
  return file === "system" ? systemCertificates() : readCertificates(file, "sslrootcert");
}

/**
 * The certificates that the operating system trusts, with those of `NODE_EXTRA_CA_CERTS`. As with OpenSSL and Go,
 * `SSL_CERT_FILE` names another bundle than the system's.
 */
async function systemCertificates(): Promise<string[]> {
  const { NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: chosen } = process.env;
  const added = extra ? await readCertificates(extra, "NODE_EXTRA_CA_CERTS") : [];
  // Node asks the system once and remembers; SSL_CERT_FILE counts at every connect.
  const ask = (tls as { getCACertificates?: (type: string) => string[] }).getCACertificates;
  if (!chosen && ask !== undefined) return [...ask("system"), ...added];
  const bundle = chosen || bundles.find((path) => existsSync(path));
  if (bundle === undefined) {
    throw new RedoubtError(
      "CONFIG_FILE",
      "sslrootcert=system: this Node cannot read the store of this operating system",
      { hint: "Use Node 22.15 or newer, or name a PEM file of CA certificates." },
    );
  }
  return [...(await readCertificates(bundle, chosen ? "SSL_CERT_FILE" : "sslrootcert=system")), ...added];
}

import { Buffer } from "node:buffer";
import { constants, createHash, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { RedoubtError } from "@redoubt/client";
import { namesOf } from "@redoubt/client/tls";
import { rowForName } from "./name-pattern.ts";
import type { ListenTls, ServedCertificate } from "./tls-options.ts";

/** A certificate ready to be shown. */
export interface LoadedCertificate {
  readonly names: readonly string[];
  readonly context: SecureContext;
  readonly options: SecureContextOptions;
  /** When it expires. */
  readonly expires: Date;
}

/** Certificates of a listener, all read at one moment. */
export class CertificateSet {
  readonly certificates: readonly LoadedCertificate[];

  constructor(certificates: readonly LoadedCertificate[]) {
    this.certificates = certificates;
  }

  /** The one that is shown to clients without a name. */
  get first(): LoadedCertificate {
    return this.certificates[0] as LoadedCertificate;
  }

  /** The one for a name, or null. */
  forName(name: string): LoadedCertificate | null {
    return rowForName(this.certificates, name) ?? null;
  }
}

/** All files that a listener's TLS is made of. */
export function filesOf(tls: ListenTls): string[] {
  const served = tls.certificates.flatMap(({ certFile, keyFile, chainFile }) => [
    certFile,
    keyFile,
    chainFile,
  ]);
  return [...served, tls.clientCaFile, tls.clientCrlFile].filter((file) => file !== undefined);
}

/** What tells whether any of the files was replaced; a file that is not there counts as a state, too. */
export async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    const found = await stat(file, { bigint: true }).catch(() => null);
    return found === null ? "absent" : `${found.mtimeNs}:${found.ctimeNs}:${found.size}:${found.ino}`;
  });
  return (await Promise.all(stamps)).join("|");
}

/**
 * Reads and checks everything: each key must belong to its certificate.
 * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`, `CONFIG_INVALID_VALUE`, `CONFIG_MISSING`
 */
export async function loadCertificates(tls: ListenTls, sessionIdContext: string): Promise<CertificateSet> {
  if (tls.certificates.length === 0)
    throw new RedoubtError("CONFIG_MISSING", "A TLS listener needs a certificate and its key");
  const wantsClients = tls.clientCertificates !== undefined && tls.clientCertificates !== "no";
  if (wantsClients && tls.clientCaFile === undefined)
    throw new RedoubtError(
      "CONFIG_MISSING",
      "Client certificates are asked for, and no CA says which are right",
      {
        hint: "Name the PEM file of the CAs that issue client certificates.",
      },
    );
  const ca = tls.clientCaFile === undefined ? null : await authorities(tls.clientCaFile);
  const crl = tls.clientCrlFile === undefined ? null : await read(tls.clientCrlFile);
  const lifetime = tls.sessionLifetime ?? 300_000;
  const shared: SecureContextOptions = {
    minVersion: tls.minVersion ?? "TLSv1.2",
    ...(tls.maxVersion !== undefined && { maxVersion: tls.maxVersion }),
    ...(tls.ciphers !== undefined && { ciphers: tls.ciphers }),
    ...(ca !== null && { ca }),
    ...(crl !== null && { crl }),
    honorCipherOrder: true,
    sessionIdContext,
    ...(lifetime === 0
      ? { secureOptions: constants.SSL_OP_NO_TICKET }
      : { sessionTimeout: Math.max(1, Math.ceil(lifetime / 1000)) }),
    ...(tls.ticketKeys !== undefined && { ticketKeys: ticketKeys(tls.ticketKeys, ca, crl) }),
  };
  return new CertificateSet(await Promise.all(tls.certificates.map((served) => load(served, shared))));
}

/** Sessions of clients that were judged by another CA or list of revoked certificates are not to be resumed. */
function ticketKeys(given: Uint8Array, ca: Buffer | null, crl: Buffer | null): Buffer {
  const hash = createHash("sha512").update(given);
  for (const judge of [ca, crl]) hash.update(`|${judge?.length ?? "none"}|`).update(judge ?? "");
  return hash.digest().subarray(0, 48);
}

async function load(served: ServedCertificate, shared: SecureContextOptions): Promise<LoadedCertificate> {
  const { certFile, keyFile = certFile, chainFile, passphrase } = served;
  const [leaf, key, chain] = await Promise.all([
    read(certFile),
    read(keyFile),
    chainFile === undefined ? null : read(chainFile),
  ]);
  const cert = chain === null ? leaf : Buffer.concat([leaf, Buffer.from("\n"), chain]);
  const x509 = certificateIn(leaf, certFile);
  const options = { ...shared, cert, key, ...(passphrase !== undefined && { passphrase }) };
  let context: SecureContext;
  try {
    context = createSecureContext(options);
  } catch (cause) {
    throw contextError(cause as Error & { reason?: string }, certFile, keyFile);
  }
  return { names: served.names ?? namesOf(x509), context, options, expires: new Date(x509.validTo) };
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    throw new RedoubtError("CONFIG_FILE", `The file ${path} ${reason}`, { cause });
  }
}

async function authorities(path: string): Promise<Buffer> {
  const content = await read(path);
  // OpenSSL would take rubbish for an empty list, and trust nobody without a word.
  certificateIn(content, path);
  return content;
}

function certificateIn(content: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(content);
  } catch (cause) {
    throw new RedoubtError(
      "CONFIG_KEY_MATERIAL",
      `The file ${path} holds no certificate; PEM begins with -----BEGIN CERTIFICATE-----`,
      { cause },
    );
  }
}

function contextError(cause: Error & { reason?: string }, certFile: string, keyFile: string): RedoubtError {
  const reason = cause.reason ?? cause.message;
  if (/no cipher match/i.test(reason))
    return new RedoubtError("CONFIG_INVALID_VALUE", "ciphers: the list has no cipher that OpenSSL knows", {
      cause,
    });
  const why = /mismatch/i.test(reason)
    ? `${certFile} and ${keyFile} do not belong together`
    : /bad decrypt|mac verify|bad password|interrupted or cancelled/i.test(reason)
      ? `the passphrase of ${keyFile} is missing or wrong`
      : `${certFile} or ${keyFile} cannot be read (${reason})`;
  return new RedoubtError("CONFIG_KEY_MATERIAL", `The certificate of the listener: ${why}`, { cause });
}

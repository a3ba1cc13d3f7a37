import type { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { ErrorCode, RedoubtError } from "@redoubt/client";
import { problemOf } from "./place.ts";
import type { Service } from "./service.ts";

/** What a section needs for TLS, its files read. */
export interface Material {
  readonly context: SecureContext;
  /** What the context was made of. */
  readonly options: SecureContextOptions;
  /** The trusted certificates. */
  readonly trusted: readonly X509Certificate[];
}

/**
 * Reads the files of a section and makes its context.
 * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`, `CONFIG_INVALID_VALUE`
 */
export function loadMaterial(service: Service): Material {
  const trusted = trustedCertificates(service);
  const options: SecureContextOptions = {
    ...ownCertificate(service),
    // Without a list of its own, Node would trust its own.
    ca: trusted.map((certificate) => certificate.toString()),
    ...revocations(service),
    minVersion: service.tls.minVersion,
    maxVersion: service.tls.maxVersion,
    ciphers: service.tls.ciphers,
    ecdhCurve: service.tls.curves,
    secureOptions: service.tls.secureOptions,
    sessionTimeout: service.tls.sessionLife,
    ...(!service.client && { sessionIdContext: service.name.slice(0, 32) }),
  };
  try {
    return { context: createSecureContext(options), options, trusted };
  } catch (error) {
    throw contextProblem(service, error as Error & { readonly code?: string; readonly reason?: string });
  }
}

function ownCertificate(service: Service): Pick<SecureContextOptions, "cert" | "key" | "pfx" | "passphrase"> {
  const { cert, key } = service.files;
  if (cert === null) return {};
  const content = read(service, "cert", cert);
  // PKCS#12 is DER, which begins with a SEQUENCE; PEM is text.
  if (content[0] === 0x30) return { pfx: content, passphrase: "" };
  const pem = key === null || key === cert ? content : read(service, "key", key);
  if (!content.includes("-----BEGIN"))
    throw wrong(
      service,
      "CONFIG_KEY_MATERIAL",
      `${cert} of cert holds no certificate`,
      "Give a PEM or PKCS#12 file.",
    );
  if (!pem.includes("PRIVATE KEY-----"))
    throw wrong(
      service,
      "CONFIG_KEY_MATERIAL",
      `${key ?? cert} of ${key === cert ? "cert" : "key"} holds no private key`,
      "Name the file with the private key: key = FILE.",
    );
  return { cert: content, key: pem };
}

function trustedCertificates(service: Service): X509Certificate[] {
  const { ca, caDirectory } = service.files;
  const { chain, peer } = service.verification;
  if (!chain && !peer) return [];
  const found: X509Certificate[] = [];
  if (ca !== null) found.push(...certificatesIn(service, ca, read(service, "CAfile", ca)));
  if (caDirectory !== null)
    for (const file of hashed(service, "CApath", caDirectory, /^[0-9a-f]{8}\.\d+$/))
      found.push(...certificatesIn(service, file, read(service, "CApath", file)));
  if (found.length > 0) return found;
  const directory = caDirectory ?? "DIRECTORY";
  throw wrong(
    service,
    "CONFIG_KEY_MATERIAL",
    "No trusted certificates found",
    ca === null
      ? `Files of CApath must be named by the hash of their subject: run openssl rehash ${directory}`
      : `Put PEM certificates into ${ca}.`,
  );
}

function certificatesIn(service: Service, file: string, content: Buffer): X509Certificate[] {
  const blocks = content
    .toString("latin1")
    .match(
      /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g,
    );
  try {
    return (blocks ?? []).map((block) => new X509Certificate(block));
  } catch {
    throw wrong(
      service,
      "CONFIG_KEY_MATERIAL",
      `A certificate in ${file} cannot be read`,
      "Export it again, as PEM.",
    );
  }
}

function revocations(service: Service): Pick<SecureContextOptions, "crl"> {
  const { crl, crlDirectory } = service.files;
  const files = crl === null ? [] : [crl];
  if (crlDirectory !== null) files.push(...hashed(service, "CRLpath", crlDirectory, /^[0-9a-f]{8}\.r\d+$/));
  const lists = files.flatMap((file) => {
    const blocks = read(service, "CRLfile", file)
      .toString("latin1")
      .match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g);
    if (blocks !== null) return blocks;
    throw wrong(
      service,
      "CONFIG_KEY_MATERIAL",
      `Failed to load ${file} revocation lookup file`,
      "Give PEM files.",
    );
  });
  return lists.length === 0 ? {} : { crl: lists };
}

/** Files with names of hashes, as OpenSSL looks for them. */
function hashed(service: Service, option: string, directory: string, form: RegExp): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => form.test(name))
      .sort()
      .map((name) => join(directory, name));
  } catch {
    throw wrong(
      service,
      "CONFIG_FILE",
      `${option}: the directory ${directory} cannot be read`,
      "Name a directory that this user may read.",
    );
  }
}

function read(service: Service, option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    const hint = "Check the path of the file and that this user may read it.";
    throw wrong(service, "CONFIG_FILE", `${option}: the file ${file} ${why}`, hint);
  }
}

function contextProblem(
  service: Service,
  error: Error & { readonly code?: string; readonly reason?: string },
): RedoubtError {
  const reason = error.reason ?? error.message;
  const invalid = (what: string, hint: string): RedoubtError =>
    wrong(service, "CONFIG_INVALID_VALUE", what, hint);
  const material = (what: string, hint: string): RedoubtError =>
    wrong(service, "CONFIG_KEY_MATERIAL", what, hint);
  const { cert, key } = service.files;
  if (/no cipher match/i.test(reason))
    return invalid(
      "ciphers or ciphersuites name no cipher that OpenSSL knows",
      "Try the list with: openssl ciphers -v LIST",
    );
  if (/curve|ECDH|group/i.test(reason))
    return invalid(
      "Invalid curves",
      "Name curves that OpenSSL knows, with colons between them: X25519:P-256.",
    );
  if (/mismatch/i.test(reason))
    return material(
      `Private key ${key} does not match the certificate ${cert}`,
      "Name the key that the certificate was issued for.",
    );
  if (/bad decrypt|mac verify|password|ENCRYPTED|interrupted or cancelled/i.test(reason))
    return material(
      `The key in ${key} is encrypted`,
      `Decrypt it once: openssl pkey -in ${key} -out KEYFILE, and keep that file to yourself.`,
    );
  if (/too small|too weak/i.test(reason))
    return material(
      `The certificate in ${cert} is too weak for securityLevel (${reason})`,
      "Get a stronger certificate, RSA from 2048 bits on, or lower securityLevel.",
    );
  return material(
    `The certificate in ${cert} cannot be used (${reason})`,
    "Give PEM or PKCS#12 files that openssl x509 and openssl pkey can read.",
  );
}

function wrong(service: Service, code: ErrorCode, what: string, hint: string): RedoubtError {
  return problemOf(service, code, what, hint);
}

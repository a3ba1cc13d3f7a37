import { createHash } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { TlsSettings, TlsVersion } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { certificatesIn, readMaterial, systemCertificates } from "./material.ts";
import {
  type CertificateValidation,
  type ClientCertificate,
  type TlsOptions,
  tlsDefaults,
} from "./options.ts";

/** Everything that one TLS connection needs to know, files read and callbacks chosen. */
export interface TlsPolicy {
  /** Name to verify and to send as SNI. DNS name or IP address. */
  readonly name: string;
  readonly verification: "full" | "ca" | "none";
  readonly pins: readonly string[];
  readonly certificateValidation: CertificateValidation | null;
  readonly secureContext: SecureContext;
  /** Tells peers, identities and policies apart in the session cache; null when sessions are not resumed. */
  readonly sessionKey: string | null;
  /** Whether a client certificate is sent when the server asks. */
  readonly hasClientCertificate: boolean;
}

/**
 * Makes the policy for one endpoint. Options given in code win over the connection string, and the process-wide
 * {@link tlsDefaults} come last.
 * @param host the endpoint's host, verified when no other name was said
 * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`, `CONFIG_INVALID_VALUE`
 */
export async function resolvePolicy(
  settings: TlsSettings,
  options: TlsOptions,
  host: string,
): Promise<TlsPolicy> {
  const name = options.servername ?? settings.servername ?? host;
  const minVersion: TlsVersion = options.minVersion ?? settings.minVersion ?? "TLSv1.2";
  const maxVersion = options.maxVersion ?? settings.maxVersion ?? undefined;
  if (maxVersion !== undefined && maxVersion < minVersion) {
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `TLS versions: the minimum ${minVersion} is above the maximum ${maxVersion}`,
    );
  }
  const identity = await clientCertificate(settings, options, name);
  const ca = await authorities(settings, options);
  const ciphers = options.ciphers ?? settings.ciphers ?? undefined;
  const contextOptions: SecureContextOptions = {
    ...identity,
    ...(ca !== null && { ca }),
    minVersion,
    ...(maxVersion !== undefined && { maxVersion }),
    // OpenSSL 3 signs nothing below TLS 1.2 at its normal security level; these versions were asked for by name.
    ...(minVersion < "TLSv1.2"
      ? { ciphers: `${ciphers ?? "DEFAULT"}@SECLEVEL=0` }
      : ciphers !== undefined && { ciphers }),
  };
  const contextKey = fingerprint(contextOptions);
  const verification = options.dangerouslySkipVerification ? "none" : (options.verify ?? settings.verify);
  const pins = (options.pins ?? settings.pins).map(normalisePin);
  const policyKey = createHash("sha256")
    .update(JSON.stringify([contextKey, verification, pins]))
    .digest("base64");
  return {
    name,
    verification,
    pins,
    certificateValidation: options.certificateValidation ?? tlsDefaults.certificateValidation ?? null,
    secureContext: sharedContext(contextKey, contextOptions),
    sessionKey: options.resume === false ? null : `${name}|${policyKey}`,
    hasClientCertificate: identity.cert !== undefined || identity.pfx !== undefined,
  };
}

async function authorities(settings: TlsSettings, options: TlsOptions): Promise<string[] | null> {
  if (options.ca !== undefined) {
    const list: readonly (string | Buffer)[] = Array.isArray(options.ca)
      ? options.ca
      : [options.ca as string | Buffer];
    return list.flatMap((pem) => certificatesIn(pem, "tls.ca"));
  }
  const file = options.caFile ?? settings.caFile;
  if (file === null) return null;
  if (file === "system") return systemCertificates();
  return certificatesIn(await readMaterial(file, "sslrootcert"), `sslrootcert: the file ${file}`);
}

async function clientCertificate(
  settings: TlsSettings,
  options: TlsOptions,
  host: string,
): Promise<ClientCertificate> {
  const configured = await configuredCertificate(settings, options);
  const select = options.certificateSelection ?? tlsDefaults.certificateSelection;
  if (select === undefined) return configured;
  const localCertificates = Object.keys(configured).length === 0 ? [] : [configured];
  return (await select({ host, localCertificates, remoteCertificate: null, acceptableIssuers: [] })) ?? {};
}

async function configuredCertificate(settings: TlsSettings, options: TlsOptions): Promise<ClientCertificate> {
  const pfxFile = options.pfxFile ?? settings.pfxFile;
  const certFile = options.certFile ?? settings.certFile;
  const keyFile = options.keyFile ?? settings.keyFile;
  const pfx = options.pfx ?? (pfxFile === null ? undefined : await readMaterial(pfxFile, "sslpfx"));
  const cert = options.cert ?? (certFile === null ? undefined : await readMaterial(certFile, "sslcert"));
  // libpq's habit: a file that holds both certificate and key need only be named once.
  const key =
    options.key ??
    (keyFile !== null
      ? await readMaterial(keyFile, "sslkey")
      : cert?.includes("PRIVATE KEY")
        ? cert
        : undefined);
  const passphrase = options.passphrase ?? settings.passphrase?.reveal();
  if (cert !== undefined && key === undefined) {
    throw new RedoubtError(
      "CONFIG_KEY_MATERIAL",
      "sslcert names a certificate, and there is no key for it: give sslkey too",
    );
  }
  if (key !== undefined && cert === undefined) {
    throw new RedoubtError(
      "CONFIG_KEY_MATERIAL",
      "sslkey names a key, and there is no certificate for it: give sslcert too",
    );
  }
  return {
    ...(pfx !== undefined && { pfx }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  };
}

/** Contexts are dear to make (all CA certificates are parsed), and connections with the same one share sessions. */
const contexts = new Map<string, SecureContext>();
const keptContexts = 32;

function sharedContext(key: string, options: SecureContextOptions): SecureContext {
  const known = contexts.get(key);
  if (known !== undefined) return known;
  let made: SecureContext;
  try {
    made = createSecureContext(options);
  } catch (cause) {
    throw keyMaterialError(cause as NodeJS.ErrnoException & { reason?: string });
  }
  if (contexts.size >= keptContexts) contexts.delete(contexts.keys().next().value as string);
  contexts.set(key, made);
  return made;
}

function keyMaterialError(cause: NodeJS.ErrnoException & { reason?: string }): RedoubtError {
  const reason = cause.reason ?? cause.message;
  const said = /key values mismatch/.test(reason)
    ? "certificate and key do not belong together"
    : /bad decrypt|mac verify|bad password|interrupted or cancelled|decrypt/i.test(reason)
      ? "the passphrase is missing or wrong"
      : /cipher/i.test(reason)
        ? "the cipher list has no cipher that OpenSSL knows"
        : `the client certificate or key cannot be read (${reason})`;
  return new RedoubtError("CONFIG_KEY_MATERIAL", `TLS settings: ${said}`, { cause });
}

function fingerprint(options: SecureContextOptions): string {
  const hash = createHash("sha256");
  for (const [key, value] of Object.entries(options)) {
    hash.update(`${key}\0`);
    for (const part of Array.isArray(value) ? value : [value])
      hash.update(part as string | Buffer).update("\0");
  }
  return hash.digest("base64");
}

function normalisePin(pin: string): string {
  const bare = pin.replace(/^sha256(?:\/|\/\/)/, "");
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(bare)) {
    throw new RedoubtError("CONFIG_INVALID_VALUE", "A pin is not the base64 of a SHA-256 (44 characters)");
  }
  return bare.endsWith("=") ? bare : `${bare}=`;
}

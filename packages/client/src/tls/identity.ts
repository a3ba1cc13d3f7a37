import type { Buffer } from "node:buffer";
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { TlsSettings } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { readMaterial } from "./material.ts";
import { type ClientCertificate, type TlsOptions, tlsDefaults } from "./options.ts";

/**
 * The client certificate for a connection: the configured one, or the one that the `certificateSelection` callback gives.
 * @param host the name that will be verified
 * @returns no members where there is none
 * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`
 */
export async function clientCertificate(
  settings: TlsSettings,
  options: TlsOptions,
  host: string,
): Promise<ClientCertificate> {
  const configured = await configuredCertificate(settings, options);
  const select = options.certificateSelection ?? tlsDefaults.certificateSelection;
  if (select === undefined) return paired(configured, "sslcert", "sslkey");
  const localCertificates = Object.keys(configured).length === 0 ? [] : [configured];
  try {
    const selected = await select({
      host,
      localCertificates,
      remoteCertificate: null,
      acceptableIssuers: [],
    });
    return paired(selected ?? {}, "cert", "key");
  } catch (cause) {
    if (cause instanceof RedoubtError) throw cause;
    throw new RedoubtError("CONFIG_KEY_MATERIAL", "The certificateSelection callback failed", {
      cause,
      hint: "Your certificateSelection callback threw; look at the cause.",
    });
  }
}

async function configuredCertificate(settings: TlsSettings, options: TlsOptions): Promise<ClientCertificate> {
  const pfxFile = options.pfxFile ?? settings.pfxFile;
  const certFile = options.certFile ?? settings.certFile;
  const keyFile = options.keyFile ?? settings.keyFile;
  const pfx = options.pfx ?? (pfxFile === null ? undefined : await readMaterial(pfxFile, "sslpfx"));
  const passphrase = options.passphrase ?? settings.passphrase?.reveal();
  const cert = options.cert ?? (certFile === null ? undefined : await readMaterial(certFile, "sslcert"));
  // libpq's habit: a file that holds both certificate and key need only be named once.
  const both = cert?.includes("PRIVATE KEY") ? cert : undefined;
  const key = options.key ?? (keyFile === null ? both : await readMaterial(keyFile, "sslkey"));
  const found = members({ pfx, cert, key, passphrase });
  return keyFile === null || certFile === null || options.cert !== undefined || options.key !== undefined
    ? found
    : lastPair(`${certFile}\0${keyFile}`, found);
}

/** What was last found in two files that belong together, by their paths. */
const pairs = new Map<string, ClientCertificate>();

/**
 * Two files are not replaced at once: while what they hold does not belong together, or one of them is written only in
 * part, the pair from before is still the one. Where there was none, what was found is given, for the error that it makes.
 */
function lastPair(files: string, found: ClientCertificate): ClientCertificate {
  const known = pairs.get(files);
  if (known?.cert === found.cert && known?.key === found.key && known?.passphrase === found.passphrase)
    return found;
  if (!belongTogether(found)) return known ?? found;
  pairs.set(files, found);
  return found;
}

function belongTogether({ cert, key, passphrase }: ClientCertificate): boolean {
  try {
    const secret = createPrivateKey({
      key: key as string | Buffer,
      ...(passphrase !== undefined && { passphrase }),
    });
    return new X509Certificate(cert as string | Buffer).checkPrivateKey(secret);
  } catch {
    return false;
  }
}

/** Only what a certificate consists of, so that a callback cannot slip in other settings, and no half of a pair. */
function paired(given: ClientCertificate, certName: string, keyName: string): ClientCertificate {
  const { pfx, cert, key, passphrase } = given;
  if (cert !== undefined && key === undefined) {
    throw new RedoubtError(
      "CONFIG_KEY_MATERIAL",
      `${certName} names a certificate, and there is no key for it: give ${keyName} too`,
    );
  }
  if (key !== undefined && cert === undefined) {
    throw new RedoubtError(
      "CONFIG_KEY_MATERIAL",
      `${keyName} names a key, and there is no certificate for it: give ${certName} too`,
    );
  }
  return members({ pfx, cert, key, passphrase });
}

function members(given: { [Member in keyof ClientCertificate]: ClientCertificate[Member] | undefined }) {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as ClientCertificate;
}

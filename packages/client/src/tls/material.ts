import type { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import * as tls from "node:tls";
import { RedoubtError } from "../errors.ts";
import type { Pem } from "./options.ts";

interface CachedFile {
  readonly stamp: string;
  readonly content: Buffer;
}

const files = new Map<string, CachedFile>();

/**
 * Content of a file that may be replaced while the program runs: every connection asks, and the file is read again
 * when its time, size or inode has changed.
 * @throws RedoubtError `CONFIG_FILE`
 */
export async function readMaterial(path: string, key: string): Promise<Buffer> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    const stamp = `${mtimeMs}:${size}:${ino}`;
    const known = files.get(path);
    if (known?.stamp === stamp) return known.content;
    const content = await readFile(path);
    files.set(path, { stamp, content });
    return content;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    throw new RedoubtError("CONFIG_FILE", `${key}: the file ${path} ${reason}`, { cause });
  }
}

/**
 * CA certificates as a list of PEM texts, each checked: OpenSSL would silently trust nothing when given rubbish.
 * @throws RedoubtError `CONFIG_KEY_MATERIAL`
 */
export function certificatesIn(material: Pem, key: string): string[] {
  const text = material.toString();
  const blocks = text.match(
    /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g,
  );
  try {
    if (blocks !== null) return blocks.map((block) => new X509Certificate(block).toString());
    if (typeof material !== "string") return [new X509Certificate(material).toString()];
  } catch (cause) {
    throw new RedoubtError("CONFIG_KEY_MATERIAL", `${key}: a certificate in it cannot be read`, { cause });
  }
  throw new RedoubtError(
    "CONFIG_KEY_MATERIAL",
    `${key} holds no certificate; PEM begins with -----BEGIN CERTIFICATE-----`,
  );
}

/** Where distributions keep the CA bundle, for Node versions that cannot ask the system. Source: Go's crypto/x509 root_linux.go and root_bsd.go list the same places. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * The certificates that the operating system trusts, with those of `NODE_EXTRA_CA_CERTS`.
 * @throws RedoubtError `CONFIG_FILE` where the system keeps them in a way this Node cannot read
 */
export async function systemCertificates(): Promise<string[]> {
  const extra = process.env["NODE_EXTRA_CA_CERTS"];
  const added = extra
    ? certificatesIn(await readMaterial(extra, "NODE_EXTRA_CA_CERTS"), "NODE_EXTRA_CA_CERTS")
    : [];
  const ask = (tls as { getCACertificates?: (type: string) => string[] }).getCACertificates;
  if (ask !== undefined) return [...ask("system"), ...added];
  const bundle = bundles.find((path) => existsSync(path));
  if (bundle === undefined) {
    throw new RedoubtError(
      "CONFIG_FILE",
      "sslrootcert=system: this Node cannot read the store of this operating system",
      {
        hint: "Use Node 22.15 or newer, or name a PEM file of CA certificates.",
      },
    );
  }
  return [...certificatesIn(await readMaterial(bundle, "sslrootcert=system"), bundle), ...added];
}

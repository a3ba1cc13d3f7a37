import type { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { RedoubtError } from "../errors.ts";
import type { Pem } from "./options.ts";

interface CachedFile {
  readonly stamp: string;
  readonly content: Buffer;
}

const files = new Map<string, CachedFile>();

/** Certificates found in a file: a system's bundle takes longer to read than a handshake. Goes with the file's content. */
const parsed = new WeakMap<Buffer, string[]>();

/**
 * Content of a file that may be replaced while the program runs: every connection asks, and the file is read again
 * when its times, size or inode have changed.
 * @param key the option that named it, for errors
 * @throws RedoubtError `CONFIG_FILE`
 */
export async function readMaterial(path: string, key: string): Promise<Buffer> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true });
    const stamp = `${mtimeNs}:${ctimeNs}:${size}:${ino}`;
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
 * The certificates in a file, read again when it changes.
 * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`
 */
export async function readCertificates(path: string, key: string): Promise<string[]> {
  const content = await readMaterial(path, key);
  const found = parsed.get(content) ?? certificatesIn(content, `${key}: the file ${path}`);
  parsed.set(content, found);
  return found;
}

/** The text that was given last, and its certificates: connections of one client all give the same. */
let last: { readonly text: string; readonly certificates: string[] } | null = null;

/**
 * CA certificates as a list of PEM texts, each checked: OpenSSL would silently trust nothing when given rubbish.
 * @param from what held them, for errors
 * @throws RedoubtError `CONFIG_KEY_MATERIAL`
 */
export function certificatesIn(material: Pem, from: string): string[] {
  if (typeof material !== "string") return parse(material, from);
  if (last?.text !== material) last = { text: material, certificates: parse(material, from) };
  return last.certificates;
}

function parse(material: Pem, from: string): string[] {
  const text = material.toString();
  const blocks = text.match(
    /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g,
  );
  try {
    if (blocks !== null) return blocks.map((block) => new X509Certificate(block).toString());
    // DER, which begins with a SEQUENCE.
    if (typeof material !== "string" && material[0] === 0x30)
      return [new X509Certificate(material).toString()];
  } catch (cause) {
    throw new RedoubtError("CONFIG_KEY_MATERIAL", `${from}: a certificate in it cannot be read`, { cause });
  }
  throw new RedoubtError(
    "CONFIG_KEY_MATERIAL",
    `${from} holds no certificate; PEM begins with -----BEGIN CERTIFICATE-----`,
  );
}

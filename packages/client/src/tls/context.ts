import type { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { RedoubtError } from "../errors.ts";
import type { ClientCertificate } from "./options.ts";

type ContextOptions = ClientCertificate & SecureContextOptions;

/** A context, and a key that tells it from all that were made of other material. */
export interface SharedContext {
  readonly key: string;
  readonly secureContext: SecureContext;
}

const contexts = new Map<string, SecureContext>();
const keptContexts = 32;

/**
 * The context made of certain material. Contexts are dear to make (all CA certificates are parsed), so those used last
 * are kept.
 * @throws RedoubtError `CONFIG_KEY_MATERIAL`, `CONFIG_INVALID_VALUE`
 */
export function sharedContext(options: ContextOptions): SharedContext {
  const key = fingerprint(options);
  const secureContext = contexts.get(key) ?? makeContext(options);
  contexts.delete(key);
  contexts.set(key, secureContext);
  if (contexts.size > keptContexts) contexts.delete(contexts.keys().next().value as string);
  return { key, secureContext };
}

function makeContext(options: ContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    const cause = error as Error & { readonly reason?: string };
    const reason = cause.reason ?? cause.message;
    if (/no cipher match/i.test(reason))
      throw new RedoubtError("CONFIG_INVALID_VALUE", "ciphers: the list has no cipher that OpenSSL knows", {
        cause,
      });
    if (/\bCRL\b/.test(reason)) {
      const message = "tls.crl: a list of revoked certificates in it cannot be read";
      throw new RedoubtError("CONFIG_KEY_MATERIAL", message, { cause });
    }
    throw new RedoubtError("CONFIG_KEY_MATERIAL", `The client certificate: ${whatIsWrong(reason, options)}`, {
      cause,
    });
  }
}

function whatIsWrong(reason: string, { key, passphrase, pfx }: ContextOptions): string {
  if (/key values mismatch|key type mismatch/i.test(reason))
    return "certificate and key do not belong together";
  const locked = passphrase === undefined && /ENCRYPTED/.test(String(key));
  if (locked || /bad decrypt|mac verify|bad password/i.test(reason))
    return "the passphrase is missing or wrong";
  // OpenSSL 3 reads the algorithms of old PKCS#12 files (RC2, 3DES) only with its legacy provider, which Node leaves out.
  if (pfx !== undefined && /unsupported/i.test(reason))
    return "the PKCS#12 file is encrypted in a way that OpenSSL 3 no longer reads; export it again";
  return `it cannot be read (${reason})`;
}

function fingerprint(options: ContextOptions): string {
  const hash = createHash("sha256");
  for (const [key, value] of Object.entries(options)) {
    const parts = (Array.isArray(value) ? value : [value]) as readonly unknown[];
    hash.update(`${key}:${parts.length}:`);
    for (const part of parts) {
      const bytes = part instanceof Uint8Array ? part : String(part);
      // The length in front: no material can be mistaken for a piece of another.
      hash.update(`${bytes.length}:`).update(bytes as string | Buffer);
    }
  }
  return hash.digest("base64");
}

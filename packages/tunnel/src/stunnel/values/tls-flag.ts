import { constants } from "node:crypto";
import { ValueError } from "./value-error.ts";

/** A flag of OpenSSL that is set, or cleared (`-NAME`). */
export interface TlsFlag {
  readonly name: string;
  readonly bits: number;
  readonly set: boolean;
}

/**
 * Flags that OpenSSL 3 knows and gives no effect (documented in `SSL_CTX_set_options(3)` as such): files still have them,
 * `SINGLE_ECDH_USE` above all.
 */
const withoutEffect = new Set([
  "NO_SSLV2",
  "SINGLE_DH_USE",
  "SINGLE_ECDH_USE",
  "EPHEMERAL_RSA",
  "PKCS1_CHECK_1",
  "PKCS1_CHECK_2",
  "TLS_D5_BUG",
  "TLS_BLOCK_PADDING_BUG",
  "SSLEAY_080_CLIENT_DH_BUG",
  "MICROSOFT_BIG_SSLV3_BUFFER",
  "MICROSOFT_SESS_ID_BUG",
  "MSIE_SSLV2_RSA_PADDING",
  "NETSCAPE_CA_DN_BUG",
  "NETSCAPE_CHALLENGE_BUG",
  "NETSCAPE_DEMO_CIPHER_CHANGE_BUG",
  "NETSCAPE_REUSE_CIPHER_CHANGE_BUG",
  "SSLREF2_REUSE_CERT_TYPE_BUG",
]);

/** Flags that Node's own table of constants leaves out. Source: OpenSSL 3.0 `ssl.h`. */
const missing: Readonly<Record<string, number>> = {
  NO_RENEGOTIATION: 1 << 30,
  IGNORE_UNEXPECTED_EOF: 1 << 7,
  ALLOW_CLIENT_RENEGOTIATION: 1 << 8,
  DISABLE_TLSEXT_CA_NAMES: 1 << 9,
  CLEANSE_PLAINTEXT: 1 << 1,
  NO_EXTENDED_MASTER_SECRET: 1 << 0,
  NO_ANTI_REPLAY: 1 << 24,
  ENABLE_KTLS: 1 << 3,
  TLSEXT_PADDING: 1 << 4,
  SAFARI_ECDHE_ECDSA_BUG: 1 << 6,
  ENABLE_MIDDLEBOX_COMPAT: 1 << 20,
  // The bits of TLS 1.0 and 1.2: OpenSSL gives them to DTLS, too.
  NO_DTLSV1: 1 << 26,
  NO_DTLSV1_2: 1 << 27,
  NO_DTLS_MASK: (1 << 26) | (1 << 27),
  NO_SSL_MASK: (1 << 25) | (1 << 26) | (1 << 27) | (1 << 28) | (1 << 29),
};

const known = new Map<string, number>(
  [...Object.entries(constants), ...Object.entries(missing).map(([name, bits]) => [`SSL_OP_${name}`, bits])]
    .filter((entry): entry is [string, number] => (entry[0] as string).startsWith("SSL_OP_"))
    .map(([name, bits]) => [name.slice("SSL_OP_".length).toUpperCase(), bits]),
);

/** Reads `NO_TLSv1` or `-NO_SSLv3`, in any case. */
export function tlsFlag(text: string): TlsFlag {
  const set = !text.startsWith("-");
  const name = (set ? text : text.slice(1)).toUpperCase();
  const bits = known.get(name) ?? (withoutEffect.has(name) ? 0 : null);
  if (bits !== null) return { name, bits: withoutEffect.has(name) ? 0 : bits, set };
  throw new ValueError(
    "Illegal TLS option",
    /[,\s]/.test(text)
      ? "Write one option in a line, and several lines for several options."
      : "Write a name of OpenSSL's SSL_CTX_set_options without SSL_OP_, for example NO_TLSv1_1.",
  );
}

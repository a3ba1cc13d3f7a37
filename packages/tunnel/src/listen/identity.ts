import type { X509Certificate } from "node:crypto";
import type { ClientIdentity } from "./accepted.ts";

/** The common name and the alternative names of a certificate. */
export function identityOf(certificate: X509Certificate): ClientIdentity {
  return {
    commonName: /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? null,
    alternativeNames: split(certificate.subjectAltName ?? "").map((name) =>
      name.replace(/^IP Address:/, "IP:"),
    ),
  };
}

/** Names are separated by `, `; one that holds a comma or a quote is written as a JSON string. Source: Node's `crypto_common.cc`. */
function split(names: string): string[] {
  const found = names.matchAll(/(?:^|, )([^:,]+:)("(?:[^"\\]|\\.)*"|[^,"]*)/g);
  return [...found].map(
    ([, kind = "", value = ""]) => kind + (value.startsWith('"') ? unquoted(value) : value),
  );
}

function unquoted(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

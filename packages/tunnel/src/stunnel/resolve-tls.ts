import { constants } from "node:crypto";
import type { SecureVersion } from "node:tls";
import type { RedoubtError } from "@redoubt/client";
import { serviceOptions } from "./options/service-options.ts";
import type { Section } from "./parse.ts";
import { problemAt } from "./place.ts";
import type { TlsSettings } from "./service.ts";
import { isAbove, type StunnelTlsVersion } from "./values/tls-version.ts";

/** How TLS is spoken in a section. */
export function resolveTls({ settings }: Section, problems: RedoubtError[]): TlsSettings {
  let lowest: StunnelTlsVersion = "TLSv1";
  let highest: StunnelTlsVersion = "all";
  const names = ["sslVersion", "sslVersionMin", "sslVersionMax"] as const;
  for (const { name, value } of settings.entries(names)) {
    if (name !== "sslVersionMax") lowest = value as StunnelTlsVersion;
    if (name !== "sslVersionMin") highest = value as StunnelTlsVersion;
  }
  const place = (settings.last("sslVersionMin") ?? settings.last("sslVersionMax"))?.place;
  if (place !== undefined && isAbove(lowest, highest))
    problems.push(
      problemAt(
        place,
        "CONFIG_INVALID_VALUE",
        "Invalid protocol version range",
        `sslVersionMin (${lowest}) is above sslVersionMax (${highest}): exchange them.`,
      ),
    );
  return {
    minVersion: lowest === "all" ? "TLSv1" : (lowest satisfies SecureVersion),
    maxVersion: highest === "all" ? "TLSv1.3" : (highest satisfies SecureVersion),
    ciphers: cipherList(
      settings.last("ciphersuites")?.value ?? serviceOptions.ciphersuites.default,
      settings.last("ciphers")?.value ?? serviceOptions.ciphers.default,
      settings.last("securityLevel")?.value ?? 2,
    ),
    curves: settings.last("curves")?.value ?? serviceOptions.curves.default,
    secureOptions: secureOptions(
      settings.all("options").map(({ value }) => value),
      settings.last("renegotiation")?.value ?? true,
    ),
    resume: settings.last("sessionResume")?.value ?? true,
    sessions: settings.last("sessionCacheSize")?.value || Number.POSITIVE_INFINITY,
    sessionLife: settings.last("sessionCacheTimeout")?.value ?? 300,
  };
}

/** Node takes suites of TLS 1.3, other ciphers and the security level in one list; without suites it would switch TLS 1.3 off. */
function cipherList(suites: string, ciphers: string, level: number): string {
  const ownLevel = /@SECLEVEL=/i.test(ciphers);
  return `${suites}:${ciphers}${ownLevel ? "" : `:@SECLEVEL=${level}`}`;
}

function secureOptions(
  flags: readonly { readonly bits: number; readonly set: boolean }[],
  renegotiates: boolean,
): number {
  let bits = constants.SSL_OP_NO_SSLv2 | constants.SSL_OP_NO_SSLv3;
  for (const flag of flags) bits = flag.set ? bits | flag.bits : bits & ~flag.bits;
  // Not among Node's constants. Source: OpenSSL 3.0 ssl.h.
  const noRenegotiation = 1 << 30;
  // Unsigned: Node would take a negative number for all flags above.
  return (renegotiates ? bits : bits | noRenegotiation) >>> 0;
}

import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { SecureContext } from "node:tls";
import { domainToASCII } from "node:url";
import type { TlsSettings, TlsVersion } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { authorities } from "./authorities.ts";
import { sharedContext } from "./context.ts";
import { clientCertificate } from "./identity.ts";
import { type CertificateValidation, type TlsOptions, tlsDefaults } from "./options.ts";
import { revocations } from "./revocations.ts";

/** Everything that one TLS connection needs to know, files read and callbacks chosen. */
export interface TlsPolicy {
  /** Name to verify. DNS name or IP address. */
  readonly name: string;
  /** The name as it is sent (SNI); empty where none may be sent: for addresses (RFC 6066 section 3) and paths. */
  readonly serverNameIndication: string;
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
  const name = verifiableName(options.servername ?? settings.servername ?? host);
  const verification = verificationOf(settings, options);
  const pins = (options.pins ?? settings.pins).map(normalisePin);
  const identity = await clientCertificate(settings, options, name);
  const ca = await authorities(settings, options);
  const crl = await revocations(options);
  const { key, secureContext } = sharedContext({
    ...identity,
    ...(crl !== null && { crl }),
    // What was given is trusted as it is: an intermediate is as good an anchor as its root.
    ...(ca !== null && { ca, allowPartialTrustChain: true }),
    ...versionsAndCiphers(settings, options),
  });
  const policyKey = createHash("sha256")
    .update(JSON.stringify([key, verification, pins]))
    .digest("base64");
  return {
    name,
    serverNameIndication: isIP(name) === 0 ? domainToASCII(name) : "",
    verification,
    pins,
    certificateValidation: options.certificateValidation ?? tlsDefaults.certificateValidation ?? null,
    secureContext,
    sessionKey: options.resume === false ? null : `${name}|${policyKey}`,
    hasClientCertificate: identity.cert !== undefined || identity.pfx !== undefined,
  };
}

/** A DNS name may end in a dot, which certificates and SNI never have. OpenSSL reads a dot in front as "any subdomain". */
function verifiableName(given: string): string {
  const name = given.endsWith(".") ? given.slice(0, -1) : given;
  if (name !== "" && !name.startsWith(".") && !name.includes("\0")) return name;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    "servername: a DNS name or an address is needed to be verified",
  );
}

function verificationOf(settings: TlsSettings, options: TlsOptions): TlsPolicy["verification"] {
  if (options.dangerouslySkipVerification === true) {
    warnOnce();
    return "none";
  }
  const verify = options.verify ?? settings.verify;
  if (verify === "full" || verify === "ca") return verify;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    "verify is full or ca; to accept any certificate, say dangerouslySkipVerification in code",
  );
}

let warned = false;

function warnOnce(): void {
  if (warned) return;
  warned = true;
  process.emitWarning(
    "TLS certificates are not verified: anybody in the middle can read and change everything",
    {
      type: "RedoubtWarning",
      code: "REDOUBT_SKIP_VERIFICATION",
    },
  );
}

function versionsAndCiphers(settings: TlsSettings, options: TlsOptions) {
  const minVersion: TlsVersion = options.minVersion ?? settings.minVersion ?? "TLSv1.2";
  const maxVersion = options.maxVersion ?? settings.maxVersion ?? undefined;
  if (maxVersion !== undefined && maxVersion < minVersion) {
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `TLS versions: the minimum ${minVersion} is above the maximum ${maxVersion}`,
    );
  }
  const ciphers = options.ciphers ?? settings.ciphers ?? undefined;
  return {
    minVersion,
    ...(maxVersion !== undefined && { maxVersion }),
    // OpenSSL 3 signs nothing below TLS 1.2 at its normal security level; these versions were asked for by name.
    ...(minVersion < "TLSv1.2"
      ? { ciphers: `${ciphers ?? "DEFAULT"}:@SECLEVEL=0` }
      : ciphers !== undefined && { ciphers }),
  };
}

function normalisePin(pin: string): string {
  const bare = pin.replace(/^sha256\/{1,2}/, "");
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(bare))
    throw new RedoubtError("CONFIG_INVALID_VALUE", "A pin is not the base64 of a SHA-256 (44 characters)");
  return bare.endsWith("=") ? bare : `${bare}=`;
}

import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type ConnectionOptions, connect, createSecureContext } from "node:tls";
import type { TlsVersion } from "@redoubt/client/config";
import type { TlsPolicy } from "@redoubt/client/tls";
import { type CertificateFacts, chainOf } from "./certificate-facts.ts";

/** What one handshake showed. Nothing is sent after it, so that nobody need be trusted. */
export interface Handshake {
  /** `null` where the handshake failed. */
  readonly version: string | null;
  /** Leaf first; empty where none was shown. */
  readonly chain: readonly CertificateFacts[];
  /** OpenSSL's word for what is wrong with the chain; `null` where it is trusted. */
  readonly chainError: string | null;
  /** Whether the certificate is for the name that is verified. */
  readonly nameFits: boolean;
  /** The error's code; `null` where it worked. */
  readonly failure: string | null;
}

/** Shakes hands as the policy of a dial says, accepts whatever comes, and hangs up. */
export function shakeHands(
  ip: string,
  port: number,
  policy: TlsPolicy,
  timeout: number,
  withName = true,
): Promise<Handshake> {
  return shake(
    {
      host: ip,
      port,
      secureContext: policy.secureContext,
      servername: withName ? policy.serverNameIndication : "",
    },
    policy.name,
    timeout,
  );
}

/** Whether one version alone is accepted. @returns `null` where that cannot be told */
export async function acceptsVersion(
  ip: string,
  port: number,
  servername: string,
  version: TlsVersion,
  timeout: number,
): Promise<boolean | null> {
  const old = version < "TLSv1.2";
  const secureContext = createSecureContext({
    minVersion: version,
    maxVersion: version,
    // OpenSSL 3 signs nothing below TLS 1.2 at its normal security level.
    ...(old && { ciphers: "DEFAULT:@SECLEVEL=0" }),
  });
  const { failure } = await shake({ host: ip, port, secureContext, servername }, servername, timeout);
  if (failure === null || /CERTIFICATE_REQUIRED/.test(failure)) return true;
  return /PROTOCOL|VERSION|HANDSHAKE_FAILURE|ECONNRESET/.test(failure) ? false : null;
}

function shake(options: ConnectionOptions, name: string, timeout: number): Promise<Handshake> {
  return new Promise((resolve) => {
    const none = { version: null, chain: [], chainError: null, nameFits: false };
    const socket = connect({ ...options, rejectUnauthorized: false, checkServerIdentity: () => undefined });
    const done = (found: Handshake): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    const fail = (failure: string): void => done({ ...none, failure });
    const timer = setTimeout(() => fail("TIMEOUT"), timeout);
    socket.on("error", ({ code, message }: NodeJS.ErrnoException) => fail(code ?? message));
    socket.once("close", () => fail("ECONNRESET"));
    socket.once("secureConnect", () => {
      const leaf = socket.getPeerX509Certificate();
      done({
        version: socket.getProtocol(),
        chain: leaf === undefined ? [] : chainOf(leaf),
        chainError: socket.authorized ? null : String(socket.authorizationError ?? "UNKNOWN"),
        nameFits: leaf !== undefined && fits(leaf, name),
        failure: null,
      });
    });
  });
}

function fits(leaf: X509Certificate, name: string): boolean {
  const found = isIP(name) === 0 ? leaf.checkHost(name, { partialWildcards: false }) : leaf.checkIP(name);
  return found !== undefined;
}

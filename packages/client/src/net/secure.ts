import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { domainToASCII } from "node:url";
import type { TlsVersion } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { handshakeError } from "../tls/explain.ts";
import type { TlsPolicy } from "../tls/policy.ts";
import { dropSession, keepSession, recallSession } from "../tls/session.ts";
import { namesOf, oneLine, pinOf, verifyPeer } from "../tls/verify.ts";
import { speaksPlainRedis } from "./probe.ts";
import type { TlsReport } from "./report.ts";
import { type Address, addressText } from "./resolve.ts";
import type { Wire } from "./wire.ts";

/** How long a peer may be silent before it is asked whether it speaks plain text. */
const silence = 1000;

function sessionName(policy: TlsPolicy, address: Address): string | null {
  return policy.sessionKey === null ? null : `${addressText(address)}|${policy.sessionKey}`;
}

/** Begins to connect with TLS. Nothing is verified yet: {@link secured} does that before anybody may write. */
export function connectSecurely(address: Address, policy: TlsPolicy, wire: Wire): TLSSocket {
  const name = sessionName(policy, address);
  const session = name === null ? undefined : recallSession(name);
  const options: ConnectionOptions = {
    ...(address.path === undefined ? { host: address.ip, port: address.port } : { path: address.path }),
    secureContext: policy.secureContext,
    // SNI carries names only (RFC 6066 section 3).
    servername: isIP(policy.name) === 0 ? domainToASCII(policy.name) || policy.name : "",
    ...(session !== undefined && { session }),
    // Chain and name are judged together by verifyPeer, which refuses whatever it does not find good.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  };
  return connect({ ...options, onread: wire.onread, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 } as ConnectionOptions);
}

/**
 * Waits for the handshake and verifies the peer.
 * @throws RedoubtError of the family `TLS_`; the signal's reason when it is aborted
 */
export async function secured(socket: TLSSocket, address: Address, policy: TlsPolicy, signal: AbortSignal): Promise<TlsReport> {
  const name = sessionName(policy, address);
  let newest: Buffer | null = null;
  let verified = false;
  socket.on("session", (session) => {
    newest = session;
    if (verified && name !== null) keepSession(name, session);
  });
  try {
    await handshake(socket, address, policy, signal);
    const certificate = await verifyPeer(socket, policy, addressText(address));
    verified = true;
    if (newest !== null && name !== null) keepSession(name, newest);
    return report(socket, certificate, policy);
  } catch (error) {
    if (name !== null) dropSession(name);
    throw error;
  }
}

function handshake(socket: TLSSocket, address: Address, policy: TlsPolicy, signal: AbortSignal): Promise<void> {
  const where = addressText(address);
  return new Promise((resolve, reject) => {
    let asking = false;
    const quiet = setTimeout(async () => {
      asking = true;
      const plain = await speaksPlainRedis(address, silence);
      asking = false;
      if (plain) finish(() => reject(plainPeer(where)));
    }, silence);
    const finish = (settle: () => void): void => {
      clearTimeout(quiet);
      signal.removeEventListener("abort", abort);
      socket.off("secureConnect", secure).off("error", failed).off("close", closed);
      settle();
    };
    const secure = (): void => finish(resolve);
    const failed = (error: Error): void => finish(() => reject(handshakeError(error, where, policy.hasClientCertificate)));
    const closed = (): void => failed(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    const abort = async (): Promise<void> => {
      // With a deadline shorter than the silence, the question is still worth its moment.
      if (!asking && (await speaksPlainRedis(address, 200))) finish(() => reject(plainPeer(where)));
      else finish(() => reject(signal.reason as Error));
    };
    socket.once("secureConnect", secure).once("error", failed).once("close", closed);
    if (signal.aborted) void abort();
    else signal.addEventListener("abort", abort);
  });
}

function plainPeer(address: string): RedoubtError {
  return new RedoubtError("TLS_PEER_IS_PLAINTEXT", `${address} speaks plain Redis where TLS was asked for`, { address, stage: "tls" });
}

function report(socket: TLSSocket, certificate: X509Certificate, policy: TlsPolicy): TlsReport {
  const validTo = new Date(certificate.validTo);
  return {
    protocol: socket.getProtocol() as TlsVersion,
    cipher: socket.getCipher().name,
    resumed: socket.isSessionReused(),
    verifiedName: policy.name,
    verification: policy.certificateValidation === null ? policy.verification : "callback",
    certificate: {
      subject: oneLine(certificate.subject),
      names: namesOf(certificate),
      issuer: oneLine(certificate.issuer),
      validFrom: new Date(certificate.validFrom).toISOString(),
      validTo: validTo.toISOString(),
      daysLeft: Math.floor((validTo.getTime() - Date.now()) / 86_400_000),
      pin: pinOf(certificate),
    },
  };
}

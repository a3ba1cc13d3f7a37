import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { domainToASCII } from "node:url";
import type { TlsVersion } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { handshakeError } from "../tls/explain.ts";
import type { TlsPolicy } from "../tls/policy.ts";
import {
  dropSession,
  type KeptSession,
  keepSession,
  type PeerEvidence,
  recallSession,
} from "../tls/session.ts";
import { namesOf, oneLine, pinOf, verifyPeer } from "../tls/verify.ts";
import { speaksPlainRedis } from "./probe.ts";
import type { TlsReport } from "./report.ts";
import { type Address, addressText } from "./resolve.ts";
import type { Wire } from "./wire.ts";

/** How long a peer may be silent before it is asked whether it speaks plain text. */
const silence = 1000;

/** A TLS connection that is being opened: to an address, under a policy, perhaps resuming a session. */
export class SecureAttempt {
  readonly socket: TLSSocket;
  readonly #address: Address;
  readonly #policy: TlsPolicy;
  readonly #sessionName: string | null;
  /** What is known of the peer from the session that was offered. */
  readonly #offered: KeptSession | null;

  /** Begins to connect. Nothing is verified yet: nobody may write before {@link SecureAttempt.verified}. */
  constructor(address: Address, policy: TlsPolicy, wire: Wire) {
    this.#address = address;
    this.#policy = policy;
    this.#sessionName = policy.sessionKey === null ? null : `${addressText(address)}|${policy.sessionKey}`;
    this.#offered = this.#sessionName === null ? null : (recallSession(this.#sessionName) ?? null);
    const options: ConnectionOptions = {
      ...(address.path === undefined ? { host: address.ip, port: address.port } : { path: address.path }),
      secureContext: policy.secureContext,
      // SNI carries names only (RFC 6066 section 3).
      servername: isIP(policy.name) === 0 ? domainToASCII(policy.name) || policy.name : "",
      ...(this.#offered !== null && { session: this.#offered.session }),
      // Chain and name are judged together by verifyPeer, which refuses whatever it does not find good.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    };
    this.socket = connect({ ...options, ...wire.socketOptions } as ConnectionOptions);
  }

  /**
   * Waits for the handshake and verifies the peer.
   * @throws RedoubtError of the family `TLS_`; the signal's reason when it is aborted
   */
  async verified(signal: AbortSignal): Promise<TlsReport> {
    const { socket } = this;
    const name = this.#sessionName;
    let evidence: PeerEvidence | null = null;
    let newest: Buffer | null = null;
    const keep = (): void => {
      if (newest !== null && name !== null && evidence !== null)
        keepSession(name, { ...evidence, session: newest });
    };
    // TLS 1.2 gives the session during the handshake, TLS 1.3 some time after it.
    socket.on("session", (session) => {
      newest = session;
      keep();
    });
    try {
      await handshake(socket, this.#address, this.#policy, signal);
      evidence = await verifyPeer(socket, this.#offered, this.#policy, addressText(this.#address));
      keep();
      return report(socket, evidence.certificate, this.#policy);
    } catch (error) {
      if (name !== null) dropSession(name);
      throw error;
    }
  }
}

function handshake(
  socket: TLSSocket,
  address: Address,
  policy: TlsPolicy,
  signal: AbortSignal,
): Promise<void> {
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
    const failed = (error: Error): void =>
      finish(() => reject(handshakeError(error, where, policy.hasClientCertificate)));
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
  return new RedoubtError("TLS_PEER_IS_PLAINTEXT", `${address} speaks plain Redis where TLS was asked for`, {
    address,
    stage: "tls",
  });
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

import type { X509Certificate } from "node:crypto";
import type { TcpSocketConnectOpts } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { TlsVersion } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { factsOf } from "../tls/certificate.ts";
import { handshakeError } from "../tls/explain.ts";
import type { TlsPolicy } from "../tls/policy.ts";
import {
  dropSession,
  type KeptSession,
  keepSession,
  type PeerEvidence,
  recallSession,
} from "../tls/session.ts";
import { withoutPeer } from "../tls/session-form.ts";
import { verifyPeer } from "../tls/verify.ts";
import { speaksPlainRedis } from "./probe.ts";
import type { TlsReport } from "./report.ts";
import { type Address, addressText, socketAddress } from "./resolve.ts";

/** How long a peer may be silent before it is asked whether it speaks plain text, ms. */
const silence = 1000;
/** How long that question may go on once the deadline has passed, ms. */
const lastMoment = 200;

/** How a socket is read, or the connection over which TLS is spoken. */
export type SocketOptions = ConnectionOptions | Partial<TcpSocketConnectOpts>;

/** A TLS connection that is being opened: to an address, under a policy, perhaps resuming a session. */
export class SecureAttempt {
  readonly socket: TLSSocket;
  readonly #address: Address;
  readonly #policy: TlsPolicy;
  readonly #sessionName: string | null;
  /** What is known of the peer from the session that was offered. */
  readonly #offered: KeptSession | null;

  /**
   * Begins to connect. Nothing is verified yet: nobody may write before {@link SecureAttempt.verified}.
   * @param options how the socket is read, or, as `socket`, the connection over which TLS is spoken
   */
  constructor(address: Address, policy: TlsPolicy, options: SocketOptions) {
    this.#address = address;
    this.#policy = policy;
    this.#sessionName = policy.sessionKey === null ? null : `${addressText(address)}|${policy.sessionKey}`;
    this.#offered = this.#sessionName === null ? null : (recallSession(this.#sessionName) ?? null);
    this.socket = connect({
      ...socketAddress(address),
      secureContext: policy.secureContext,
      servername: policy.serverNameIndication,
      ...(this.#offered !== null && { session: this.#offered.session }),
      // Chain and name are judged together by verifyPeer, which refuses whatever it does not find good.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...options,
    } as ConnectionOptions);
    // Of the options of a TLS socket, Node does not pass these on to its TCP connection (20 to 24). Without the first a command
    // waits, on a real network, until what was sent before it is acknowledged: up to one more round trip.
    const { noDelay, keepAlive, keepAliveInitialDelay } = options as Partial<TcpSocketConnectOpts>;
    if (noDelay === true) this.socket.setNoDelay(true);
    if (keepAlive === true) this.socket.setKeepAlive(true, keepAliveInitialDelay);
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
      newest = withoutPeer(session);
      keep();
    });
    try {
      await this.#handshake(signal);
      // Asked for now: a callback may take its time, and a socket that has closed tells nothing any more.
      const protocol = socket.getProtocol() as TlsVersion;
      const cipher = socket.getCipher().name;
      const resumed = socket.isSessionReused();
      evidence = await verifyPeer(socket, this.#offered, this.#policy, addressText(this.#address));
      keep();
      return { protocol, cipher, resumed, ...verdict(evidence.certificate, this.#policy) };
    } catch (error) {
      // The session may be the reason: without it the next attempt is a full one. Having run out of time is no reason.
      if (name !== null && error !== signal.reason) dropSession(name);
      throw error;
    }
  }

  #handshake(signal: AbortSignal): Promise<void> {
    const { socket } = this;
    return new Promise((resolve, reject) => {
      // Made when there is a question to end, for aborting is dear.
      let over: AbortController | null = null;
      let question: Promise<void> | null = null;
      let limit: NodeJS.Timeout | undefined;
      const finish = (settle: () => void): void => {
        clearTimeout(quiet);
        clearTimeout(limit);
        over?.abort();
        signal.removeEventListener("abort", abort);
        socket.off("secureConnect", secure).off("error", failed).off("close", closed);
        settle();
      };
      const ask = async (timeout: number): Promise<void> => {
        over = new AbortController();
        if (await speaksPlainRedis(this.#address, timeout, over.signal))
          finish(() => reject(plainPeer(addressText(this.#address))));
      };
      const quiet = setTimeout(() => {
        question = ask(silence);
      }, silence);
      const secure = (): void => finish(resolve);
      const failed = (error: Error): void => finish(() => reject(this.failure(error)));
      const closed = (): void => failed(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
      const gaveUp = (): void => finish(() => reject(signal.reason as Error));
      const abort = (): void => {
        const { reason } = signal as { reason: unknown };
        if (reason instanceof RedoubtError && reason.code === "CLOSED_ABORTED") return gaveUp();
        // With a deadline shorter than the silence, the question is still worth its moment.
        limit = setTimeout(gaveUp, lastMoment);
        question ??= ask(lastMoment);
        void question.then(gaveUp);
      };
      socket.once("secureConnect", secure).once("error", failed).once("close", closed);
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort);
    });
  }

  /** Says what an error of the socket means: also of one that comes when the handshake seems to be over. */
  failure(error: NodeJS.ErrnoException): RedoubtError {
    return handshakeError(error, addressText(this.#address), {
      hasClientCertificate: this.#policy.hasClientCertificate,
      sawServerCertificate: this.socket.getPeerX509Certificate() !== undefined,
    });
  }
}

function plainPeer(address: string): RedoubtError {
  return new RedoubtError("TLS_PEER_IS_PLAINTEXT", `${address} speaks plain Redis where TLS was asked for`, {
    address,
    stage: "tls",
  });
}

function verdict(
  certificate: X509Certificate,
  policy: TlsPolicy,
): Pick<TlsReport, "verifiedName" | "verification" | "certificate"> {
  const { subject, names, issuer, validFrom, validTo, pin } = factsOf(certificate);
  return {
    verifiedName: policy.name,
    verification: policy.certificateValidation === null ? policy.verification : "callback",
    certificate: {
      subject,
      names: [...names],
      issuer,
      validFrom: validFrom.toISOString(),
      validTo: validTo.toISOString(),
      daysLeft: Math.floor((validTo.getTime() - Date.now()) / 86_400_000),
      pin,
    },
  };
}

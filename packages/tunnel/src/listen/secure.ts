import { createHash, randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { createServer, type SecureContext, type Server, type TLSSocket } from "node:tls";
import type { RedoubtError } from "@redoubt/client";
import { layOver } from "../bytes/reset.ts";
import type { ClientTls } from "./accepted.ts";
import { type CertificateSet, filesOf, loadCertificates, stampOf } from "./certificates.ts";
import { identityOf } from "./identity.ts";
import type { ListenTls } from "./tls-options.ts";

/** Why no TLS connection came of an accepted one; `detail` is OpenSSL's word or ours. */
export interface HandshakeFailure {
  readonly reason: "handshake-failed" | "handshake-timeout" | "unknown-name" | "client-certificate";
  readonly detail: string;
  /** The connection, where the handshake itself was right: the client can still be told. */
  readonly socket: TLSSocket | null;
}

/** What becomes of a handshake. One of both is called, once. */
export interface HandshakeOutcome {
  secured(socket: TLSSocket, tls: ClientTls): void;
  failed(failure: HandshakeFailure): void;
}

/** What is told of certificates that were read again. */
export type ReloadReport = { readonly error: RedoubtError | null; readonly expires: Date };

/** How long a session may be resumed is bound to this: another listener's sessions are worth nothing here. */
const sessionIdLength = 32;

/**
 * The TLS side of a listener: makes TLS connections of accepted ones, and exchanges certificates while it runs.
 * Connections that are open keep what they were made with.
 */
export class SecureSide {
  readonly #tls: ListenTls;
  readonly #server: Server;
  readonly #pending = new Map<Socket, HandshakeOutcome>();
  readonly #sessionIdContext: string;
  readonly #told: (report: ReloadReport) => void;
  #set: CertificateSet;
  #stamp: string;
  #failedStamp: string | null = null;
  #reading: Promise<unknown> = Promise.resolve();
  #watching: NodeJS.Timeout | undefined;

  private constructor(tls: ListenTls, set: CertificateSet, stamp: string, start: SecureStart) {
    this.#tls = tls;
    this.#set = set;
    this.#stamp = stamp;
    this.#sessionIdContext = start.sessionIdContext;
    this.#told = start.told;
    this.#server = createServer({
      ...set.first.options,
      handshakeTimeout: start.handshakeLimit,
      requestCert: tls.clientCertificates === "optional" || tls.clientCertificates === "required",
      // Judged below, where the client can still be told why.
      rejectUnauthorized: false,
      ...((set.certificates.length > 1 || tls.strictNames === true) && {
        SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void) =>
          this.#choose(name, done),
      }),
    });
    this.#server.on("secureConnection", (socket) => this.#secured(socket));
    this.#server.on("tlsClientError", (error, socket) => this.#failed(error, socket));
    this.#watch(tls.watchEvery ?? 2000);
  }

  /**
   * Reads the certificates.
   * @throws RedoubtError `CONFIG_FILE`, `CONFIG_KEY_MATERIAL`, `CONFIG_INVALID_VALUE`, `CONFIG_MISSING`
   */
  static async make(tls: ListenTls, start: Omit<SecureStart, "sessionIdContext">): Promise<SecureSide> {
    // Several processes that share their ticket keys take each other's sessions: then the context must be one, too.
    const seed = tls.ticketKeys ?? randomBytes(16);
    const sessionIdContext = createHash("sha256").update(seed).digest("hex").slice(0, sessionIdLength);
    const stamp = await stampOf(filesOf(tls));
    const set = await loadCertificates(tls, sessionIdContext);
    return new SecureSide(tls, set, stamp, { ...start, sessionIdContext });
  }

  /** When the certificate that is shown first expires. */
  get expires(): Date {
    return this.#set.first.expires;
  }

  /** Begins the handshake on an accepted connection; bytes that were put back into it come first. */
  handshake(raw: Socket, outcome: HandshakeOutcome): void {
    this.#pending.set(raw, outcome);
    raw.once("close", () => this.#settle(raw)?.failed(lost));
    this.#server.emit("connection", raw);
  }

  /**
   * Reads all files again. When anything is wrong, what was in force stays, and the error says why.
   */
  reload(): Promise<RedoubtError | null> {
    // One after the other: an earlier reading must not replace what a later one found.
    const reading = this.#reading.then(() => this.#reload());
    this.#reading = reading;
    return reading;
  }

  async #reload(): Promise<RedoubtError | null> {
    const stamp = await stampOf(filesOf(this.#tls));
    try {
      this.#set = await loadCertificates(this.#tls, this.#sessionIdContext);
    } catch (error) {
      // Said once for each state of the files: they are looked at again and again.
      if (this.#failedStamp !== stamp) this.#told({ error: error as RedoubtError, expires: this.expires });
      this.#failedStamp = stamp;
      return error as RedoubtError;
    }
    this.#stamp = stamp;
    this.#failedStamp = null;
    this.#server.setSecureContext(this.#set.first.options);
    this.#told({ error: null, expires: this.expires });
    return null;
  }

  close(): void {
    clearInterval(this.#watching);
  }

  #watch(every: number): void {
    if (every === 0) return;
    let looking = false;
    // Looked at, not notified of: mounted secrets are exchanged by moving links, which watches of files do not notice.
    this.#watching = setInterval(() => {
      if (looking) return;
      looking = true;
      void stampOf(filesOf(this.#tls))
        .then((stamp) => (stamp === this.#stamp || stamp === this.#failedStamp ? null : this.reload()))
        .finally(() => {
          looking = false;
        });
    }, every).unref();
  }

  #choose(name: string, done: (error: Error | null, context?: SecureContext) => void): void {
    const chosen = this.#set.forName(name);
    if (chosen === null && this.#tls.strictNames === true)
      return done(Object.assign(new Error(`no certificate for ${name}`), { code: "UNKNOWN_NAME" }));
    done(null, (chosen ?? this.#set.first).context);
  }

  #secured(socket: TLSSocket): void {
    const raw = rawOf(socket);
    layOver(socket, raw);
    const outcome = this.#settle(raw);
    if (outcome === undefined) return void socket.destroy();
    const wrong = this.#wrongIdentity(socket);
    if (wrong !== null) return outcome.failed({ reason: "client-certificate", detail: wrong, socket });
    outcome.secured(socket, describe(socket, this.#tls.clientCertificates));
  }

  /** Chain and dates of the client's certificate, as the listener demands them. */
  #wrongIdentity(socket: TLSSocket): string | null {
    const wanted = this.#tls.clientCertificates ?? "no";
    if (wanted === "no") return null;
    // Of a resumed session without certificate Node says "authorized": what counts is that one is there.
    if (socket.getPeerX509Certificate() === undefined) return wanted === "required" ? "none was shown" : null;
    return socket.authorized ? null : String(socket.authorizationError ?? "not verified");
  }

  #failed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    const outcome = this.#settle(rawOf(socket));
    const { code = "" } = error;
    const reason =
      code === "ERR_TLS_HANDSHAKE_TIMEOUT"
        ? "handshake-timeout"
        : code === "UNKNOWN_NAME"
          ? "unknown-name"
          : "handshake-failed";
    socket.destroy();
    outcome?.failed({ reason, detail: code === "" ? error.message : code, socket: null });
  }

  #settle(raw: Socket): HandshakeOutcome | undefined {
    const outcome = this.#pending.get(raw);
    this.#pending.delete(raw);
    return outcome;
  }
}

interface SecureStart {
  /** How long a handshake may take, ms. */
  readonly handshakeLimit: number;
  readonly sessionIdContext: string;
  /** Hears of every reading of the certificates but the first. */
  readonly told: (report: ReloadReport) => void;
}

const lost: HandshakeFailure = { reason: "handshake-failed", detail: "the client hung up", socket: null };

/** The connection below a TLS connection that a server made of it: Node has no public name for it. */
function rawOf(socket: TLSSocket): Socket {
  return (socket as unknown as { readonly _parent: Socket })._parent;
}

function describe(socket: TLSSocket, wanted: ListenTls["clientCertificates"]): ClientTls {
  const { servername } = socket as unknown as { readonly servername: string | false | null };
  const certificate = wanted === "no" || wanted === undefined ? undefined : socket.getPeerX509Certificate();
  return {
    servername: typeof servername === "string" && servername !== "" ? servername.toLowerCase() : null,
    protocol: socket.getProtocol() ?? "",
    cipher: socket.getCipher().standardName,
    resumed: socket.isSessionReused(),
    certificate: certificate === undefined ? null : identityOf(certificate),
  };
}

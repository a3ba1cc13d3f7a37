import { connect, type Socket } from "node:net";
import type { Endpoint, Target } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { handshakeError, isTlsFailure } from "../tls/explain.ts";
import type { TlsOptions } from "../tls/options.ts";
import { resolvePolicy, type TlsPolicy } from "../tls/policy.ts";
import { type LoggedIn, logIn, type Session, setUp } from "./handshake.ts";
import { openFirst, socketError } from "./open.ts";
import { speaksTls } from "./probe.ts";
import type { DialReport, Stage, StageName, TlsReport } from "./report.ts";
import { type Address, addressText, endpointText, resolveEndpoint } from "./resolve.ts";
import { SecureAttempt } from "./secure.ts";
import { Wire } from "./wire.ts";

/** Default of {@link DialOptions.connectTimeout}, ms. */
export const defaultConnectTimeout = 5000;

export interface DialOptions {
  /** TLS settings besides those of the target. */
  readonly tls?: TlsOptions;
  /** All stages together, ms. Default: what the target says, else 5000. */
  readonly connectTimeout?: number;
  readonly signal?: AbortSignal;
  /** Called as each stage ends, also the one that fails. */
  readonly onStage?: (stage: Stage) => void;
  /** Who logs in, where it is not the target's user. */
  readonly credentials?: { readonly username: string | null; readonly password: string | null };
  /** Highest RESP version to ask for. Default 3. */
  readonly protocol?: 2 | 3;
  /** For `CLIENT SETINFO`; null sends none. */
  readonly library?: { readonly name: string; readonly version: string } | null;
}

/** An open, verified, authenticated connection. */
export interface Dialled {
  readonly wire: Wire;
  readonly socket: Socket;
  readonly report: DialReport;
  /** Closes the socket. */
  close(): void;
}

/** The word for a stage in an error of the deadline. */
const waitingFor: Readonly<Record<StageName, string>> = {
  dns: "the name to be resolved",
  tcp: "the connection to be accepted",
  tls: "the TLS handshake",
  auth: "the reply to HELLO or AUTH",
  setup: "the reply to SELECT or CLIENT",
};

/**
 * Opens a connection to one endpoint of a target: DNS ► TCP ► TLS and verification ► HELLO or AUTH ► name and database.
 * Credentials are sent after the peer has been verified, never before. One deadline covers all stages.
 *
 * With several endpoints they are tried in order, each with its own deadline, until one answers.
 * @throws RedoubtError with the stage that failed and the address; of several endpoints the first one's, all of them in the message
 */
export async function dial(target: Target, options: DialOptions = {}): Promise<Dialled> {
  const failures: RedoubtError[] = [];
  for (const endpoint of target.endpoints) {
    try {
      return await dialEndpoint(target, endpoint, options);
    } catch (error) {
      if (!(error instanceof RedoubtError) || options.signal?.aborted) throw error;
      failures.push(error);
    }
  }
  const first = failures[0] ?? new RedoubtError("CONFIG_NO_ENDPOINT", "The target names no endpoint");
  if (failures.length < 2) throw first;
  throw new RedoubtError(first.code, failures.map(({ message }) => message).join("; "), {
    ...(first.address !== undefined && { address: first.address }),
    ...(first.stage !== undefined && { stage: first.stage }),
    hint: first.hint,
    cause: new AggregateError(failures),
  });
}

/** {@link dial} for one endpoint. */
export async function dialEndpoint(
  target: Target,
  endpoint: Endpoint,
  options: DialOptions = {},
): Promise<Dialled> {
  const connectTimeout = options.connectTimeout ?? target.timeouts.connectMs ?? defaultConnectTimeout;
  const stages: Stage[] = [];
  const deadline = new AbortController();
  let current: StageName = "dns";
  const expired = (): void => deadline.abort(deadlineError(current, connectTimeout, endpoint));
  const timer = setTimeout(expired, connectTimeout);
  const aborted = (): void =>
    deadline.abort(
      new RedoubtError("CLOSED_ABORTED", "Connecting was aborted", { cause: options.signal?.reason }),
    );
  if (options.signal?.aborted) aborted();
  options.signal?.addEventListener("abort", aborted);

  /** Runs one stage and reports it, whether it works out or not. */
  const stage = async <T>(
    name: StageName,
    run: () => Promise<T>,
    found: (value: T) => string,
  ): Promise<T> => {
    current = name;
    const start = performance.now();
    const ended = (ok: boolean, detail: string): void => {
      const entry: Stage = { name, ms: performance.now() - start, ok, detail };
      stages.push(entry);
      options.onStage?.(entry);
    };
    try {
      const value = await orAbort(run(), deadline.signal);
      ended(true, found(value));
      return value;
    } catch (error) {
      const failure = staged(error, name, endpoint);
      ended(false, failure.message);
      throw failure;
    }
  };

  const dialler = new Dialler(target, endpoint, options, deadline.signal);
  try {
    const addresses = await stage("dns", () => dialler.resolve(), dnsDetail(endpoint));
    await stage(
      "tcp",
      () => dialler.open(addresses),
      ({ address }) => `connected to ${addressText(address)}`,
    );
    const tls = target.tls.enabled ? await stage("tls", () => dialler.secure(), tlsDetail) : null;
    const login = await stage("auth", () => dialler.logIn(), loginDetail(dialler.session));
    await stage(
      "setup",
      () => dialler.setUp(),
      (done) => done,
    );
    const { wire } = dialler;
    const { socket } = wire;
    const report: DialReport = {
      endpoint,
      address: dialler.where,
      stages,
      protocol: login.protocol,
      tls,
      server: login.server,
    };
    return { wire, socket, report, close: () => socket.destroy() };
  } catch (error) {
    dialler.abandon();
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", aborted);
  }
}

/** One attempt: what the stages hand on to each other. */
class Dialler {
  readonly session: Session;
  readonly #target: Target;
  readonly #endpoint: Endpoint;
  readonly #options: DialOptions;
  readonly #signal: AbortSignal;
  #wire: Wire | null = null;
  #address: Address | null = null;
  #policy: TlsPolicy | null = null;
  #attempt: SecureAttempt | null = null;

  constructor(target: Target, endpoint: Endpoint, options: DialOptions, signal: AbortSignal) {
    this.#target = target;
    this.#endpoint = endpoint;
    this.#options = options;
    this.#signal = signal;
    this.session = {
      username: options.credentials === undefined ? target.username : options.credentials.username,
      password:
        options.credentials === undefined
          ? (target.password?.reveal() ?? null)
          : options.credentials.password,
      clientName: target.clientName,
      database: target.database ?? 0,
      protocol: options.protocol ?? 3,
      library: options.library ?? null,
    };
  }

  get wire(): Wire {
    return this.#wire as Wire;
  }

  /** The address that answered. */
  get where(): string {
    return addressText(this.#address as Address);
  }

  resolve(): Promise<Address[]> {
    return resolveEndpoint(this.#endpoint);
  }

  async open(addresses: readonly Address[]): Promise<{ address: Address }> {
    const tls = this.#target.tls;
    const policy = tls.enabled
      ? await resolvePolicy(tls, this.#options.tls ?? {}, this.#endpoint.host)
      : null;
    const wires = new Map<Socket, Wire>();
    const attempts = new Map<Socket, SecureAttempt>();
    const connectTo = (address: Address): Socket => {
      const wire = new Wire();
      const attempt = policy === null ? null : new SecureAttempt(address, policy, wire);
      wire.socket = attempt?.socket ?? connectPlainly(address, wire);
      wires.set(wire.socket, wire);
      if (attempt !== null) attempts.set(wire.socket, attempt);
      return wire.socket;
    };
    const { address, socket } = await openFirst(addresses, connectTo, this.#signal);
    this.#wire = wires.get(socket) as Wire;
    this.#attempt = attempts.get(socket) ?? null;
    this.#address = address;
    this.#policy = policy;
    return { address };
  }

  secure(): Promise<TlsReport> {
    return (this.#attempt as SecureAttempt).verified(this.#signal);
  }

  async logIn(): Promise<LoggedIn> {
    try {
      return await logIn(this.wire, this.session, this.where, this.#signal);
    } catch (error) {
      throw await this.#whyRefused(error as NodeJS.ErrnoException);
    }
  }

  setUp(): Promise<string> {
    return setUp(this.wire, this.session, this.where, this.#signal);
  }

  /** Closes what was opened. */
  abandon(): void {
    this.#wire?.socket.destroy();
  }

  /** A peer that hangs up instead of answering HELLO: which of both sides misunderstands? */
  async #whyRefused(error: NodeJS.ErrnoException): Promise<Error> {
    if (error instanceof RedoubtError) return error;
    const address = this.where;
    if (this.#policy !== null) {
      // TLS 1.3 servers judge the client's certificate after the client thinks that the handshake is over.
      if (isTlsFailure(error)) return handshakeError(error, address, this.#policy.hasClientCertificate);
      return (await this.#laterAlert(this.#policy)) ?? socketError(error, address);
    }
    if (await speaksTls(this.#address as Address, 1000)) {
      return new RedoubtError(
        "TLS_PEER_REQUIRES_TLS",
        `${address} speaks TLS where plain text was asked for`,
        { address, stage: "tls" },
      );
    }
    return socketError(error, address);
  }

  /** A reset can overtake the alert that explains it. A second handshake that sends nothing lets the alert arrive. */
  async #laterAlert(policy: TlsPolicy): Promise<RedoubtError | null> {
    const address = this.#address as Address;
    const { socket } = new SecureAttempt(address, policy, new Wire());
    return new Promise((resolve) => {
      const done = (found: RedoubtError | null): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(found);
      };
      const timer = setTimeout(() => done(null), 500);
      socket.on("error", (error) =>
        done(isTlsFailure(error) ? handshakeError(error, this.where, policy.hasClientCertificate) : null),
      );
      socket.once("close", () => done(null));
    });
  }
}

function connectPlainly(address: Address, wire: Wire): Socket {
  const to = address.path === undefined ? { host: address.ip, port: address.port } : { path: address.path };
  return connect({ ...to, ...wire.socketOptions });
}

/** What a promise gives, or the reason of the signal, whichever is first. */
function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      // The stages listen to the signal themselves and may know more; they get the first word.
      setTimeout(() => reject(signal.reason as Error), 300).unref();
    };
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function staged(error: unknown, stage: StageName, endpoint: Endpoint): RedoubtError {
  if (error instanceof RedoubtError) {
    if (error.stage !== undefined) return error;
    return new RedoubtError(error.code, error.message, {
      address: error.address ?? endpointText(endpoint),
      stage: error.code.startsWith("TLS_") ? "tls" : stage,
      hint: error.hint,
      cause: error.cause ?? error,
    });
  }
  return new RedoubtError("TCP_FAILED", `${endpointText(endpoint)}: ${(error as Error).message}`, {
    address: endpointText(endpoint),
    stage,
    cause: error,
  });
}

function deadlineError(stage: StageName, ms: number, endpoint: Endpoint): RedoubtError {
  const address = endpointText(endpoint);
  const code =
    stage === "tcp" ? "TCP_TIMEOUT" : stage === "tls" ? "TLS_HANDSHAKE_TIMEOUT" : "TIMEOUT_CONNECT";
  return new RedoubtError(
    code,
    `${address} was not ready within ${ms} ms: it was waiting for ${waitingFor[stage]}`,
    { address, stage },
  );
}

function dnsDetail(endpoint: Endpoint): (addresses: readonly Address[]) => string {
  return (addresses) => {
    if (endpoint.path !== undefined) return "a Unix socket: no name to resolve";
    if (addresses.length === 1 && addresses[0]?.ip === endpoint.host) return "an address: no name to resolve";
    return `${endpoint.host} is ${addresses.map(({ ip }) => ip).join(", ")}`;
  };
}

function tlsDetail({ protocol, cipher, resumed, verification, verifiedName }: TlsReport): string {
  const verified =
    verification === "full"
      ? `certificate verified for ${verifiedName}`
      : verification === "ca"
        ? "chain verified, name not"
        : verification === "callback"
          ? "certificate accepted by callback"
          : "certificate NOT verified";
  return `${protocol} ${cipher}${resumed ? ", session resumed" : ""}, ${verified}`;
}

function loginDetail(session: Session): (login: LoggedIn) => string {
  return ({ protocol, server }) => {
    const who = session.password === null ? "no credentials" : `user ${session.username ?? "default"}`;
    const what =
      server.version === null
        ? ""
        : `, ${server.product ?? "redis"} ${server.version}${server.role === null ? "" : ` ${server.role}`}`;
    return `${who}, RESP${protocol}${what}`;
  };
}

import type { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { endpointText } from "../config/endpoint.ts";
import type { Endpoint, Target } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import type { TlsPolicy } from "../tls/policy.ts";
import { type ConnectTrace, connectChannel, traced } from "../tracing/channels.ts";
import { openLayers } from "./carrier.ts";
import { findDestination } from "./destination.ts";
import { type DialOptions, defaultConnectTimeout } from "./dial-options.ts";
import { loginFinding, tlsFinding } from "./findings.ts";
import { setUp } from "./handshake.ts";
import { whyHungUp } from "./hang-up.ts";
import { Login, type ProvidedLogin } from "./login.ts";
import { openFirst } from "./open.ts";
import type { DialReport, Stage } from "./report.ts";
import { type Address, addressText, socketAddress } from "./resolve.ts";
import { SecureAttempt } from "./secure.ts";
import { Stages } from "./stages.ts";
import { Wire } from "./wire.ts";

/** An open, verified, authenticated connection. */
export interface Dialled {
  readonly wire: Wire;
  readonly socket: Socket;
  readonly report: DialReport;
  /** With what it is logged in, where a provider gave it; else null. Whoever keeps the connection renews it. */
  readonly login: ProvidedLogin | null;
  /** Closes the socket. */
  close(): void;
}

/**
 * Opens a connection to one endpoint of a target: DNS ► TCP ► TLS and verification ► HELLO or AUTH ► name and database.
 * Credentials are sent after the peer has been verified, never before. One deadline covers all stages, except asking a
 * credentials provider, which comes first and has a deadline of its own.
 *
 * With several endpoints they are tried in order, each with its own deadline, until one answers.
 * @throws RedoubtError with the stage that failed and the address; of several endpoints the first one's, all of them in
 *   the message. A wrong setting (`CONFIG_`) is found before anything is opened, and has no stage.
 */
export async function dial(target: Target, options: DialOptions = {}): Promise<Dialled> {
  const failures: RedoubtError[] = [];
  for (const endpoint of target.endpoints) {
    try {
      return await dialEndpoint(target, endpoint, options);
    } catch (error) {
      if (!(error instanceof RedoubtError) || options.signal?.aborted) throw error;
      if (error.code.startsWith("CONFIG_")) throw error;
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
export function dialEndpoint(
  target: Target,
  endpoint: Endpoint,
  options: DialOptions = {},
): Promise<Dialled> {
  if (!connectChannel.hasSubscribers) return openTo(target, endpoint, options);
  const stages: Stage[] = [];
  const trace: ConnectTrace = { server: endpointText(endpoint), address: null, stages };
  const onStage = (stage: Stage): void => {
    stages.push(stage);
    options.onStage?.(stage);
  };
  return traced(connectChannel, trace, async () => {
    const dialled = await openTo(target, endpoint, { ...options, onStage });
    trace.address = dialled.report.address;
    return dialled;
  });
}

async function openTo(target: Target, endpoint: Endpoint, options: DialOptions): Promise<Dialled> {
  const login = new Login(target, options);
  const { signal, onStage } = options;
  const before = await login.fetch(target, endpoint, options);
  const connectTimeout = options.connectTimeout ?? target.timeouts.connectMs ?? defaultConnectTimeout;
  const stages = new Stages(endpoint, { connectTimeout, signal, onStage });
  let opened: Opened | null = null;
  try {
    const { policy, addresses } = await findDestination(stages, target, endpoint, options.tls);
    const { address, wire, attempt } = await stages.run(
      "tcp",
      async () => (opened = await open(addresses, policy, options.header ?? null, stages.signal)),
      (found) => `connected to ${addressText(found.address)}`,
    );
    const where = addressText(address);
    const tls =
      attempt === null
        ? null
        : await stages.run("tls", () => attempt.secure.verified(stages.signal), tlsFinding);
    const loggedIn = await stages.run(
      "auth",
      () =>
        login.run(wire, where, stages.signal).catch(async (error: Error) => {
          throw await whyHungUp(error, address, attempt, stages.signal);
        }),
      (found) => loginFinding(login.session, found),
    );
    await stages.run(
      "setup",
      () => setUp(login.session, loggedIn, where),
      (done) => done,
    );
    const { protocol, server } = loggedIn;
    const taken = [...before, ...stages.ended];
    const { database } = login.session;
    const report: DialReport = { endpoint, address: where, stages: taken, protocol, tls, server, database };
    return {
      wire,
      socket: wire.socket,
      report,
      login: login.provided,
      close: () => wire.socket.destroy(),
    };
  } catch (error) {
    const socket = (opened as Opened | null)?.wire.socket;
    // Not within an event of TLS over another socket: see closeLayers.
    if (options.header) setImmediate(() => socket?.destroy());
    else socket?.destroy();
    throw error;
  } finally {
    stages.end();
  }
}

/** A connection that leads somewhere, and nothing is known of the peer yet. */
interface Opened {
  readonly address: Address;
  readonly wire: Wire;
  /** Its TLS side; null where plain text is spoken. */
  readonly attempt: { readonly secure: SecureAttempt; readonly policy: TlsPolicy } | null;
}

async function open(
  addresses: readonly Address[],
  policy: TlsPolicy | null,
  header: Buffer | null,
  signal: AbortSignal,
): Promise<Opened> {
  if (header !== null) return openBehind(header, addresses, policy, signal);
  const begun = new Map<Socket, Omit<Opened, "address">>();
  const begin = (address: Address): Socket => {
    const wire = new Wire();
    const attempt =
      policy === null ? null : { policy, secure: new SecureAttempt(address, policy, wire.socketOptions) };
    wire.socket = attempt?.secure.socket ?? connect({ ...socketAddress(address), ...wire.socketOptions });
    begun.set(wire.socket, { wire, attempt });
    return wire.socket;
  };
  const { address, socket } = await openFirst(addresses, begin, signal);
  return { address, ...(begun.get(socket) as Omit<Opened, "address">) };
}

/** With something to send before TLS, the connection below it has to be one of its own. */
async function openBehind(
  header: Buffer,
  addresses: readonly Address[],
  policy: TlsPolicy | null,
  signal: AbortSignal,
): Promise<Opened> {
  const wire = new Wire();
  const { onread, ...common } = wire.socketOptions;
  const below = policy === null ? { ...common, onread } : common;
  const { address, below: socket, secure } = await openLayers(addresses, policy, { header, below }, signal);
  if (secure === null || policy === null) {
    wire.socket = socket;
    return { address, wire, attempt: null };
  }
  wire.follow(secure.socket);
  return { address, wire, attempt: { secure, policy } };
}

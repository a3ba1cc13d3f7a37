import type { Buffer } from "node:buffer";
import { connect, type OnReadOpts, type Socket, type TcpSocketConnectOpts } from "node:net";
import type { Endpoint, Target } from "../config/target.ts";
import type { TlsPolicy } from "../tls/policy.ts";
import { findDestination } from "./destination.ts";
import { type DialOptions, defaultConnectTimeout } from "./dial-options.ts";
import { tlsFinding } from "./findings.ts";
import { openFirst } from "./open.ts";
import { type Address, addressText, socketAddress } from "./resolve.ts";
import { SecureAttempt } from "./secure.ts";
import { Stages } from "./stages.ts";

/** How {@link openCarrier} connects. */
export interface CarrierOptions
  extends Pick<DialOptions, "tls" | "connectTimeout" | "signal" | "onStage" | "header"> {
  /** How a connection is read on which plain text is spoken; over TLS, bytes come as `data`. Default: as `data`. */
  readonly onread?: OnReadOpts;
}

/** An open connection for bytes, of which nothing has been read. */
export interface Carrier {
  /** Its halves end one by one (`allowHalfOpen`). */
  readonly socket: Socket;
  /** The connection below TLS: only it can be reset. Null where plain text is spoken. */
  readonly below: Socket | null;
}

/**
 * Opens a connection to one endpoint for bytes that are passed on: DNS ► TCP ► PROXY header ► TLS and verification, as `dial`
 * does it. Nobody is logged in; the target's credentials are not used.
 * @throws RedoubtError of the families `CONFIG_`, `DNS_`, `TCP_`, `TLS_`, `TIMEOUT_`, with stage and address
 */
export async function openCarrier(
  target: Target,
  endpoint: Endpoint,
  options: CarrierOptions = {},
): Promise<Carrier> {
  const { signal, onStage, header = null, onread } = options;
  const connectTimeout = options.connectTimeout ?? target.timeouts.connectMs ?? defaultConnectTimeout;
  const stages = new Stages(endpoint, { connectTimeout, signal, onStage });
  let layers: Layers | null = null;
  try {
    const { policy, addresses } = await findDestination(stages, target, endpoint, options.tls);
    const below = policy === null && onread !== undefined ? { ...relayed, onread } : relayed;
    const { below: socket, secure } = await stages.run(
      "tcp",
      async () => (layers = await openLayers(addresses, policy, { header, below }, stages.signal)),
      ({ address }) => `connected to ${addressText(address)}`,
    );
    if (secure === null) return { socket, below: null };
    await stages.run("tls", () => secure.verified(stages.signal), tlsFinding);
    return { socket: secure.socket, below: socket };
  } catch (error) {
    closeLayers(layers);
    throw error;
  } finally {
    stages.end();
  }
}

const relayed = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000, allowHalfOpen: true };

/** A TCP connection, and TLS over it that is not verified yet; null where plain text is spoken. */
export interface Layers {
  readonly address: Address;
  readonly below: Socket;
  readonly secure: SecureAttempt | null;
}

/** What layers are made with. */
export interface LayerOptions {
  /** Sent first, in plain text. */
  readonly header: Buffer | null;
  readonly below: Partial<TcpSocketConnectOpts>;
}

/** Connects, sends the header, and begins TLS where there is a policy for it. */
export async function openLayers(
  addresses: readonly Address[],
  policy: TlsPolicy | null,
  { header, below: options }: LayerOptions,
  signal: AbortSignal,
): Promise<Layers> {
  const begin = (address: Address): Socket => connect({ ...socketAddress(address), ...options });
  const { address, socket } = await openFirst(addresses, begin, signal);
  if (header !== null) socket.write(header);
  const attempt = policy === null ? null : new SecureAttempt(address, policy, { socket });
  return { address, below: socket, secure: attempt };
}

/** Gives up what was opened. */
export function closeLayers(layers: Layers | null): void {
  if (layers === null) return;
  const { below, secure } = layers;
  secure?.socket.on("error", () => {});
  // Within an event of the TLS socket, closing what carries it would take the ground from under OpenSSL: Node 20 crashes.
  setImmediate(() => {
    secure?.socket.destroy();
    below.destroy();
  });
}

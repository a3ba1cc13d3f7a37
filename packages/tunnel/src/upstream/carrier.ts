import type { Buffer } from "node:buffer";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type ErrorCode, RedoubtError } from "@redoubt/client";
import type { Endpoint, Target } from "@redoubt/client/config";
import {
  type PeerEvidence,
  resolvePolicy,
  type TlsOptions,
  type TlsPolicy,
  verifyPeer,
} from "@redoubt/client/tls";
import { layOver } from "../bytes/reset.ts";

/** How the other side is reached when only bytes are carried: credentials are the client's own business. */
export interface CarrierOptions {
  /** Whether and how TLS is spoken; its credentials are not used. */
  readonly target: Target;
  readonly endpoint: Endpoint;
  /** What code says about TLS, beyond the target. */
  readonly tls?: TlsOptions;
  /** Sent first, in plain text: a PROXY header. */
  readonly header?: Buffer | null;
  /** For name, TCP and handshake together, ms. */
  readonly connectTimeout: number;
}

/**
 * Opens a connection for bytes that are relayed: name ► TCP ► PROXY header ► TLS, verified as everywhere. Nobody has read
 * it; half-open ends are allowed.
 * @throws RedoubtError of the families `DNS_`, `TCP_`, `TLS_`, `TIMEOUT_`, with the address
 */
export async function openCarrier(options: CarrierOptions): Promise<Socket> {
  const { target, endpoint, connectTimeout } = options;
  const address = carrierText(endpoint);
  const policy = target.tls.enabled
    ? await resolvePolicy(target.tls, options.tls ?? {}, endpoint.host)
    : null;
  const opened: Socket[] = [];
  let late: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(timeoutOf(opened.length, address, connectTimeout)), connectTimeout);
  });
  const open = async (): Promise<Socket> => {
    const raw = connectTcp({
      ...where(endpoint),
      noDelay: true,
      allowHalfOpen: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
    });
    opened.push(raw);
    await happens(raw, "connect", address);
    if (options.header) raw.write(options.header);
    if (policy === null) return raw;
    const secure = secured(raw, policy, address);
    opened.push(secure.socket);
    await happens(secure.socket, "secureConnect", address);
    secure.verified(await verifyPeer(secure.socket, secure.offered, policy, address));
    return secure.socket;
  };
  try {
    return await Promise.race([open(), deadline]);
  } catch (error) {
    for (const socket of opened) socket.on("error", () => {});
    // Within an event of the TLS socket, closing what carries it would take the ground from under OpenSSL: Node 20 crashes.
    setImmediate(() => {
      for (const socket of opened.toReversed()) socket.destroy();
    });
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** `10.0.0.4:6380`, or the path. */
export function carrierText({ host, port, path }: Endpoint): string {
  return path ?? (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
}

function where({ host, port, path }: Endpoint) {
  if (path !== undefined) return { path: path.startsWith("@") ? `\0${path.slice(1)}` : path };
  return { host, port, autoSelectFamily: true };
}

interface Kept extends PeerEvidence {
  readonly session: Buffer;
}

/** Sessions to resume, by address and policy. */
const sessions = new Map<string, Kept>();
const mostSessions = 256;

function secured(raw: Socket, policy: TlsPolicy, address: string) {
  const key = policy.sessionKey === null ? null : `${address}|${policy.sessionKey}`;
  const offered = key === null ? null : (sessions.get(key) ?? null);
  const socket: TLSSocket = connectTls({
    socket: raw,
    servername: policy.serverNameIndication,
    secureContext: policy.secureContext,
    // Chain and name are judged together by `verifyPeer`, before anything is sent.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(offered !== null && { session: offered.session }),
  });
  layOver(socket, raw);
  let latest: Buffer | null = null;
  let evidence: PeerEvidence | null = null;
  const keep = (): void => {
    if (key === null || evidence === null || latest === null) return;
    sessions.delete(key);
    if (sessions.size >= mostSessions) sessions.delete(sessions.keys().next().value as string);
    sessions.set(key, { ...evidence, session: latest });
  };
  socket.on("session", (session: Buffer) => {
    latest = session;
    keep();
  });
  const verified = (found: PeerEvidence): void => {
    evidence = found;
    keep();
  };
  return { socket, offered, verified };
}

function happens(socket: Socket, event: "connect" | "secureConnect", address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = (settle: () => void): void => {
      socket.off(event, well).off("error", failed).off("close", closed);
      settle();
    };
    const well = (): void => over(resolve);
    const failed = (cause: NodeJS.ErrnoException): void => over(() => reject(errorOf(cause, event, address)));
    const closed = (): void => failed(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    socket.once(event, well).once("error", failed).once("close", closed);
  });
}

const codes: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: "TCP_REFUSED",
  ETIMEDOUT: "TCP_TIMEOUT",
  ECONNRESET: "TCP_RESET",
  EHOSTUNREACH: "TCP_UNREACHABLE",
  ENETUNREACH: "TCP_UNREACHABLE",
  ENOENT: "TCP_NO_SOCKET_FILE",
  ENOTFOUND: "DNS_NOT_FOUND",
  EAI_AGAIN: "DNS_UNAVAILABLE",
};

function errorOf(
  cause: NodeJS.ErrnoException,
  event: "connect" | "secureConnect",
  address: string,
): RedoubtError {
  const { code = "" } = cause;
  if (event === "secureConnect") {
    const closed = code === "ECONNRESET" || code === "EPIPE";
    return new RedoubtError(
      closed ? "TLS_CLOSED" : "TLS_FAILED",
      closed
        ? `${address} hung up during the TLS handshake`
        : `The TLS handshake with ${address} failed (${code})`,
      { address, stage: "tls", cause },
    );
  }
  // With several addresses Node gives one error of all of them.
  const first = cause instanceof AggregateError ? (cause.errors[0] as NodeJS.ErrnoException) : cause;
  const known = first.code ?? code;
  return new RedoubtError(codes[known] ?? "TCP_FAILED", `${address} could not be reached (${known})`, {
    address,
    stage: "tcp",
    cause,
  });
}

function timeoutOf(opened: number, address: string, limit: number): RedoubtError {
  return opened > 1
    ? new RedoubtError(
        "TLS_HANDSHAKE_TIMEOUT",
        `${address} did not answer the TLS handshake within ${limit} ms`,
        { address, stage: "tls" },
      )
    : new RedoubtError("TCP_TIMEOUT", `${address} did not answer within ${limit} ms`, {
        address,
        stage: "tcp",
      });
}

import { connect, isIP } from "node:net";
import type { Endpoint, Target } from "@redoubt/client/config";
import { type Address, dialEndpoint, type Stage } from "@redoubt/client/net";
import type { TlsOptions } from "@redoubt/client/tls";
import { outcomeOf, type TcpOutcome } from "./outcome.ts";

/** One attempt to connect. */
export interface TcpAttempt {
  readonly outcome: TcpOutcome;
  /** Until the connection was there, or until it was clear that there is none; ms with fractions. */
  readonly ms: number;
  /** Of the TLS handshake, ms; `null` where none was wanted or none came about. */
  readonly tlsMs: number | null;
  /** What the system or Redoubt calls the failure: `ECONNREFUSED`, `TLS_NAME_MISMATCH`; `null` for none. */
  readonly code: string | null;
  /** What the handshake showed, or what failed, in one line; empty where the outcome says it all. */
  readonly detail: string;
}

/**
 * Opens a TCP connection and closes it at once: SYN, SYN ACK, and no byte of data.
 *
 * @param timeout ms
 * @param signal ends the attempt, which then counts as failed
 */
export function attemptTcp({ ip, port }: Address, timeout: number, signal: AbortSignal): Promise<TcpAttempt> {
  return new Promise((resolve) => {
    const start = performance.now();
    const end = (outcome: TcpOutcome, code: string | null): void => {
      const ms = performance.now() - start;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      socket.destroy();
      resolve({ outcome, ms, tlsMs: null, code, detail: "" });
    };
    const abort = (): void => end("failed", "CLOSED_ABORTED");
    const socket = connect({ host: ip, port, autoSelectFamily: false });
    const timer = setTimeout(() => end("timeout", "ETIMEDOUT"), timeout);
    socket.once("connect", () => end("open", null));
    socket.on("error", ({ code = "UNKNOWN" }: NodeJS.ErrnoException) => end(outcomeOf(code), code));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
}

/**
 * The same, and the TLS handshake with verification: the stages of the client's own dial, up to where it would log in. No
 * credential is sent.
 *
 * @param timeout for both together, ms
 */
export async function attemptTls(
  target: Target,
  endpoint: Endpoint,
  { ip, port }: Address,
  options: { readonly timeout: number; readonly signal: AbortSignal; readonly tls?: TlsOptions },
): Promise<TcpAttempt> {
  const stages: Stage[] = [];
  const enough = new AbortController();
  const start = performance.now();
  // The address is dialled, and the name is verified that would have been.
  const servername = target.tls.servername ?? (isIP(endpoint.host) === 0 ? endpoint.host : null);
  const pinned: Target = { ...target, database: null, clientName: null, tls: { ...target.tls, servername } };
  const at = (name: Stage["name"]) => stages.find((stage) => stage.name === name);
  try {
    const dialled = await dialEndpoint(
      pinned,
      { host: ip, port },
      {
        connectTimeout: options.timeout,
        signal: AbortSignal.any([options.signal, enough.signal]),
        credentials: { username: null, password: null },
        library: null,
        // A resumed handshake is shorter, and verifies nothing anew.
        tls: { ...options.tls, resume: false },
        onStage: (stage) => {
          stages.push(stage);
          if (stage.name === "tls" && stage.ok) enough.abort();
        },
      },
    );
    dialled.close();
  } catch (error) {
    const [tcp, tls] = [at("tcp"), at("tls")];
    const { code = "UNKNOWN", message } = error as NodeJS.ErrnoException;
    if (!tls?.ok) {
      const outcome = tcp?.ok === true ? "tls" : outcomeOf(code);
      const ms = tcp?.ms ?? performance.now() - start;
      return { outcome, ms, tlsMs: null, code, detail: message };
    }
  }
  return {
    outcome: "open",
    ms: at("tcp")?.ms ?? performance.now() - start,
    tlsMs: at("tls")?.ms ?? null,
    code: null,
    detail: at("tls")?.detail ?? "",
  };
}

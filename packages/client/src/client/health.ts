import { ping } from "../commands/connection.ts";
import { type RoleReply, role } from "../commands/server-replication.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import type { Dialled } from "../net/dial.ts";
import { exchange } from "../net/exchange.ts";

/** Options of `health()`. */
export interface HealthOptions {
  /** How long it may take altogether, ms. Default 2000. */
  readonly timeoutMs?: number;
}

/** How a server does, and whether the client can work with it. */
export interface Health {
  /** A Redis answers there, be it with an error. When it does not, restarting your program changes nothing either. */
  readonly live: boolean;
  /** The server carries out commands, a replica has its primary, and the client's own connection is there. */
  readonly ready: boolean;
  /** Whether the client's own connection is there. */
  readonly connected: boolean;
  /** From `PING` to its reply, ms; null without one. */
  readonly latencyMs: number | null;
  /** Connecting, login and `PING` together, ms. */
  readonly totalMs: number;
  /** Null where the server does not say. */
  readonly role: "master" | "replica" | null;
  /** Null where the server does not say. */
  readonly version: string | null;
  /** Where it was looked, `10.0.0.4:6380`. */
  readonly address: string | null;
  /** Why it is not ready. */
  readonly error: RedoubtError | null;
}

/** Default of {@link HealthOptions.timeoutMs}. */
const defaultTimeout = 2000;

/** What a probe found. */
type Finding = Pick<Health, "latencyMs" | "role" | "version" | "address" | "error">;

/**
 * Looks at a server over a connection of its own, so that neither what the client does nor a connection that hangs can
 * hide or delay the answer. Never rejects, and ends in time.
 * @param connected whether the client's own connection is there
 */
export async function checkHealth(
  dial: (options: { connectTimeout: number; signal: AbortSignal }) => Promise<Dialled>,
  connected: () => boolean,
  { timeoutMs = defaultTimeout }: HealthOptions,
): Promise<Health> {
  const start = performance.now();
  const deadline = new AbortController();
  const late = new RedoubtError("TIMEOUT_CONNECT", `No answer to a health check within ${timeoutMs} ms`);
  const timer = setTimeout(() => deadline.abort(late), timeoutMs);
  try {
    const finding = await probe(
      await dial({ connectTimeout: timeoutMs, signal: deadline.signal }),
      deadline.signal,
    );
    const { error } = finding;
    const ownConnection = connected();
    return {
      live: true,
      ready: error === null && ownConnection,
      connected: ownConnection,
      totalMs: performance.now() - start,
      ...finding,
      error: error ?? (ownConnection ? null : notConnected()),
    };
  } catch (cause) {
    const error = deadline.signal.aborted ? late : asError(cause);
    return {
      live: error.code.startsWith("REPLY_") || error.stage === "auth" || error.stage === "setup",
      ready: false,
      connected: connected(),
      latencyMs: null,
      totalMs: performance.now() - start,
      role: null,
      version: null,
      address: error.address ?? null,
      error,
    };
  } finally {
    clearTimeout(timer);
  }
}

async function probe(dialled: Dialled, signal: AbortSignal): Promise<Finding> {
  const { report, wire } = dialled;
  try {
    const start = performance.now();
    const [pong] = await exchange(wire, [ping()], signal);
    const latencyMs = performance.now() - start;
    const [answer] = await exchange(wire, [role()], signal);
    const said = roleOf(answer);
    return {
      latencyMs,
      role: said?.role === "master" ? "master" : said?.role === "slave" ? "replica" : null,
      version: report.server.version,
      address: report.address,
      error: pong instanceof ReplyError ? pong : masterless(said, report.address),
    };
  } finally {
    dialled.close();
  }
}

/** An ACL may forbid ROLE: then it is not known. */
function roleOf(answer: unknown): RoleReply | null {
  if (answer instanceof ReplyError || !Array.isArray(answer)) return null;
  return role().decode?.(answer as never, 2) ?? null;
}

function masterless(said: RoleReply | null, address: string): RedoubtError | null {
  if (said?.role !== "slave" || said.state === "connected") return null;
  const message = `${address} is a replica and not connected to its primary (${said.state})`;
  return new RedoubtError("REPLY_MASTER_DOWN", message, { address });
}

function notConnected(): RedoubtError {
  return new RedoubtError(
    "CLOSED_NOT_CONNECTED",
    "The server is well, and the client has no connection to it",
    {
      hint: "Call connect(); if it was called, the client is connecting again at this moment.",
    },
  );
}

function asError(cause: unknown): RedoubtError {
  if (cause instanceof RedoubtError) return cause;
  return new RedoubtError("CLOSED_CONNECTION", "The connection of a health check was lost", { cause });
}

import {
  type CredentialsProvider,
  entraCredentials,
  parse,
  type RedoubtError,
  type Target,
  type TlsOptions,
} from "@redoubt/client";
import type { LocalUsers } from "./access/gate.ts";
import type { Accepted } from "./listen/accepted.ts";
import { Listener } from "./listen/listener.ts";
import { endText, type Peer } from "./listen/peer.ts";
import { AccessLog, type AccessLogFormat } from "./observe/access-log.ts";
import { ConnectionMetrics } from "./observe/connection-metrics.ts";
import { Metrics } from "./observe/metrics.ts";
import { RedisRole } from "./redis/redis-role.ts";
import { StatusServer } from "./status/status-server.ts";

/** Where local programs connect when nothing else is said. */
export const defaultListen = "127.0.0.1:6379";

/** Who logs in on the other side. `inject`: the user of the connection string. `entra`: Microsoft Entra ID. */
export type TunnelAuth = "inject" | "entra";

/** How {@link createTunnel} leads from local programs to a Redis. */
export interface TunnelOptions {
  /** A connection string in any dialect, or what it means. */
  readonly to: string | Target;
  /** Where local programs connect: `host:port`, a port, `unix:/path`; several are possible. Default {@link defaultListen}. */
  readonly listen?: string | readonly string[];
  /** Whether addresses other than loopback may be listened on. Default false. */
  readonly exposed?: boolean;
  /** Who logs in on the other side, or who gives credentials. Default `inject`. */
  readonly auth?: TunnelAuth | CredentialsProvider;
  /** Local users and their passwords, which have nothing to do with the other side. Default: whoever can connect is let in. */
  readonly users?: LocalUsers | null;
  /** TLS settings for the other side, besides those of the connection string. */
  readonly tls?: TlsOptions;
  /** All stages of connecting to the other side together, ms. Default: what the connection string says, else 5000. */
  readonly connectTimeout?: number;
  /**
   * How many TLS connections all local connections share at most, for each protocol and database; 0: each local connection
   * has one of its own. Default 2.
   */
  readonly sharedLines?: number;
  /** Where `/live`, `/ready` and `/metrics` are served. Default: nowhere. */
  readonly status?: string;
  /** Takes one line for each local connection that is over. Default: none is written. */
  readonly accessLog?: { readonly format: AccessLogFormat; readonly write: (line: string) => void };
  /** Takes what an operator should know, a line each: lost and refused connections, renewals that failed. Never a secret. */
  readonly log?: (line: string) => void;
}

/** A tunnel that is open. */
export interface Tunnel extends AsyncDisposable {
  /** Where it listens, with the ports that were chosen where 0 was asked for. */
  readonly addresses: readonly string[];
  /** Where `/live`, `/ready` and `/metrics` are; null: nowhere. */
  readonly status: string | null;
  /** Local connections that are open. */
  readonly connections: number;
  /** Connections to the other side that are open. */
  readonly upstreamConnections: number;
  /** Text for Prometheus. */
  metrics(): string;
  /**
   * Connects to the other side once, logs in and says PING, to find out whether that works.
   * @throws RedoubtError with the stage that failed
   */
  check(): Promise<void>;
  /**
   * Takes no more connections, lets those that are open end what is under way, and closes.
   * @param options `timeout`: how long they may take, ms. Default 10,000.
   */
  close(options?: { readonly timeout?: number }): Promise<void>;
}

/**
 * Opens a tunnel for programs that have neither TLS nor tokens: they connect to a local address, without a password, and are
 * logged in at the other side. Plain request-reply traffic of all of them shares a few TLS connections.
 *
 * ```ts
 * import { createTunnel } from "@redoubt/tunnel";
 *
 * await using tunnel = await createTunnel({ to: process.env.REDIS_URL ?? "", listen: "127.0.0.1:0" });
 * console.log(tunnel.addresses);
 * ```
 * The other side is dialled when the first command comes. Verification is `full` unless the connection string says less.
 * @throws RedoubtError of the family `CONFIG_`, or `TCP_ADDRESS_IN_USE`
 */
export async function createTunnel(options: TunnelOptions): Promise<Tunnel> {
  const tunnel = new RedisTunnel(options);
  await tunnel.open();
  return tunnel;
}

class RedisTunnel implements Tunnel {
  readonly #options: TunnelOptions;
  readonly #role: RedisRole;
  readonly #metrics = new Metrics();
  readonly #listeners: Listener[] = [];
  readonly #accessLog: AccessLog | null;
  #status: StatusServer | null = null;
  #lastFailure: RedoubtError | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: TunnelOptions) {
    this.#options = options;
    const { auth = "inject", accessLog, log } = options;
    const target = typeof options.to === "string" ? parse(options.to) : options.to;
    this.#accessLog = accessLog === undefined ? null : new AccessLog(accessLog.format, accessLog.write);
    const { metrics, counted } = this.#upstreamCounters();
    this.#metrics = metrics;
    const told = (what: string, { code, message, hint }: RedoubtError): void =>
      log?.(`${what}: ${code} ${message} (${hint})`);
    this.#role = new RedisRole(
      {
        target,
        tls: options.tls,
        credentials: auth === "entra" ? entraCredentials() : auth === "inject" ? undefined : auth,
        connectTimeout: options.connectTimeout,
        users: options.users,
        sharedLines: options.sharedLines,
      },
      {
        opened: (line) => {
          counted.opened();
          if (this.#lastFailure !== null) log?.(`connected to ${line.address} again`);
          this.#lastFailure = null;
        },
        closed: (_line, error) => {
          if (error.code !== "CLOSED_CLIENT") told("connection lost", error);
        },
        refused: (error) => {
          // A client asked for a database that does not exist; or the tunnel is being stopped.
          if (error.code === "REPLY_DATABASE_RANGE" || error.code === "CLOSED_ABORTED") return;
          counted.refused();
          this.#lastFailure = error;
          told("cannot connect", error);
        },
        renewed: () => counted.renewed(),
        failed: (error) => told("credentials not renewed", error),
      },
    );
  }

  async open(): Promise<void> {
    const { listen = defaultListen, exposed = false, status } = this.#options;
    try {
      for (const at of typeof listen === "string" ? [listen] : listen) await this.#listen(at, exposed);
      if (status === undefined) return;
      this.#status = await StatusServer.open({
        at: status,
        exposed,
        ready: () => this.#readiness(),
        metrics: () => this.metrics(),
      });
    } catch (error) {
      await this.close({ timeout: 0 });
      throw error;
    }
  }

  get addresses(): readonly string[] {
    return this.#listeners.map(({ text }) => text);
  }

  get status(): string | null {
    return this.#status?.text ?? null;
  }

  get connections(): number {
    return this.#role.sessions;
  }

  get upstreamConnections(): number {
    return this.#role.upstream.lines;
  }

  metrics(): string {
    return this.#metrics.text();
  }

  async check(): Promise<void> {
    await this.#role.check();
  }

  close({ timeout = 10_000 }: { readonly timeout?: number } = {}): Promise<void> {
    this.#closing ??= this.#end(timeout);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(timeout: number): Promise<void> {
    for (const listener of this.#listeners) await listener.close();
    await this.#role.close(timeout);
    for (const listener of this.#listeners) listener.destroy();
    this.#status?.close();
  }

  async #listen(at: string, exposed: boolean): Promise<void> {
    let counters: ConnectionMetrics | null = null;
    const listener = await Listener.open({
      at,
      exposed,
      serve: (accepted) => void this.#serve(accepted, listener.text, counters as ConnectionMetrics),
      watcher: {
        refused: (peer, reason, detail) => {
          counters?.refused(reason);
          this.#write({ listener: listener.text, peer, reason, detail: detail === "" ? null : detail });
        },
      },
    });
    counters = new ConnectionMetrics(this.#metrics, listener.text);
    this.#listeners.push(listener);
  }

  async #serve({ socket, peer }: Accepted, listener: string, counters: ConnectionMetrics): Promise<void> {
    const live = {
      get sent() {
        return socket.bytesRead;
      },
      get received() {
        return socket.bytesWritten;
      },
    };
    const began = performance.now();
    counters.opened(live);
    const { reason, error } = await this.#role.serve(socket);
    const duration = performance.now() - began;
    counters.closed(live, reason, duration / 1000);
    const detail = error === null ? null : error.message;
    this.#write({ listener, peer, reason, detail, sent: live.sent, received: live.received, duration });
  }

  #write(entry: {
    listener: string;
    peer: Peer;
    reason: string;
    detail: string | null;
    sent?: number;
    received?: number;
    duration?: number;
  }): void {
    if (this.#accessLog === null) return;
    const { peer, sent = 0, received = 0, duration = 0 } = entry;
    this.#accessLog.write({
      ...entry,
      peer: endText(peer),
      via: peer.via === null ? null : endText(peer.via),
      servername: null,
      protocol: null,
      certificate: null,
      upstream: this.#role.upstream.name,
      sent,
      received,
      duration,
    });
  }

  #readiness(): { ready: boolean; reasons: string[] } {
    if (this.#closing !== null) return { ready: false, reasons: ["it is being stopped"] };
    const failure = this.#lastFailure;
    return failure === null
      ? { ready: true, reasons: [] }
      : { ready: false, reasons: [`${failure.code} ${failure.message}`] };
  }

  #upstreamCounters() {
    const metrics = new Metrics();
    const opened = metrics.counter("redoubt_tunnel_upstream_opened_total", "Connections to the other side.");
    const refused = metrics.counter(
      "redoubt_tunnel_upstream_failed_total",
      "Connections to the other side that could not be opened.",
    );
    const renewed = metrics.counter(
      "redoubt_tunnel_credentials_renewed_total",
      "Connections to the other side that were logged in with newer credentials.",
    );
    metrics.gauge(
      "redoubt_tunnel_upstream_open",
      "Connections to the other side that are open.",
      () => this.#role.upstream.lines,
    );
    const counted = {
      opened: () => opened.add(),
      refused: () => refused.add(),
      renewed: () => renewed.add(),
    };
    return { metrics, counted };
  }
}

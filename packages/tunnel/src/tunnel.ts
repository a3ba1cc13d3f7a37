import {
  type CredentialsProvider,
  type Endpoint,
  entraCredentials,
  parse,
  RedoubtError,
  type Target,
  type TlsOptions,
  verifiableNames,
} from "@redoubt/client";
import type { LocalUsers } from "./access/gate.ts";
import { parseListenAddress } from "./listen/address.ts";
import { AccessLog, type AccessLogFormat } from "./observe/access-log.ts";
import { Metrics } from "./observe/metrics.ts";
import { ClusterView, type NodeListener } from "./redis/cluster-view.ts";
import { Entrance, type Role } from "./redis/entrance.ts";
import { RedisRole, type RedisRoleOptions } from "./redis/redis-role.ts";
import { RelayRole } from "./relay/relay-role.ts";
import { StatusServer } from "./status/status-server.ts";
import type { UpstreamNews } from "./upstream/upstream.ts";

/** Where local programs connect when nothing else is said. */
export const defaultListen = "127.0.0.1:6379";

/**
 * Who logs in on the other side. `inject`: the user of the connection string. `entra`: Microsoft Entra ID. `none`: local programs
 * themselves; each has a connection of its own, and bytes are passed on as they are.
 */
export type TunnelAuth = "inject" | "entra" | "none";

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
  /**
   * Ports for the nodes of a cluster, from this one up, in the order in which they appear. Default: free ones. Local programs
   * need not know them: every reply that tells the address of a node tells that of its port here.
   */
  readonly nodePorts?: number;
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
  /** The nodes of a cluster that are known so far, and where each is reached. */
  readonly nodes: readonly { readonly node: Endpoint; readonly address: string }[];
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
  readonly #target: Target;
  readonly #roleOptions: RedisRoleOptions;
  readonly #roles: Role[] = [];
  readonly #cluster: ClusterView;
  readonly #metrics = new Metrics();
  readonly #news: UpstreamNews;
  readonly #entrances: Entrance[] = [];
  readonly #nodeEntrances: Entrance[] = [];
  readonly #nodes: { node: Endpoint; address: string }[] = [];
  readonly #accessLog: AccessLog | null;
  #status: StatusServer | null = null;
  #lastFailure: RedoubtError | null = null;
  #nextPort: number;
  #closing: Promise<void> | null = null;

  constructor(options: TunnelOptions) {
    this.#options = options;
    const { auth = "inject", accessLog, nodePorts = 0 } = options;
    this.#target = typeof options.to === "string" ? parse(options.to) : options.to;
    this.#nextPort = nodePorts;
    this.#accessLog = accessLog === undefined ? null : new AccessLog(accessLog.format, accessLog.write);
    this.#news = this.#watch();
    this.#cluster = new ClusterView({ open: () => this.#openNode() });
    const { tls, connectTimeout } = options;
    this.#roleOptions = {
      target: this.#target,
      tls,
      credentials: typeof auth === "object" ? auth : auth === "entra" ? entraCredentials() : undefined,
      connectTimeout,
      users: options.users,
      sharedLines: options.sharedLines,
      cluster: this.#cluster,
    };
    this.#roles.push(this.#mainRole(auth));
  }

  async open(): Promise<void> {
    const { listen = defaultListen, exposed = false, status } = this.#options;
    const role = this.#entry;
    try {
      for (const at of typeof listen === "string" ? [listen] : listen)
        this.#entrances.push(await this.#enter(at, () => role));
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
    return this.#entrances.map(({ text }) => text);
  }

  get nodes(): readonly { readonly node: Endpoint; readonly address: string }[] {
    return this.#nodes;
  }

  get status(): string | null {
    return this.#status?.text ?? null;
  }

  get connections(): number {
    return this.#roles.reduce((sum, { sessions }) => sum + sessions, 0);
  }

  get upstreamConnections(): number {
    return this.#roles.reduce((sum, { lines }) => sum + lines, 0);
  }

  metrics(): string {
    return this.#metrics.text();
  }

  check(): Promise<void> {
    return this.#entry.check();
  }

  close({ timeout = 10_000 }: { readonly timeout?: number } = {}): Promise<void> {
    this.#closing ??= this.#end(timeout);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @throws RedoubtError `CONFIG_AMBIGUOUS` for users where nobody is logged in by the tunnel */
  #mainRole(auth: TunnelAuth | CredentialsProvider): Role {
    if (auth !== "none") return new RedisRole(this.#roleOptions, this.#news);
    if (this.#options.users != null)
      throw new RedoubtError(
        "CONFIG_AMBIGUOUS",
        "auth none passes AUTH on as it is: there can be no users of the tunnel's own",
        { hint: "Leave out the users (or the local password), or let the tunnel log in (inject, entra)." },
      );
    const { target, tls, connectTimeout } = this.#roleOptions;
    return new RelayRole(
      { target, tls, connectTimeout },
      { reached: () => this.#news.opened?.(null), refused: (error) => this.#news.refused?.(error) },
    );
  }

  get #entry(): Role {
    return this.#roles[0] as Role;
  }

  async #end(timeout: number): Promise<void> {
    const entrances = [...this.#entrances, ...this.#nodeEntrances];
    await Promise.all(entrances.map((entrance) => entrance.close()));
    await Promise.all(this.#roles.map((role) => role.close(timeout)));
    for (const entrance of [...this.#entrances, ...this.#nodeEntrances]) entrance.destroy();
    this.#status?.close();
  }

  #enter(at: string, role: () => Role | null): Promise<Entrance> {
    const { exposed = false } = this.#options;
    return Entrance.open({ at, exposed, role, metrics: this.#metrics, accessLog: this.#accessLog });
  }

  /** A listener for a node that is not known yet, beside the first one. */
  async #openNode(): Promise<NodeListener> {
    if (this.#closing !== null) throw new Error("the tunnel is being closed");
    const [first = defaultListen] = this.addresses;
    const address = parseListenAddress(first);
    const host = "host" in address ? address.host : "127.0.0.1";
    const port = this.#nextPort === 0 ? 0 : this.#nextPort++;
    let role: RedisRole | null = null;
    const entrance = await this.#enter(
      host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
      () => role,
    );
    this.#nodeEntrances.push(entrance);
    return {
      port: entrance.port,
      lead: (node, hostname) => {
        role = this.#roleFor(node, hostname);
        this.#roles.push(role);
        this.#nodes.push({ node, address: entrance.text });
        this.#options.log?.(`${entrance.text} leads to ${node.host}:${node.port}`);
      },
    };
  }

  #roleFor(endpoint: Endpoint, hostname: string | null): RedisRole {
    const target = this.#target;
    const seed = target.tls.servername ?? (target.endpoints[0] as Endpoint).host;
    const { provider } = target;
    const names = verifiableNames({ endpoint, mapped: null, hostname, seed, provider });
    return new RedisRole(
      { ...this.#roleOptions, target: { ...target, endpoints: [endpoint], database: null }, names },
      this.#news,
    );
  }

  /** What becomes of connections to the other side, counted and told. */
  #watch(): UpstreamNews {
    const metrics = this.#metrics;
    const { log } = this.#options;
    const of = "redoubt_tunnel";
    const opened = metrics.counter(`${of}_upstream_opened_total`, "Connections to the other side.");
    const failed = metrics.counter(
      `${of}_upstream_failed_total`,
      "Connections to the other side that could not be opened.",
    );
    const renewed = metrics.counter(
      `${of}_credentials_renewed_total`,
      "Connections to the other side that were logged in with newer credentials.",
    );
    metrics.gauge(
      `${of}_upstream_open`,
      "Connections to the other side that are open.",
      () => this.upstreamConnections,
    );
    const told = (what: string, { code, message, hint }: RedoubtError): void =>
      log?.(`${what}: ${code} ${message} (${hint})`);
    return {
      opened: (line) => {
        opened.add();
        if (this.#lastFailure !== null) log?.(`connected to ${line?.address ?? this.#entry.name} again`);
        this.#lastFailure = null;
      },
      closed: (_line, error) => {
        if (error.code !== "CLOSED_CLIENT") told("connection lost", error);
      },
      refused: (error) => {
        // A client asked for a database that does not exist; or the tunnel is being stopped.
        if (error.code === "REPLY_DATABASE_RANGE" || error.code === "CLOSED_ABORTED") return;
        failed.add();
        this.#lastFailure = error;
        told("cannot connect", error);
      },
      renewed: () => renewed.add(),
      failed: (error) => told("credentials not renewed", error),
    };
  }

  #readiness(): { ready: boolean; reasons: string[] } {
    if (this.#closing !== null) return { ready: false, reasons: ["it is being stopped"] };
    const failure = this.#lastFailure;
    return failure === null
      ? { ready: true, reasons: [] }
      : { ready: false, reasons: [`${failure.code} ${failure.message}`] };
  }
}

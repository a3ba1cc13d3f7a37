import { RedoubtError } from "@redoubt/client";
import { parse, type Target } from "@redoubt/client/config";
import { allowsCertificate, nameOfClient } from "../access/certificate-access.ts";
import type { Accepted } from "../listen/accepted.ts";
import { goodbye } from "../listen/goodbye.ts";
import { Listener } from "../listen/listener.ts";
import { rowForName } from "../listen/name-pattern.ts";
import { endText, type Peer } from "../listen/peer.ts";
import type { ListenerWatcher } from "../listen/watcher.ts";
import { AccessLog } from "../observe/access-log.ts";
import { ConnectionMetrics } from "../observe/connection-metrics.ts";
import { Metrics } from "../observe/metrics.ts";
import { StatusServer } from "../status/status-server.ts";
import { Backend, type BackendChange } from "./backend.ts";
import { BackendGroup } from "./backend-group.ts";
import { type Backends, defaultIdleLimit, type TerminatorOptions } from "./options.ts";
import { Session, type SessionEnd, type SessionRules } from "./session.ts";

/**
 * Starts a TLS terminator: clients come in by TLS, and plain or TLS Redis is behind it.
 *
 * @example
 * await using terminator = await createTerminator({
 *   listen: "127.0.0.1:6380",
 *   tls: { certificates: [{ certFile: "server.crt", keyFile: "server.key" }] },
 *   to: "redis://127.0.0.1:6379",
 * });
 * @throws RedoubtError of the family `CONFIG_`, `TCP_ADDRESS_IN_USE`, `TCP_FAILED`
 */
export function createTerminator(options: TerminatorOptions): Promise<Terminator> {
  return Terminator.start(options);
}

/** How many connections were open when a terminator had stopped. */
export interface Drained {
  /** Ended by themselves while it waited. */
  readonly finished: number;
  /** Closed when the limit was over. */
  readonly closed: number;
}

/** A running terminator. */
export class Terminator implements AsyncDisposable {
  readonly #options: TerminatorOptions;
  readonly #metrics = new Metrics();
  readonly #sessions = new Set<Session>();
  readonly #log: AccessLog | null;
  readonly #say: (sentence: string) => void;
  readonly #rules: SessionRules;
  readonly #backends = new Map<string, Backend>();
  readonly #routes: readonly { readonly names: readonly string[]; readonly group: BackendGroup }[];
  readonly #fallback: BackendGroup | null;
  #counts!: ConnectionMetrics;
  #listener!: Listener;
  #status: StatusServer | null = null;
  #draining = false;
  #stopped: Promise<Drained> | null = null;

  private constructor(options: TerminatorOptions) {
    this.#options = options;
    const { accessLog, say = () => {} } = options;
    this.#say = say;
    this.#log = accessLog === undefined ? null : new AccessLog(accessLog.format, accessLog.write);
    this.#routes = (options.routes ?? []).map(({ names, to }) => ({ names, group: this.#group(to) }));
    this.#fallback = options.to === undefined ? null : this.#group(options.to);
    this.#rules = {
      sendProxy: options.sendProxy ?? null,
      connectTimeout: options.connectTimeout ?? null,
      idleLimitOf: (backend) => this.#idleLimitOf(backend),
      sparesSubscribers: options.idleSpares === "subscribers",
      staysUntil: options.staysUntil ?? null,
      connected: (duration) => this.#counts.connected(duration / 1000),
    };
  }

  /** See {@link createTerminator}. */
  static async start(options: TerminatorOptions): Promise<Terminator> {
    checkOptions(options);
    const terminator = new Terminator(options);
    try {
      await terminator.#open();
    } catch (error) {
      await terminator.stop(0);
      throw error;
    }
    return terminator;
  }

  /** Where it listens, `127.0.0.1:6380`. */
  get address(): string {
    return this.#listener.text;
  }

  /** Where its status is answered; null when it is not. */
  get statusAddress(): string | null {
    return this.#status?.text ?? null;
  }

  /** Clients that are connected and were let in. */
  get connections(): number {
    return this.#sessions.size;
  }

  /** Why new connections should go elsewhere; empty when it is ready. */
  get troubles(): string[] {
    const groups = [...this.#routes.map(({ group }) => group), ...(this.#fallback ? [this.#fallback] : [])];
    const down = new Set(groups.flatMap(({ trouble }) => trouble ?? []));
    return [...(this.#draining ? ["draining: it is about to stop"] : []), ...down];
  }

  /** What it has counted, as Prometheus reads it. */
  get metrics(): string {
    return this.#metrics.text();
  }

  /** Reads certificates again. What is wrong is returned, and the old ones stay in force. */
  reload(): Promise<RedoubtError | null> {
    return this.#listener.reload();
  }

  /**
   * Takes no more connections, lets those that are open finish, and closes what is left when the limit is over.
   * @param limit ms. Default: `drainLimit`
   */
  stop(limit: number = this.#options.drainLimit ?? 30_000): Promise<Drained> {
    this.#stopped ??= this.#drain(limit);
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(0).then(() => {});
  }

  async #open(): Promise<void> {
    const { tls, exposed, limits, clientsFrom, proxyFrom, advice, handshakeLimit, status } = this.#options;
    this.#listener = await Listener.open({
      at: this.#options.listen,
      tls,
      watcher: this.#watcher(),
      serve: (accepted) => void this.#serve(accepted),
      ...(exposed !== undefined && { exposed }),
      ...(limits !== undefined && { limits }),
      ...(clientsFrom !== undefined && { clientsFrom }),
      ...(proxyFrom !== undefined && { proxyFrom }),
      ...(advice !== undefined && { advice }),
      ...(handshakeLimit !== undefined && { handshakeLimit }),
    });
    this.#counts = new ConnectionMetrics(this.#metrics, this.address);
    this.#watchBackends();
    await Promise.all([...this.#backends.values()].map((backend) => backend.start()));
    if (status === undefined) return;
    this.#status = await StatusServer.open({
      ...status,
      ready: () => ({ ready: this.troubles.length === 0, reasons: this.troubles }),
      metrics: () => this.metrics,
    });
  }

  async #serve(accepted: Accepted): Promise<void> {
    const began = performance.now();
    const session = new Session(accepted, this.#rules);
    this.#sessions.add(session);
    this.#counts.opened(session);
    const end = await this.#run(session);
    this.#sessions.delete(session);
    const duration = performance.now() - began;
    this.#counts.closed(session, end.reason, duration / 1000);
    const { sent, received } = session;
    this.#write(accepted, { ...end, sent, received, duration });
  }

  async #run(session: Session): Promise<SessionEnd> {
    const { socket, tls } = session.accepted;
    const refuse = (reason: string, words: string, detail: string | null = null): SessionEnd => {
      goodbye(socket, `-${words}\r\n`);
      return { reason, detail, upstream: null };
    };
    if (!allowsCertificate(this.#options.allow ?? [], tls?.certificate ?? null))
      return refuse(
        "access-denied",
        `NOPERM the client certificate ${nameOfClient(tls?.certificate ?? null) ?? "(none)"} is not let in here`.replace(
          /[\r\n]+/g,
          " ",
        ),
      );
    const name = tls?.servername ?? null;
    const group = (name === null ? undefined : rowForName(this.#routes, name)?.group) ?? this.#fallback;
    if (group === null)
      return refuse("no-route", `ERR no server here is called ${name ?? "(no name was asked for: SNI)"}`);
    const end = await session.run(group);
    if (end.reason !== "no-backend") return end;
    this.#say(`No backend for ${endText(session.accepted.peer)}: ${end.detail ?? ""}`);
    // What is wrong behind it is for the log; strangers learn only that it is not their fault.
    return {
      ...refuse("no-backend", "ERR no Redis can be reached behind this port, try again later"),
      detail: end.detail,
    };
  }

  #watcher(): ListenerWatcher {
    const reloads = (result: string): void =>
      this.#metrics
        .counter("redoubt_tunnel_certificate_reloads_total", "Certificates that were read again.", { result })
        .add();
    return {
      refused: (peer, reason, detail) => {
        this.#counts.refused(reason);
        const none = { sent: 0, received: 0, duration: 0, upstream: null };
        this.#write({ peer, tls: null }, { ...none, reason, detail: detail === "" ? null : detail });
      },
      secured: (duration, tls) => this.#counts.secured(duration / 1000, tls.resumed),
      reloaded: ({ error, expires }) => {
        reloads(error === null ? "ok" : "failed");
        this.#say(
          error === null
            ? `The certificates were read again; the first is valid until ${expires.toISOString()}.`
            : `The new certificates are not used, the old ones stay in force: ${error.message}`,
        );
      },
      acceptFailed: (error) => this.#say(`A connection could not be accepted: ${error.message}`),
    };
  }

  #write(
    { peer, tls }: { readonly peer: Peer; readonly tls: Accepted["tls"] },
    end: SessionEnd & { readonly sent: number; readonly received: number; readonly duration: number },
  ): void {
    this.#log?.write({
      listener: this.address,
      peer: endText(peer),
      via: peer.via === null ? null : endText(peer.via),
      servername: tls?.servername ?? null,
      protocol: tls?.protocol ?? null,
      certificate: nameOfClient(tls?.certificate ?? null),
      ...end,
    });
  }

  #group(to: Backends): BackendGroup {
    const targets = (Array.isArray(to) ? to : [to]).map((one: string | Target) =>
      typeof one === "string" ? parse(one) : one,
    );
    return new BackendGroup(
      targets.flatMap((target) => target.endpoints.map((endpoint) => this.#backend(target, endpoint))),
    );
  }

  /** One for each server, however many rows name it. */
  #backend(target: Target, endpoint: Target["endpoints"][number]): Backend {
    const { backendTls, sendProxy, health, idleLimit } = this.#options;
    const made = new Backend({
      target,
      endpoint,
      sendProxy: sendProxy ?? null,
      health: health ?? {},
      readsTimeout: idleLimit === "follow",
      changed: (change) => this.#changed(change),
      ...(backendTls !== undefined && { tls: backendTls }),
    });
    const key = `${made.text}|${target.tls.enabled}|${target.tls.servername ?? ""}`;
    const known = this.#backends.get(key) ?? made;
    this.#backends.set(key, known);
    return known;
  }

  #changed({ backend, up, why }: BackendChange): void {
    this.#say(up ? `${backend} is up.` : `${backend} is down: ${why ?? ""}`);
    const { health, closeWhenDown } = this.#options;
    if (up || !(closeWhenDown ?? (health !== undefined && health !== false && health.role === "master")))
      return;
    for (const session of this.#sessions) if (session.backend?.text === backend) session.stop("backend-down");
  }

  #watchBackends(): void {
    for (const backend of this.#backends.values()) {
      const labels = { backend: backend.text };
      const prefix = "redoubt_tunnel_backend";
      this.#metrics.gauge(`${prefix}_up`, "Whether a backend is up.", () => Number(backend.up), labels);
      this.#metrics.counted(
        `${prefix}_checks_total`,
        "Health checks of a backend.",
        () => backend.checks,
        labels,
      );
      this.#metrics.counted(
        `${prefix}_checks_failed_total`,
        "Health checks that failed.",
        () => backend.failedChecks,
        labels,
      );
    }
    this.#metrics.gauge(
      "redoubt_tunnel_certificate_expiry_timestamp_seconds",
      "When the certificate expires that is shown first.",
      () => (this.#listener.certificateExpires?.getTime() ?? 0) / 1000,
      { listener: this.address },
    );
  }

  #idleLimitOf(backend: Backend): number {
    const { idleLimit = defaultIdleLimit } = this.#options;
    if (idleLimit !== "follow") return idleLimit;
    return backend.redisTimeout || defaultIdleLimit;
  }

  async #drain(limit: number): Promise<Drained> {
    this.#draining = true;
    // Absent when opening it failed.
    const listener = this.#listener as Listener | undefined;
    await listener?.close();
    const before = this.#sessions.size;
    const until = performance.now() + limit;
    while (this.#sessions.size > 0 && performance.now() < until) await pause(Math.min(50, limit));
    const closed = this.#sessions.size;
    for (const session of this.#sessions) session.stop("drained");
    const last = performance.now() + lastWords;
    while (this.#sessions.size > 0 && performance.now() < last) await pause(10);
    listener?.destroy();
    for (const backend of this.#backends.values()) backend.close();
    this.#status?.close();
    return { finished: before - closed, closed };
  }
}

/** How long connections that are closed at the end may take to be gone, ms. */
const lastWords = 1500;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function checkOptions({ to, routes, allow, tls }: TerminatorOptions): void {
  if (to === undefined && (routes ?? []).length === 0)
    throw new RedoubtError("CONFIG_NO_ENDPOINT", "A terminator needs a Redis to lead to: to, or routes");
  if (
    (allow ?? []).length > 0 &&
    tls.clientCertificates !== "required" &&
    tls.clientCertificates !== "optional"
  )
    throw new RedoubtError("CONFIG_MISSING", "allow names client certificates, and none are asked for", {
      hint: 'Set clientCertificates to "required", and name the CA that issues them.',
    });
}

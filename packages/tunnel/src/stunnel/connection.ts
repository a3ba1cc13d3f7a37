import { connect, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { Intake } from "../bytes/intake.ts";
import { type Pipe, type PipeEnd, pipe } from "../bytes/pipe.ts";
import type { ProxyEnd } from "../bytes/proxy/header.ts";
import { writeV1 } from "../bytes/proxy/v1.ts";
import { reset } from "../bytes/reset.ts";
import { connectSecure, describe, handshake } from "./client-handshake.ts";
import { acceptsPeer } from "./judge.ts";
import type { Logger } from "./log.ts";
import { reach, socketOptions, tune } from "./reach.ts";
import type { ReadyService } from "./ready-service.ts";
import type { ServerSide } from "./server-side.ts";
import type { Suspicion } from "./suspicion.ts";
import type { Address, Targets } from "./targets.ts";

/** What a connection needs of its process. */
export interface ConnectionNeeds {
  readonly id: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly suspicion: Suspicion;
}

/** An accepted connection, from its first to its last byte. */
export class Connection {
  readonly ready: ReadyService;
  readonly #local: Socket;
  readonly #needs: ConnectionNeeds;
  #peer: string;
  #relay: Pipe | null = null;

  constructor(ready: ReadyService, local: Socket, needs: ConnectionNeeds) {
    this.ready = ready;
    this.#local = local;
    this.#needs = needs;
    this.#peer =
      local.remoteAddress === undefined ? "unnamed socket" : `${local.remoteAddress}:${local.remotePort}`;
    // What happens to it is seen where it is used.
    local.on("error", () => {});
    const { noDelay, keepAlive, keepIdle } = ready.service.local;
    local.setNoDelay(noDelay);
    if (keepAlive) local.setKeepAlive(true, (keepIdle ?? 0) * 1000);
  }

  /** For the list of connections. */
  get text(): string {
    const { service } = this.ready;
    const [toTls, toSocket] = this.#counts();
    return `[${this.#needs.id}] ${service.name}: ${this.#peer}, ${toTls} byte(s) sent to TLS, ${toSocket} byte(s) sent to socket`;
  }

  /** Serves it until it has ended. Never rejects. */
  async run(serverSide: ServerSide | null): Promise<void> {
    const { log } = this.#needs;
    log(5, `Service [${this.ready.service.name}] accepted connection from ${this.#peer}`);
    const end = serverSide === null ? await this.#asClient() : await this.#asServer(serverSide);
    if (end === null) {
      // A client that spoke TLS has been refused already.
      if (serverSide === null && this.ready.service.resets) reset(this.#local);
    } else this.#tell(end);
    const [toTls, toSocket] = this.#counts();
    const how = end === null || /reset|idle/.test(end.reason) ? "reset" : "closed";
    log(5, `Connection ${how}: ${toTls} byte(s) sent to TLS, ${toSocket} byte(s) sent to socket`);
  }

  async #asClient(): Promise<PipeEnd | null> {
    const { ready } = this;
    const { log, signal, suspicion } = this.#needs;
    const intake = new Intake(true);
    const reached = await reach(ready.targets, {
      service: ready.service,
      log,
      signal,
      begin: (address) => connectSecure(address, ready, intake),
    });
    if (reached === null) return null;
    const { socket, address } = reached;
    const silent = (): void => suspicion.look(address, log);
    const secured = await handshake(socket, { ...ready, address, log, signal, silent });
    return secured === null ? null : this.#carry(this.#local, secured, ready, intake);
  }

  async #asServer(serverSide: ServerSide): Promise<PipeEnd | null> {
    const { log } = this.#needs;
    const secured = await serverSide.handshake(this.#local, log);
    if (secured === null) return null;
    const { socket, ready } = secured;
    const { service, material } = ready;
    if (ready !== this.ready) log(6, `SNI: switched to service [${service.name}]`);
    const targets = acceptsPeer(socket, service.verification, material.trusted, log)
      ? ready.targets
      : ready.redirect;
    if (targets === null) {
      log(3, "SSL_accept: certificate verify failed");
      return this.#refuse(socket);
    }
    if (targets === ready.redirect) log(5, "Redirecting connection");
    describe(socket, socket.isSessionReused(), "accepted", log);
    const intake = new Intake();
    const backend = await this.#backend(targets, ready, intake);
    return backend === null ? this.#refuse(socket) : this.#carry(socket, backend, ready, intake);
  }

  async #backend(targets: Targets, { service }: ReadyService, intake: Intake): Promise<Socket | null> {
    const { log, signal } = this.#needs;
    const begin = (address: Address): Socket => {
      const socket = connect({ ...socketOptions(address, service), onread: intake.onread });
      tune(socket, service);
      return socket;
    };
    const reached = await reach(targets, { service, log, signal, begin });
    if (reached === null) return null;
    if (service.proxyHeader) {
      const { remoteAddress, remotePort, localAddress, localPort } = this.#local;
      reached.socket.write(writeV1(end(remoteAddress, remotePort), end(localAddress, localPort)));
    }
    return reached.socket;
  }

  #refuse(socket: TLSSocket): null {
    socket.on("error", () => {});
    if (this.ready.service.resets) reset(socket);
    else socket.destroy();
    return null;
  }

  async #carry(client: Socket, server: Socket, { service }: ReadyService, intake: Intake): Promise<PipeEnd> {
    const { idleLimit, closeLimit, resets } = service;
    const { signal } = this.#needs;
    this.#relay = pipe(client, server, { idleLimit, closeLimit, resets, signal, intake });
    return this.#relay.ended;
  }

  #counts(): [toTls: number, toSocket: number] {
    const { sent = 0, received = 0 } = this.#relay ?? {};
    return this.ready.service.client ? [sent, received] : [received, sent];
  }

  #tell({ reason, error }: PipeEnd): void {
    const { log } = this.#needs;
    if (reason === "idle-limit") log(6, "transfer: s_poll_wait: TIMEOUTidle exceeded: sending reset");
    else if (reason === "close-limit") log(6, "transfer: s_poll_wait: TIMEOUTclose exceeded: closing");
    else if (error !== null)
      log(3, `transfer: ${reason === "client-reset" ? "client" : "server"}: ${error.message}`);
  }
}

/** Null for a Unix socket. */
function end(address: string | undefined, port: number | undefined): ProxyEnd | null {
  return address === undefined || port === undefined ? null : { address, port };
}

import type { TcpSocketConnectOpts } from "node:net";
import { type ConnectionOptions, connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { withoutPeer } from "@redoubt/client/tls";
import type { Intake } from "../bytes/intake.ts";
import { acceptsPeer } from "./judge.ts";
import type { Logger } from "./log.ts";
import type { Material } from "./material.ts";
import { socketOptions, tune } from "./reach.ts";
import type { Service } from "./service.ts";
import type { Sessions } from "./sessions.ts";
import { type Address, addressText } from "./targets.ts";
import { tlsFailure } from "./tls-failure.ts";

/** After this much silence in a handshake the likeliest cause is named, ms: long before `TIMEOUTbusy` ends it. */
export const silence = 2000;

/** Of a section that speaks TLS to its targets: what it needs for that. */
export interface ClientSide {
  readonly service: Service;
  readonly material: Material;
  readonly sessions: Sessions;
}

/**
 * Begins to connect, and to speak TLS as soon as it is connected; an earlier session is offered.
 * @param intake reads the socket
 */
export function connectSecure(
  address: Address,
  { service, material, sessions }: ClientSide,
  intake: Intake,
): TLSSocket {
  const { servername } = service;
  const session = service.tls.resume ? sessions.find(addressText(address)) : undefined;
  const options: ConnectionOptions & Pick<TcpSocketConnectOpts, "onread"> = {
    ...socketOptions(address, service),
    secureContext: material.context,
    ...(servername !== null && { servername }),
    ...(session !== undefined && { session }),
    onread: intake.onread,
    // Judged when the handshake is over, by the section's own rules.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  };
  const socket = connect(options);
  // For `checkServerIdentity`, Node would decode the whole chain: a sixth of what a connection costs.
  socket.getPeerCertificate = () => ({}) as DetailedPeerCertificate;
  tune(socket, service);
  return socket;
}

/** What a handshake needs. */
export interface ClientHandshake extends ClientSide {
  readonly address: Address;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Called once, when the peer has said nothing for {@link silence}. */
  readonly silent: () => void;
}

/**
 * Waits for the handshake of a socket that has just been connected, and judges the peer before anything is sent to it.
 * @returns null when it came to nothing; why is logged, and the socket is gone
 */
export function handshake(socket: TLSSocket, needs: ClientHandshake): Promise<TLSSocket | null> {
  const { service, material, sessions, log, signal } = needs;
  const { servername, verification } = service;
  const target = addressText(needs.address);
  if (servername !== null) log(6, `SNI: sending servername: ${servername}`);
  log(
    6,
    verification.chain || verification.peer ? "Peer certificate required" : "Peer certificate not required",
  );
  return new Promise((resolve) => {
    const finish = (secured: TLSSocket | null): void => {
      clearTimeout(quiet);
      clearTimeout(limit);
      signal.removeEventListener("abort", stop);
      socket.off("error", fail).off("close", closed);
      if (secured === null) socket.destroy();
      resolve(secured);
    };
    const stop = (): void => finish(null);
    const fail = (error: NodeJS.ErrnoException): void => {
      sessions.forget(target);
      log(3, `SSL_connect: ${tlsFailure(error)}`);
      finish(null);
    };
    // The connection below it may be gone first, and then there is no error.
    const closed = (): void => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    // A cipher is agreed on with the first word of the peer.
    const quiet = setTimeout(() => (socket.getCipher() as unknown) === undefined && needs.silent(), silence);
    const limit = setTimeout(
      () => {
        log(6, "ssl_start: s_poll_wait: TIMEOUTbusy exceeded: sending reset");
        finish(null);
      },
      Math.min(service.busyLimit, 0x7fffffff),
    );
    if (socket.destroyed) return closed();
    signal.addEventListener("abort", stop);
    socket.once("error", fail).once("close", closed);
    socket.once("secureConnect", () => {
      const resumed = socket.isSessionReused();
      if (!resumed && !acceptsPeer(socket, verification, material.trusted, log)) {
        log(3, "SSL_connect: certificate verify failed");
        return finish(null);
      }
      describe(socket, resumed, "connected", log);
      // With TLS 1.3 sessions come after the handshake, with TLS 1.2 there is one now.
      if (service.tls.resume) {
        const kept = socket.getProtocol() === "TLSv1.3" ? undefined : socket.getSession();
        if (kept !== undefined) sessions.keep(target, kept);
        socket.on("session", (fresh) => sessions.keep(target, withoutPeer(fresh)));
      }
      finish(socket);
    });
  });
}

/** Says what was agreed on. */
export function describe(
  socket: TLSSocket,
  resumed: boolean,
  done: "connected" | "accepted",
  log: Logger,
): void {
  log(6, `TLS ${done}: ${resumed ? "previous session reused" : "new session negotiated"}`);
  const { name, standardName } = socket.getCipher();
  log(6, `${socket.getProtocol() ?? "TLS"} ciphersuite: ${standardName ?? name}`);
}

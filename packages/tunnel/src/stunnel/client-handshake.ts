import type { Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { layOver } from "../bytes/reset.ts";
import { acceptsPeer } from "./judge.ts";
import type { Logger } from "./log.ts";
import type { Material } from "./material.ts";
import type { Service } from "./service.ts";
import type { Sessions } from "./sessions.ts";
import { tlsFailure } from "./tls-failure.ts";

/** After this much silence in a handshake the likeliest cause is named, ms: long before `TIMEOUTbusy` ends it. */
export const silence = 2000;

/** What a handshake needs. */
export interface ClientHandshake {
  readonly service: Service;
  readonly material: Material;
  readonly sessions: Sessions;
  /** Tells targets apart. */
  readonly target: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Called once, when the peer has said nothing for {@link silence}. */
  readonly silent: () => void;
}

/**
 * Speaks TLS as a client, and judges the peer before anything is sent to it.
 * @returns null when it came to nothing; why is logged, and the socket is gone
 */
export function handshake(carrier: Socket, needs: ClientHandshake): Promise<TLSSocket | null> {
  const { service, material, sessions, target, log, signal } = needs;
  const { servername, verification } = service;
  if (servername !== null) log(6, `SNI: sending servername: ${servername}`);
  log(
    6,
    verification.chain || verification.peer ? "Peer certificate required" : "Peer certificate not required",
  );
  return new Promise((resolve) => {
    const session = service.tls.resume ? sessions.find(target) : undefined;
    const socket = connect({
      socket: carrier,
      secureContext: material.context,
      ...(servername !== null && { servername }),
      ...(session !== undefined && { session }),
      // Judged below, by the section's own rules.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    layOver(socket, carrier);
    const finish = (secured: TLSSocket | null): void => {
      clearTimeout(quiet);
      clearTimeout(limit);
      signal.removeEventListener("abort", stop);
      socket.off("error", fail).off("close", closed);
      if (secured === null) {
        socket.on("error", () => {});
        socket.destroy();
      }
      resolve(secured);
    };
    const stop = (): void => finish(null);
    const fail = (error: NodeJS.ErrnoException): void => {
      sessions.forget(target);
      log(3, `SSL_connect: ${tlsFailure(error)}`);
      finish(null);
    };
    // What carries it may be gone first, and then there is no error.
    const closed = (): void => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    const quiet = setTimeout(() => carrier.bytesRead === 0 && needs.silent(), silence);
    const limit = setTimeout(
      () => {
        log(6, "ssl_start: s_poll_wait: TIMEOUTbusy exceeded: sending reset");
        finish(null);
      },
      Math.min(service.busyLimit, 0x7fffffff),
    );
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
        socket.on("session", (fresh) => sessions.keep(target, fresh));
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

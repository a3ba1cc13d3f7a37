import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { createServer, type SecureContext, type Server, type TLSSocket } from "node:tls";
import { layOver } from "../bytes/reset.ts";
import type { Logger } from "./log.ts";
import type { ReadyService } from "./ready-service.ts";
import { matchesPattern } from "./server-name.ts";
import { tlsFailure } from "./tls-failure.ts";

/** A client whose handshake is over, and the section that answers it: by the name that it asked for. */
export interface Secured {
  readonly socket: TLSSocket;
  readonly ready: ReadyService;
}

interface Pending {
  readonly log: Logger;
  readonly settle: (secured: Secured | null) => void;
}

/** The TLS server of a section, with the sections that answer for names of theirs. */
export class ServerSide {
  readonly #primary: ReadyService;
  readonly #named: readonly ReadyService[];
  readonly #server: Server;
  readonly #pending = new Map<Socket, Pending>();

  /**
   * @param named sections with `sni = PRIMARY:PATTERN`, in the order of the file
   * @param ticketKeys 48 bytes; default random ones
   */
  constructor(primary: ReadyService, named: readonly ReadyService[], ticketKeys?: Buffer) {
    this.#primary = primary;
    this.#named = named;
    const all = [primary, ...named];
    this.#server = createServer({
      ...primary.material.options,
      ...(ticketKeys !== undefined && { ticketKeys }),
      handshakeTimeout: Math.min(primary.service.busyLimit, 0x7fffffff),
      requestCert: all.some(({ service }) => service.verification.requested),
      // Judged afterwards, by the rules of the section.
      rejectUnauthorized: false,
      ...(named.length > 0 && {
        SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void) =>
          done(null, this.#answering(name).material.context),
      }),
    });
    this.#server.on("secureConnection", (socket) => {
      const carrier = carrierOf(socket);
      layOver(socket, carrier);
      const { servername } = socket as unknown as { readonly servername: string | false | null };
      const ready = typeof servername === "string" ? this.#answering(servername) : primary;
      this.#take(carrier)?.settle({ socket, ready });
    });
    this.#server.on("tlsClientError", (error, socket) => {
      const pending = this.#take(carrierOf(socket));
      pending?.log(3, `SSL_accept: ${tlsFailure(error)}`);
      pending?.settle(null);
    });
  }

  /** @returns null when nothing came of it; why is logged, and the socket is gone or is to be reset */
  handshake(carrier: Socket, log: Logger): Promise<Secured | null> {
    return new Promise((settle) => {
      this.#pending.set(carrier, { log, settle });
      carrier.once("close", () => this.#take(carrier)?.settle(null));
      this.#server.emit("connection", carrier);
    });
  }

  #answering(name: string): ReadyService {
    const { name: primary } = this.#primary.service;
    const found = this.#named.find(({ service }) =>
      service.answersFor.some(
        (answers) =>
          answers.primary.toLowerCase() === primary.toLowerCase() && matchesPattern(name, answers.pattern),
      ),
    );
    return found ?? this.#primary;
  }

  #take(carrier: Socket): Pending | undefined {
    const pending = this.#pending.get(carrier);
    this.#pending.delete(carrier);
    return pending;
  }
}

/** The connection below a TLS connection that a server made of it: Node has no public name for it. */
function carrierOf(socket: TLSSocket): Socket {
  return (socket as unknown as { readonly _parent: Socket })._parent;
}

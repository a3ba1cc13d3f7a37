import { createTerminator, type Terminator, type TerminatorOptions } from "@redoubt/tunnel";
import type { IdleRule } from "../contract/service.ts";
import type { CertificateFiles } from "../identity/certificates.ts";

/** How the terminator of a service is opened. */
export interface FrontOptions {
  readonly port: number;
  readonly certificate: CertificateFiles;
  readonly idle: IdleRule;
  /** Unix sockets of the nodes that hold data. */
  readonly sockets: readonly string[];
  /** The user as whom nodes are asked for their role and their `timeout`. */
  readonly operator: { readonly username: string; readonly password: string };
  readonly clientsFrom: readonly string[] | null;
  /** Default: connections stay as long as they like. */
  readonly staysUntil?: TerminatorOptions["staysUntil"];
  readonly say: (sentence: string) => void;
}

/** How often nodes of a service with replicas are asked who takes writes, ms. */
const roleEvery = 500;

/**
 * Opens the terminator of a service: TLS from clients, the Unix socket of the node that takes writes behind it.
 * @throws RedoubtError `TCP_ADDRESS_IN_USE`
 */
export function openFront(options: FrontOptions): Promise<Terminator> {
  const { port, certificate, idle, sockets, operator, clientsFrom, staysUntil, say } = options;
  const login = `${encodeURIComponent(operator.username)}:${encodeURIComponent(operator.password)}`;
  const replicated = sockets.length > 1;
  return createTerminator({
    listen: { host: "127.0.0.1", port },
    // Certificates are exchanged by order, not noticed: two files are never read in the middle of it.
    tls: { certificates: [certificate], watchEvery: 0 },
    to: sockets.map((socket) => `unix://${login}@${encodeURI(socket)}`),
    ...(port !== 0 && { advice: `localhost:${port}` }),
    idleLimit: idle,
    // A single node that is down is dialled all the same: it is being started again.
    health: replicated
      ? { role: "master", interval: roleEvery, rise: 1, fall: 1 }
      : idle === "follow"
        ? { fall: Number.MAX_SAFE_INTEGER }
        : false,
    drainLimit: 0,
    ...(clientsFrom !== null && { clientsFrom }),
    ...(staysUntil !== undefined && { staysUntil }),
    say,
  });
}

import type { Accepted } from "./accepted.ts";
import type { ListenAddress } from "./address.ts";
import type { AdmissionLimits } from "./admission.ts";
import type { ListenTls } from "./tls-options.ts";
import type { ListenerWatcher } from "./watcher.ts";

/** How a listener listens. */
export interface ListenerOptions {
  /** See `parseListenAddress` for the text. */
  readonly at: ListenAddress | string;
  /** Whether other machines may come in: without it, only loopback and Unix sockets are listened on. Default false. */
  readonly exposed?: boolean;
  /** Mode of the file of a Unix socket. Default 0600: only this user connects. */
  readonly mode?: number;
  /** Connections that the kernel holds until they are accepted. Default 1024. */
  readonly backlog?: number;
  /** Speaks TLS. Default: plain text. */
  readonly tls?: ListenTls;
  /**
   * From whom a PROXY header (version 1 or 2) is believed, and then demanded: addresses, ranges (`10.0.0.0/8`), `unix`.
   * Others may not send one. Default: nobody, and none is looked for.
   */
  readonly proxyFrom?: readonly string[];
  /**
   * `redis`: the first byte is waited for, and a client that speaks TLS where plain text is spoken, or the other way
   * round, is told so. `anything`: a plain listener hands over at once. Default `redis`.
   */
  readonly expects?: "redis" | "anything";
  /** `host:port` that a plain client of a TLS port is told to connect to. Default: where it connected to. */
  readonly advice?: string;
  /** The error that a plain client of a TLS port is told, without `-ERR`; `advice` is not used then. */
  readonly mistaken?: string;
  /**
   * From where clients may come: addresses, ranges (`10.0.0.0/8`), `unix`. Behind a proxy that is trusted, what it says counts.
   * Default: from everywhere. None: nobody is let in.
   */
  readonly clientsFrom?: readonly string[];
  /** Longest time for PROXY header, first byte of a TLS client, and handshake, each; ms. Default 10 000. */
  readonly handshakeLimit?: number;
  readonly limits?: AdmissionLimits;
  /** Hears what becomes of connections that are not handed over. */
  readonly watcher?: ListenerWatcher;
  /** Takes a connection, reads it, and closes it. It is counted as open until its socket has closed. */
  readonly serve: (accepted: Accepted) => void;
}

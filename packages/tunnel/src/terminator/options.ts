import type { Target } from "@redoubt/client/config";
import type { TlsOptions } from "@redoubt/client/tls";
import type { ListenAddress } from "../listen/address.ts";
import type { AdmissionLimits } from "../listen/admission.ts";
import type { ListenTls } from "../listen/tls-options.ts";
import type { AccessLogFormat } from "../observe/access-log.ts";
import type { HealthOptions } from "./health-options.ts";
import type { Login } from "./logins.ts";

/** Backends, the first that is up is used: connection strings of any dialect, or parsed targets. Each endpoint is one. */
export type Backends = string | Target | readonly (string | Target)[];

/** How a terminator works: TLS comes in, plain or TLS Redis is behind it. Times are milliseconds. */
export interface TerminatorOptions {
  /** Where clients connect to; see `parseListenAddress` for the text. */
  readonly listen: ListenAddress | string;
  /** Whether other machines may connect. Default false: only loopback and Unix sockets are listened on. */
  readonly exposed?: boolean;
  readonly tls: ListenTls;
  /** Where connections go that no row of `routes` takes. Their credentials are used for health checks only. */
  readonly to?: Backends;
  /** Backends by the name that the client asks for (SNI), `*` for any part between dots. */
  readonly routes?: readonly { readonly names: readonly string[]; readonly to: Backends }[];
  /** What code says about the TLS of backends, beyond their connection strings. */
  readonly backendTls?: TlsOptions;
  /** Certificates that are let in, by common name or alternative name; see `allowsCertificate`. Default: all that the CA issued. */
  readonly allow?: readonly string[];
  readonly limits?: AdmissionLimits;
  /** From where clients may come: addresses, ranges (`10.0.0.0/8`). Default: from everywhere. None: nobody is let in. */
  readonly clientsFrom?: readonly string[];
  /** From whom a PROXY header is believed and demanded. */
  readonly proxyFrom?: readonly string[];
  /** Sends a PROXY header of that version to the backends. Redis does not understand it; another proxy may. */
  readonly sendProxy?: 1 | 2;
  /** `host:port` that plain clients are told to connect to. Default: where they connected to. */
  readonly advice?: string;
  /** For handshakes of clients. Default 10 000. */
  readonly handshakeLimit?: number;
  /** For reaching a backend. Default: what its connection string says, else 5000. */
  readonly connectTimeout?: number;
  /**
   * Longest silence of both sides; 0 for no limit. `follow`: what the server's `timeout` says, read again every half minute,
   * and the default where it says 0 or is not told. Default 43 200 000, 12 hours, as Aiven's terminator had it.
   */
  readonly idleLimit?: number | "follow";
  /** Whom the idle limit spares. `subscribers`: clients that have subscribed or watch (MONITOR). Default `nobody`. */
  readonly idleSpares?: "nobody" | "subscribers";
  /**
   * Asked for every login that a client sends, AUTH or HELLO with AUTH: until when its connection may stay, ms since 1970; null for
   * as long as it likes; undefined where the login changes nothing, because it will be refused. Services that take tokens hang up when
   * one ends. Default: nobody is asked.
   */
  readonly staysUntil?: (login: Login) => number | null | undefined;
  /** False for no checks. */
  readonly health?: HealthOptions | false;
  /** Whether connections to a backend are closed when it goes down. Default: if `health.role` is `master`. */
  readonly closeWhenDown?: boolean;
  /** How long open connections may go on when the terminator stops. Default 30 000. */
  readonly drainLimit?: number;
  /** Where `/live`, `/ready` and `/metrics` are answered. Default: nowhere. */
  readonly status?: { readonly at: ListenAddress | string; readonly exposed?: boolean };
  readonly accessLog?: { readonly format: AccessLogFormat; readonly write: (line: string) => void };
  /** Hears what an operator should know, one sentence each. Default: nobody. */
  readonly say?: (sentence: string) => void;
}

/** 12 hours. */
export const defaultIdleLimit = 43_200_000;

import { randomBytes } from "node:crypto";
import type { Authority } from "../certificates/authority.ts";
import type { IssuedCertificate } from "../certificates/issued.ts";
import type { CertificateKind } from "../certificates/kinds.ts";
import type { UserOptions } from "./config.ts";

/** A server that can be replicated from: any `RedisServer` is one. */
export interface Primary {
  /** IP address. */
  readonly address: string;
  readonly port: number | null;
  readonly tlsPort: number | null;
  /** Of the user `default`. */
  readonly password: string | null;
  /** Only asked for where there is a `tlsPort`. */
  readonly authority: Authority;
}

/**
 * Which ports the server opens: TLS only, plain text only, both, or plain text on a port that `uri` and `tlsPort` call a
 * TLS port (the trap that clients must notice).
 */
export type Listening = (typeof listenings)[number];

/** Every {@link Listening}. */
export const listenings = ["tls", "plain", "both", "plain-posing-as-tls"] as const;

/** A TLS version in the server's words. */
export type TlsProtocol = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** A password that nobody can guess: 144 bits. */
export const madeUpPassword = (): string => randomBytes(18).toString("base64url").replace(/^-/, "_");

/** How a server ended. */
export interface ServerEnd {
  /** Its exit code; null when a signal ended it, or when it could not be run. */
  readonly code: number | null;
  /** The signal that ended it, `SIGKILL`; null when it ended by itself. */
  readonly signal: string | null;
}

/** Options of `startServer`. All are optional; the defaults are the safe ones. */
export interface ServerOptions {
  /** Default `tls`. */
  readonly listen?: Listening;
  /** The plain port. Default, and for 0: a free one. */
  readonly port?: number;
  /** The TLS port. Default, and for 0: a free one. */
  readonly tlsPort?: number;
  /** Addresses to listen on, in redis.conf's words. Default `127.0.0.1` and, where there is IPv6, `::1`. */
  readonly bind?: readonly string[];
  /** Password of the user `default`; `false` for none. Default: made up, see `server.password`. */
  readonly password?: string | false;
  /** Further ACL users, by name. */
  readonly users?: Readonly<Record<string, UserOptions>>;

  /** Names in the server's certificate. Default `localhost`, `127.0.0.1`, `::1`. */
  readonly names?: readonly string[];
  /** The certificate served: a kind, or one that you issued. Default `valid`. */
  readonly certificate?: CertificateKind | IssuedCertificate;
  /**
   * The authority that signs, and that client certificates are checked against. Default: that of `replicaOf`, else a
   * new one.
   */
  readonly authority?: Authority;
  /** Whether clients must show a certificate (`tls-auth-clients`). Default `no`. */
  readonly clientCertificates?: "required" | "optional" | "no";
  /** TLS versions. Default: what the server allows by itself, 1.2 and 1.3. */
  readonly protocols?: readonly TlsProtocol[];
  /** Ciphers up to TLS 1.2, in OpenSSL's words (`tls-ciphers`). */
  readonly ciphers?: string;
  /** Cipher suites of TLS 1.3 (`tls-ciphersuites`). */
  readonly ciphersuites?: string;

  /** Folder for the data; it is made if absent and stays when the server stops. Default: nothing is kept. */
  readonly directory?: string;
  /** Makes the server a replica of that one. */
  readonly replicaOf?: Primary;
  /** Further lines for redis.conf, one directive each. */
  readonly config?: readonly string[];

  /** Path or name of the program. Default: `redis-server`, else `valkey-server`, from the `PATH`. */
  readonly binary?: string;
  /** Milliseconds until the server must be ready. Default 30 000. */
  readonly startTimeout?: number;
  /** How many lines of the server's log are kept. Default 200. */
  readonly logLines?: number;
  /** Takes each line of the server's log, passwords masked, as it comes. Default: only the last ones are kept. */
  readonly onLine?: (line: string) => void;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}

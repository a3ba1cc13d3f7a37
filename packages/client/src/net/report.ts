import type { Endpoint, TlsVersion } from "../config/target.ts";

/**
 * The steps of opening a connection, in order: ask a credentials provider (only where there is one), resolve the name, open the socket, TLS handshake with verification,
 * `HELLO`/`AUTH`, and what follows once authenticated (`CLIENT SETNAME`, `CLIENT SETINFO`, `SELECT`).
 */
export type StageName = "credentials" | "dns" | "tcp" | "tls" | "auth" | "setup";

/** One step that was taken, and what was found. */
export interface Stage {
  readonly name: StageName;
  /** How long it took, ms (with fractions). */
  readonly ms: number;
  readonly ok: boolean;
  /** One line for people: the addresses found, the protocol and cipher, the server's version. Never a secret. */
  readonly detail: string;
}

/** What the TLS handshake showed. */
export interface TlsReport {
  readonly protocol: TlsVersion;
  /** OpenSSL's (TLS 1.2) or the standard's (TLS 1.3) name of the cipher suite. */
  readonly cipher: string;
  /** Whether an earlier session was resumed (then no certificate was sent; the one shown is that session's). */
  readonly resumed: boolean;
  /** The name that was verified: a DNS name, or the address that was dialled. */
  readonly verifiedName: string;
  /** What was verified: `full`, `ca` (chain only), `none`, or `callback` (your certificateValidation decided). */
  readonly verification: "full" | "ca" | "none" | "callback";
  readonly certificate: CertificateReport;
}

export interface CertificateReport {
  readonly subject: string;
  /** DNS names and addresses of the subjectAltName. */
  readonly names: readonly string[];
  readonly issuer: string;
  /** ISO 8601. */
  readonly validFrom: string;
  /** ISO 8601. */
  readonly validTo: string;
  /** Whole days until {@link CertificateReport.validTo}; negative when it has passed. */
  readonly daysLeft: number;
  /** SHA-256 of the SubjectPublicKeyInfo in base64: the value to pin. */
  readonly pin: string;
}

/** What the server said about itself in its `HELLO` reply; `null` where it did not (RESP2, proxies). */
export interface ServerReport {
  /** `redis`, `valkey`, … */
  readonly product: string | null;
  readonly version: string | null;
  /** `standalone`, `cluster` or `sentinel`. */
  readonly mode: string | null;
  /** `master` or `replica`. */
  readonly role: string | null;
}

/** All that was learnt while opening one connection. */
export interface DialReport {
  readonly endpoint: Endpoint;
  /** The address that answered: `10.0.0.4:6380`, `[::1]:6380`, or the path of a Unix socket. */
  readonly address: string;
  readonly stages: readonly Stage[];
  /** The RESP version agreed on. */
  readonly protocol: 2 | 3;
  /** `null` without TLS. */
  readonly tls: TlsReport | null;
  readonly server: ServerReport;
  /** The database that was selected. */
  readonly database: number;
}

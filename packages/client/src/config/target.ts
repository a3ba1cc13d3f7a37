import type { Secret } from "./secret.ts";

/** The dialects of connection strings that Redoubt reads. */
export type Dialect = "url" | "servicestack" | "stackexchange" | "redis-cli" | "env";

export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** `full`: chain and name. `ca`: chain only. `none`: nothing, and never set by a connection string. */
export type Verification = "full" | "ca" | "none";

/** Where to dial: a host and a port, or a Unix socket (`path`, with `host` equal to the path and `port` 0). */
export interface Endpoint {
  readonly host: string;
  /** The port that is dialled, defaults applied. */
  readonly port: number;
  /** Unix socket; a leading `@` means Linux's abstract namespace. */
  readonly path?: string;
}

/** What a connection string says about TLS. Contents of files are read when dialling, so that they can change. */
export interface TlsSettings {
  readonly enabled: boolean;
  /** The name that is (or would be) verified and sent as SNI: said explicitly, or the one DNS name that all endpoints share; else `null` (each endpoint by its own address). */
  readonly servername: string | null;
  /** `null`: the default, TLS 1.2. */
  readonly minVersion: TlsVersion | null;
  /** `null`: the newest that both sides know. */
  readonly maxVersion: TlsVersion | null;
  readonly verify: Verification;
  /** Path of a PEM file with CA certificates, `system` for the operating system's store, or `null` for Node's own list. */
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  /** PKCS#12 file with certificate and key. */
  readonly pfxFile: string | null;
  readonly passphrase: Secret | null;
  /** OpenSSL cipher list. */
  readonly ciphers: string | null;
  /** SHA-256 of the SubjectPublicKeyInfo in base64, one of which the leaf must have; empty for no pinning. */
  readonly pins: readonly string[];
}

export interface SentinelSettings {
  readonly masterName: string;
  readonly username: string | null;
  readonly password: Secret | null;
}

export interface Timeouts {
  /** All stages of connecting together, ms. `null`: the client's default. */
  readonly connectMs: number | null;
  /** From call to reply, ms. `null`: the client's default. */
  readonly commandMs: number | null;
}

/** Something that is accepted and that the user should know. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  /** Index into the text that was parsed (UTF-16 units, from 0), or `null`. */
  readonly position: number | null;
}

/** What a connection string means, whatever its dialect. Absent things are `null`. */
export interface Target {
  readonly dialect: Dialect;
  /** At least one. Several mean Sentinels when {@link Target.sentinel} is there, else seeds of one deployment. */
  readonly endpoints: readonly Endpoint[];
  readonly tls: TlsSettings;
  readonly username: string | null;
  readonly password: Secret | null;
  readonly database: number | null;
  readonly clientName: string | null;
  readonly sentinel: SentinelSettings | null;
  readonly timeouts: Timeouts;
  /** Name of the vendor profile that matched: `azure-cache`, `azure-managed-redis`, `aiven`, `elasticache`, `upstash`, `redis-cloud`; else `null`. */
  readonly provider: string | null;
  /** All other options that the string set, by their canonical names (rows of the option table). */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly warnings: readonly Warning[];
}

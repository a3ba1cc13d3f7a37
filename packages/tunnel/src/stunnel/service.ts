import type { SecureVersion } from "node:tls";
import type { Place } from "./place.ts";
import type { Endpoint } from "./values/address.ts";
import type { DebugLevel } from "./values/debug-level.ts";

/** What is demanded of the peer's certificate. */
export interface Verification {
  /** Signed by a trusted CA. */
  readonly chain: boolean;
  /** Itself among the trusted certificates. */
  readonly peer: boolean;
  /** Of a client: that it shows one at all. A server always does. */
  readonly required: boolean;
  /** Of a client: whether it is asked for one. */
  readonly requested: boolean;
  /** Any of these names, addresses; empty for any name. */
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly emails: readonly string[];
}

/** Files of a section; null for none. */
export interface ServiceFiles {
  readonly cert: string | null;
  /** The file of the certificate where no other was named. */
  readonly key: string | null;
  readonly ca: string | null;
  readonly caDirectory: string | null;
  readonly crl: string | null;
  readonly crlDirectory: string | null;
}

/** What a socket is set to. */
export interface SocketSettings {
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
  /** Silence before the kernel asks, seconds; null for the system's. */
  readonly keepIdle: number | null;
}

/** How TLS is spoken, in Node's words. */
export interface TlsSettings {
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** OpenSSL list, suites of TLS 1.3 included. */
  readonly ciphers: string;
  readonly curves: string;
  readonly secureOptions: number;
  readonly resume: boolean;
  readonly sessions: number;
  /** Seconds. */
  readonly sessionLife: number;
}

/** A section that can be run: defaults filled in, contradictions refused. Times are milliseconds. */
export interface Service {
  readonly name: string;
  readonly place: Place;
  /** Whether TLS is spoken to `connect`; otherwise to whom is accepted. */
  readonly client: boolean;
  readonly accept: readonly { readonly endpoint: Endpoint; readonly place: Place }[];
  readonly connect: readonly Endpoint[];
  /** Where clients go whose certificate is refused. */
  readonly redirect: readonly Endpoint[];
  readonly files: ServiceFiles;
  readonly verification: Verification;
  readonly tls: TlsSettings;
  /** Client: the name to ask for. */
  readonly servername: string | null;
  /** Server: this section answers clients of `primary` that ask for a name of the pattern. */
  readonly answersFor: readonly {
    readonly primary: string;
    readonly pattern: string;
    readonly place: Place;
  }[];
  readonly busyLimit: number;
  readonly closeLimit: number;
  readonly connectLimit: number;
  readonly idleLimit: number;
  readonly delay: boolean;
  readonly failover: "rr" | "prio";
  readonly localAddress: string | null;
  /** Whether a PROXY header of version 1 goes first. */
  readonly proxyHeader: boolean;
  readonly resets: boolean;
  readonly local: SocketSettings;
  readonly remote: SocketSettings;
  readonly ipv6Only: boolean;
  readonly debug: DebugLevel;
  readonly connectionId: "sequential" | "unique" | "thread" | "process";
  readonly socketOwner: { readonly uid: number; readonly gid: number } | null;
}

/** The process as a whole. */
export interface ProcessSettings {
  readonly foreground: "yes" | "quiet" | "no";
  readonly debug: DebugLevel;
  /** Syslog's number. */
  readonly facility: number;
  readonly output: string | null;
  readonly overwrite: boolean;
  readonly syslog: boolean;
  readonly serviceName: string;
  readonly pidFile: string | null;
  /** Null to stay who one is. */
  readonly uid: number | null;
  readonly gid: number | null;
}

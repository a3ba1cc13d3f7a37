import type { TlsVersion } from "@redoubt/client/config";

/** A certificate that a listener shows, with its key. Paths of PEM files, read again when they change. */
export interface ServedCertificate {
  /** The certificate, followed by the intermediates that come along. */
  readonly certFile: string;
  /** Default: the key is in `certFile`. */
  readonly keyFile?: string;
  /** Intermediates, where they lie in a file of their own. */
  readonly chainFile?: string;
  /** Of an encrypted key. */
  readonly passphrase?: string;
  /** The names (SNI) for which it is shown, `*` for any part of a label. Default: those that it carries itself. */
  readonly names?: readonly string[];
}

/** How a listener speaks TLS. */
export interface ListenTls {
  /** At least one. The first is shown to clients whose name none of them carries, and to those that name nobody. */
  readonly certificates: readonly ServedCertificate[];
  /** Whether clients that ask for a name that no certificate carries are refused. Default false. */
  readonly strictNames?: boolean;
  /** Whether clients must show a certificate. Default `no`. `optional` refuses wrong ones and lets those without in. */
  readonly clientCertificates?: "no" | "optional" | "required";
  /** PEM file of the CAs that must have issued client certificates. Needed unless `clientCertificates` is `no`. */
  readonly clientCaFile?: string;
  /** PEM file of certificates that were revoked. */
  readonly clientCrlFile?: string;
  /** Default `TLSv1.2`. */
  readonly minVersion?: TlsVersion;
  /** Default: the newest. */
  readonly maxVersion?: TlsVersion;
  /** OpenSSL list, TLS 1.3 suites included. Default: Node's. */
  readonly ciphers?: string;
  /** How long a session may be resumed, ms; 0 for never. Default 300 000, as stunnel and HAProxy have it. */
  readonly sessionLifetime?: number;
  /** How often files are looked at for changes, ms; 0 for never. Default 2000. */
  readonly watchEvery?: number;
  /** 48 bytes that encrypt session tickets, for several processes that serve one port. Default: made up. */
  readonly ticketKeys?: Uint8Array;
}

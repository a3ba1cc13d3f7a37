import type { Buffer } from "node:buffer";
import type { X509Certificate } from "node:crypto";
import type { TlsVersion } from "../config/target.ts";

/** PEM text or bytes. */
export type Pem = string | Buffer;

/** Certificate and key of the client, for servers that ask for one (mTLS). */
export interface ClientCertificate {
  /** PEM, the leaf first, intermediates after it. */
  readonly cert?: Pem;
  /** PEM, encrypted or not. */
  readonly key?: Pem;
  /** PKCS#12 with certificate and key, instead of the two above. */
  readonly pfx?: Buffer;
  /** Of the key or the PKCS#12 file. */
  readonly passphrase?: string;
}

/** What is wrong with the peer's certificate, as .NET's `SslPolicyErrors` has it. */
export interface PolicyErrors {
  /** No certificate was sent. */
  readonly notAvailable: boolean;
  readonly nameMismatch: boolean;
  readonly chainErrors: boolean;
}

/** What a {@link CertificateValidation} callback is asked. */
export interface ValidationRequest {
  /** The name that should be in the certificate: DNS name or IP address. */
  readonly host: string;
  /** The address that was dialled. */
  readonly address: string;
  readonly certificate: X509Certificate;
  /** Leaf first, as far as the chain could be built. */
  readonly chain: readonly X509Certificate[];
  readonly errors: PolicyErrors;
  /** OpenSSL's word for what is wrong with the chain, for example `CERT_HAS_EXPIRED`; null when it is good. */
  readonly chainError: string | null;
  /** Why the name does not match; null when it does. */
  readonly nameError: string | null;
}

/**
 * Decides whether a certificate is accepted, and its word is final on chain and name: only `true` accepts. It is asked on
 * every connection, also when nothing is wrong. Pins are checked besides.
 */
export type CertificateValidation = (request: ValidationRequest) => boolean | Promise<boolean>;

/** What a {@link CertificateSelection} callback is asked. */
export interface SelectionRequest {
  /** The name that will be verified. */
  readonly host: string;
  /** Certificates configured besides the callback. */
  readonly localCertificates: readonly ClientCertificate[];
  /** Always null: Node asks for the certificate before the server has shown its own. */
  readonly remoteCertificate: null;
  /** Always empty: Node does not tell a client which issuers the server accepts. */
  readonly acceptableIssuers: readonly string[];
}

/** Gives the client certificate for a connection, or undefined for none. Asked before every connection, so it may rotate. */
export type CertificateSelection = (
  request: SelectionRequest,
) => ClientCertificate | undefined | Promise<ClientCertificate | undefined>;

/** TLS settings given in code. They win over those of the connection string. */
export interface TlsOptions extends ClientCertificate {
  /** CA certificates to trust instead of Node's own list; an intermediate is trusted without its root. */
  readonly ca?: Pem | readonly Pem[];
  /** PEM or DER file with CA certificates, or `system` for the operating system's store. Read again when it changes. */
  readonly caFile?: string;
  /**
   * Lists of revoked certificates (PEM, `X509 CRL`), one of each CA of the chain: what is on one is refused, and so is a
   * chain that one of them is missing for or too old. Default: nobody is asked.
   */
  readonly crl?: Pem | readonly Pem[];
  /** PEM file with such lists. Read again when it changes. */
  readonly crlFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly pfxFile?: string;
  /** Name to verify and to send as SNI, when it is not the host that is dialled. */
  readonly servername?: string;
  /** Default `TLSv1.2`. */
  readonly minVersion?: TlsVersion;
  /** Default: the newest. */
  readonly maxVersion?: TlsVersion;
  /** OpenSSL cipher list. */
  readonly ciphers?: string;
  /** SHA-256 of the SubjectPublicKeyInfo in base64 (with or without `sha256/` in front): the leaf must have one of them. */
  readonly pins?: readonly string[];
  /** `full` (default): chain and name; `ca`: chain only. */
  readonly verify?: "full" | "ca";
  /** Accepts any certificate, and so anybody in the middle. Warns. Only for experiments. */
  readonly dangerouslySkipVerification?: boolean;
  readonly certificateValidation?: CertificateValidation;
  readonly certificateSelection?: CertificateSelection;
  /** Whether sessions are resumed, which spares most of a handshake. Default true. */
  readonly resume?: boolean;
}

/** Callbacks for every connection of this process that has none of its own. */
export interface TlsDefaults {
  certificateValidation?: CertificateValidation | undefined;
  certificateSelection?: CertificateSelection | undefined;
}

/** Assign to its members. As with ServiceStack's `RedisConfig`, they are read at each connect. */
export const tlsDefaults: TlsDefaults = {};

import { type ErrorCode, RedoubtError } from "../errors.ts";

/**
 * The alerts with which a server ends a handshake. Source: RFC 8446 section 6.2; Node spells them
 * `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`, with a version in the middle that depends on the alert and on OpenSSL's own.
 */
const alerts: Readonly<Record<string, ErrorCode>> = {
  PROTOCOL_VERSION: "TLS_VERSION_MISMATCH",
  HANDSHAKE_FAILURE: "TLS_NO_COMMON_CIPHER",
  INSUFFICIENT_SECURITY: "TLS_NO_COMMON_CIPHER",
  CERTIFICATE_REQUIRED: "TLS_CLIENT_CERTIFICATE_REQUIRED",
  UNKNOWN_CA: "TLS_CLIENT_CERTIFICATE_REJECTED",
  BAD_CERTIFICATE: "TLS_CLIENT_CERTIFICATE_REJECTED",
  UNSUPPORTED_CERTIFICATE: "TLS_CLIENT_CERTIFICATE_REJECTED",
  CERTIFICATE_REVOKED: "TLS_CLIENT_CERTIFICATE_REJECTED",
  CERTIFICATE_EXPIRED: "TLS_CLIENT_CERTIFICATE_REJECTED",
  CERTIFICATE_UNKNOWN: "TLS_CLIENT_CERTIFICATE_REJECTED",
  ACCESS_DENIED: "TLS_CLIENT_CERTIFICATE_REJECTED",
};

/** What OpenSSL itself finds wrong on this side. */
const reasons: Readonly<Record<string, ErrorCode>> = {
  WRONG_VERSION_NUMBER: "TLS_PEER_IS_PLAINTEXT",
  PACKET_LENGTH_TOO_LONG: "TLS_PEER_IS_PLAINTEXT",
  HTTP_REQUEST: "TLS_PEER_IS_PLAINTEXT",
  UNSUPPORTED_PROTOCOL: "TLS_VERSION_MISMATCH",
  NO_PROTOCOLS_AVAILABLE: "TLS_VERSION_MISMATCH",
  VERSION_TOO_LOW: "TLS_VERSION_MISMATCH",
  NO_SHARED_CIPHER: "TLS_NO_COMMON_CIPHER",
  NO_CIPHERS_AVAILABLE: "TLS_NO_COMMON_CIPHER",
};

/** Errors of the socket below. */
const lost = /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/;

const said: Readonly<Partial<Record<ErrorCode, string>>> = {
  TLS_PEER_IS_PLAINTEXT: "answered the TLS handshake with something that is not TLS",
  TLS_VERSION_MISMATCH: "speaks no TLS version that is allowed here",
  TLS_NO_COMMON_CIPHER: "refused the handshake: no cipher in common",
  TLS_CLIENT_CERTIFICATE_REQUIRED: "wants a client certificate and got none",
  TLS_CLIENT_CERTIFICATE_REJECTED: "does not accept the client certificate",
  TLS_CLOSED: "closed the connection during the TLS handshake",
};

/** How far a handshake came. */
export interface HandshakeState {
  /** Whether this side had a client certificate to send. */
  readonly hasClientCertificate: boolean;
  /** Whether the server had shown its certificate: then version and cipher were agreed on. */
  readonly sawServerCertificate: boolean;
}

/** Whether an error comes from OpenSSL rather than from the socket below. */
export function isTlsFailure(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith("ERR_SSL_") === true || error.code === "EPROTO";
}

/** Turns what Node reports of a failed handshake into an error with a code. */
export function handshakeError(
  error: NodeJS.ErrnoException,
  address: string,
  state: HandshakeState,
): RedoubtError {
  const code = codeOf(error, state);
  const reason = error.code ?? error.message;
  const details = { address, cause: error };
  if (code === "TLS_PEER_IS_PLAINTEXT") {
    const hint = "The port does not speak TLS: check host and port, and whether TLS was switched off.";
    return new RedoubtError(code, `${address} ${said[code]}`, { ...details, hint });
  }
  return new RedoubtError(
    code,
    `${address} ${said[code] ?? `did not complete the TLS handshake (${reason})`}`,
    details,
  );
}

function codeOf(error: NodeJS.ErrnoException, state: HandshakeState): ErrorCode {
  if (lost.test(error.code ?? "")) return "TLS_CLOSED";
  const reason = reasonOf(error);
  const alert = /^(?:SSLV3|TLSV1|TLSV13|SSL\/TLS)_ALERT_(.+)$/.exec(reason)?.[1];
  const code = (alert === undefined ? reasons[reason] : alerts[alert]) ?? "TLS_FAILED";
  const { hasClientCertificate, sawServerCertificate } = state;
  // Up to TLS 1.2 a server that misses a client certificate says no more than "handshake failure".
  const aboutCertificate =
    code === "TLS_CLIENT_CERTIFICATE_REJECTED" || (alert === "HANDSHAKE_FAILURE" && sawServerCertificate);
  if (!aboutCertificate) return code;
  return hasClientCertificate ? "TLS_CLIENT_CERTIFICATE_REJECTED" : "TLS_CLIENT_CERTIFICATE_REQUIRED";
}

/** OpenSSL's reason in capitals. With `EPROTO` it is only in the text: `…:SSL routines:func:wrong version number:…`. */
function reasonOf({ code = "", message }: NodeJS.ErrnoException): string {
  if (code !== "EPROTO") return code.replace(/^ERR_SSL_/, "");
  return /:(?:SSL routines):[^:]*:([^:]+):/.exec(message)?.[1]?.toUpperCase().replaceAll(" ", "_") ?? "";
}

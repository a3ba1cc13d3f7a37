import { type ErrorCode, RedoubtError } from "../errors.ts";

/**
 * OpenSSL's errors and alerts during a handshake, and our codes for them. Source: RFC 8446 section 6.2 for the alerts;
 * spelled by Node as `ERR_SSL_` and OpenSSL's reason.
 */
const handshakeCodes: Readonly<Record<string, ErrorCode>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: "TLS_PEER_IS_PLAINTEXT",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "TLS_PEER_IS_PLAINTEXT",
  ERR_SSL_HTTP_REQUEST: "TLS_PEER_IS_PLAINTEXT",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "TLS_VERSION_MISMATCH",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "TLS_VERSION_MISMATCH",
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: "TLS_VERSION_MISMATCH",
  ERR_SSL_VERSION_TOO_LOW: "TLS_VERSION_MISMATCH",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: "TLS_NO_COMMON_CIPHER",
  ERR_SSL_NO_SHARED_CIPHER: "TLS_NO_COMMON_CIPHER",
  ERR_SSL_NO_CIPHERS_AVAILABLE: "TLS_NO_COMMON_CIPHER",
  ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY: "TLS_NO_COMMON_CIPHER",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "TLS_CLIENT_CERTIFICATE_REQUIRED",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "TLS_CLIENT_CERTIFICATE_REJECTED",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "TLS_CLIENT_CERTIFICATE_REJECTED",
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: "TLS_CLIENT_CERTIFICATE_REJECTED",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: "TLS_CLIENT_CERTIFICATE_REJECTED",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "TLS_CLIENT_CERTIFICATE_REJECTED",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "TLS_CLIENT_CERTIFICATE_REJECTED",
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: "TLS_CLIENT_CERTIFICATE_REJECTED",
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: "TLS_CLIENT_CERTIFICATE_REJECTED",
};

const said: Readonly<Partial<Record<ErrorCode, string>>> = {
  TLS_PEER_IS_PLAINTEXT: "answered the TLS handshake with something that is not TLS",
  TLS_VERSION_MISMATCH: "speaks no TLS version that is allowed here",
  TLS_NO_COMMON_CIPHER: "refused the handshake: no common cipher, or it wants a client certificate",
  TLS_CLIENT_CERTIFICATE_REQUIRED: "wants a client certificate and got none",
  TLS_CLIENT_CERTIFICATE_REJECTED: "does not accept the client certificate",
  TLS_CLOSED: "closed the connection during the TLS handshake",
};

/** Whether an error comes from OpenSSL rather than from the socket below. */
export function isTlsFailure(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith("ERR_SSL_") === true || error.code === "EPROTO";
}

/**
 * Turns what Node reports of a failed handshake into an error with a code.
 * @param error what the socket emitted
 * @param hasClientCertificate whether one was sent: a server that wants one says "handshake failure" in TLS 1.2
 */
export function handshakeError(
  error: NodeJS.ErrnoException,
  address: string,
  hasClientCertificate: boolean,
): RedoubtError {
  const reason =
    error.code === "EPROTO"
      ? `ERR_SSL_${/:([a-z0-9 ]+):/i.exec(error.message)?.[1]?.toUpperCase().replaceAll(" ", "_")}`
      : error.code;
  let code = handshakeCodes[reason ?? ""] ?? "TLS_FAILED";
  if (error.code === "ECONNRESET" || error.code === "EPIPE" || error.code === "ECONNABORTED")
    code = "TLS_CLOSED";
  if (code === "TLS_CLIENT_CERTIFICATE_REJECTED" && !hasClientCertificate) code = "TLS_FAILED";
  return new RedoubtError(
    code,
    `${address} ${said[code] ?? `did not complete the TLS handshake (${reason ?? error.message})`}`,
    {
      address,
      cause: error,
    },
  );
}

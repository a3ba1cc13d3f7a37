import { type ErrorCode, RedoubtError } from "@redoubt/client";

/** What the system, OpenSSL and Node call failures, in the words of the table of errors. */
const codes: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: "DNS_NOT_FOUND",
  EAI_AGAIN: "DNS_UNAVAILABLE",
  EAI_FAIL: "DNS_FAILED",
  ECONNREFUSED: "TCP_REFUSED",
  ECONNRESET: "TCP_RESET",
  EPIPE: "TCP_RESET",
  UND_ERR_SOCKET: "TCP_RESET",
  ETIMEDOUT: "TCP_TIMEOUT",
  UND_ERR_CONNECT_TIMEOUT: "TCP_TIMEOUT",
  UND_ERR_HEADERS_TIMEOUT: "TIMEOUT_CONNECT",
  UND_ERR_BODY_TIMEOUT: "TIMEOUT_CONNECT",
  EHOSTUNREACH: "TCP_UNREACHABLE",
  ENETUNREACH: "TCP_UNREACHABLE",
  CERT_HAS_EXPIRED: "TLS_EXPIRED",
  CERT_NOT_YET_VALID: "TLS_NOT_YET_VALID",
  ERR_TLS_CERT_ALTNAME_INVALID: "TLS_NAME_MISMATCH",
  DEPTH_ZERO_SELF_SIGNED_CERT: "TLS_SELF_SIGNED",
  SELF_SIGNED_CERT_IN_CHAIN: "TLS_ISSUER_UNKNOWN",
  UNABLE_TO_GET_ISSUER_CERT: "TLS_ISSUER_UNKNOWN",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "TLS_ISSUER_UNKNOWN",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "TLS_ISSUER_UNKNOWN",
  CERT_UNTRUSTED: "TLS_UNTRUSTED",
};

/** A failure to get an answer, with the code of its kind. */
export function networkError(error: unknown, address: string): RedoubtError {
  if (error instanceof RedoubtError) return error;
  const reason = rootOf(error);
  const code =
    codes[reason.code ?? ""] ??
    (/^ERR_(SSL|TLS)_|^EPROTO$/.test(reason.code ?? "") ? "TLS_FAILED" : "TCP_FAILED");
  return new RedoubtError(code, `No answer from ${address}: ${reason.code ?? reason.message}`, {
    address,
    cause: error,
    ...(code.startsWith("TLS_") && {
      hint: "Where a proxy or an Azure of your own has its own authority, name its certificate in NODE_EXTRA_CA_CERTS.",
    }),
  });
}

/** Several addresses that all failed come as one error with a list. */
function rootOf(error: unknown): NodeJS.ErrnoException {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (error instanceof Error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === undefined && error.cause instanceof Error ? rootOf(error.cause) : error;
  }
  return new Error(String(error));
}

/** Whether the same request may work a moment later. */
export function isTransient(error: unknown): boolean {
  return error instanceof RedoubtError && /^(DNS_UNAVAILABLE|TCP_|TIMEOUT_|TLS_CLOSED)/.test(error.code);
}

import { describe, expect, test } from "vitest";
import { handshakeError, isTlsFailure } from "../../../src/tls/explain.ts";

const failure = (code: string, message = "") => Object.assign(new Error(message), { code });
const nothingShown = { hasClientCertificate: false, sawServerCertificate: false };

const codeOf = (code: string, state: Partial<typeof nothingShown> = {}) =>
  handshakeError(failure(code), "10.0.0.4:6380", { ...nothingShown, ...state }).code;

test.each([
  ["ERR_SSL_WRONG_VERSION_NUMBER", "TLS_PEER_IS_PLAINTEXT"],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "TLS_PEER_IS_PLAINTEXT"],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "TLS_VERSION_MISMATCH"],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", "TLS_VERSION_MISMATCH"],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "TLS_NO_COMMON_CIPHER"],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", "TLS_NO_COMMON_CIPHER"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "TLS_CLIENT_CERTIFICATE_REQUIRED"],
  ["ECONNRESET", "TLS_CLOSED"],
  ["EPIPE", "TLS_CLOSED"],
  ["ETIMEDOUT", "TLS_CLOSED"],
  ["ERR_SSL_TLSV1_UNRECOGNIZED_NAME", "TLS_FAILED"],
  ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", "TLS_FAILED"],
])("%s is %s", (code, expected) => {
  expect(codeOf(code)).toBe(expected);
});

describe("alerts about certificates", () => {
  test.each(["UNKNOWN_CA", "BAD_CERTIFICATE", "CERTIFICATE_EXPIRED", "CERTIFICATE_UNKNOWN", "ACCESS_DENIED"])(
    "%s: rejected when one was sent, required when none was, in every spelling of OpenSSL",
    (alert) => {
      for (const version of ["SSLV3", "TLSV1", "SSL/TLS"]) {
        const code = `ERR_SSL_${version}_ALERT_${alert}`;
        expect(codeOf(code, { hasClientCertificate: true })).toBe("TLS_CLIENT_CERTIFICATE_REJECTED");
        expect(codeOf(code)).toBe("TLS_CLIENT_CERTIFICATE_REQUIRED");
      }
    },
  );

  test("handshake failure after the server has shown its certificate is about ours", () => {
    const code = "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE";
    expect(codeOf(code, { sawServerCertificate: true })).toBe("TLS_CLIENT_CERTIFICATE_REQUIRED");
    expect(codeOf(code, { sawServerCertificate: true, hasClientCertificate: true })).toBe(
      "TLS_CLIENT_CERTIFICATE_REJECTED",
    );
    expect(codeOf(code, { hasClientCertificate: true })).toBe("TLS_NO_COMMON_CIPHER");
  });
});

test("EPROTO says its reason in the text", () => {
  const text =
    "write EPROTO 80AC:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../rec.c:355:\n";
  const error = handshakeError(failure("EPROTO", text), "10.0.0.4:6380", nothingShown);
  expect(error).toMatchObject({ code: "TLS_PEER_IS_PLAINTEXT", address: "10.0.0.4:6380" });
  expect(error.hint).not.toContain("plain Redis");
  expect(handshakeError(failure("EPROTO", "odd"), "a", nothingShown).code).toBe("TLS_FAILED");
});

test("OpenSSL's errors are told from the socket's", () => {
  expect(
    ["ERR_SSL_X", "EPROTO", "ECONNRESET", "ERR_TLS_X"].map((code) => isTlsFailure(failure(code))),
  ).toEqual([true, true, false, false]);
});

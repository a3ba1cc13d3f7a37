import { type CheckRow, rowOf } from "../row.ts";

const row = rowOf("tls");

/** Checks of the area `tls`. */
export const tlsRows = {
  "tls-address-dialled": row(
    "error",
    0.97,
    "An address was dialled, and the certificate is for names",
    "Dial the name, or say which name to verify.",
  ),
  "tls-name-differs": row(
    "error",
    0.9,
    "The certificate is for another name",
    "Dial the name that it is for, or say which name to verify.",
  ),
  "tls-plain-port": row(
    "error",
    0.95,
    "The port speaks plain text, and TLS was asked for",
    "Dial the TLS port.",
  ),
  "tls-required": row("error", 0.95, "The port speaks TLS, and plain text was asked for", "Ask for TLS."),
  "tls-http": row(
    "error",
    0.9,
    "The port speaks HTTP",
    "Dial the port of Redis; look for a proxy in between.",
  ),
  "tls-versions": row(
    "error",
    0.95,
    "Both sides have no TLS version in common",
    "Allow TLS 1.2 or newer on the server.",
  ),
  "tls-cipher": row("error", 0.85, "Both sides have no cipher in common", "Compare the cipher lists."),
  "tls-clock": row(
    "error",
    0.98,
    "The clock of this machine is wrong",
    "Set the clock, and keep it set by NTP.",
  ),
  "tls-expired": row("error", 0.9, "The certificate has expired", "Renew it."),
  "tls-not-yet-valid": row(
    "error",
    0.9,
    "The certificate is not valid yet",
    "Check both clocks, then the certificate.",
  ),
  "tls-expires-soon": row("warning", 0.5, "The certificate expires soon", "Renew it."),
  "tls-inspected": row(
    "error",
    0.97,
    "Somebody in between opens TLS",
    "Exempt the host from TLS inspection.",
  ),
  "tls-intermediate-missing": row(
    "error",
    0.86,
    "The server does not send the intermediate certificate",
    "Let the server send its chain.",
  ),
  "tls-authority-unknown": row(
    "error",
    0.85,
    "The certificate comes from an authority that is not trusted here",
    "Give the certificate of the authority.",
  ),
  "tls-self-signed": row(
    "error",
    0.9,
    "The certificate is signed by itself",
    "Give that very certificate as authority, or use one from an authority.",
  ),
  "tls-chain-invalid": row(
    "error",
    0.85,
    "The chain of certificates does not hold",
    "Have the certificate issued anew.",
  ),
  "tls-client-certificate": row(
    "error",
    0.95,
    "The server wants a client certificate",
    "Give a certificate and its key.",
  ),
  "tls-swallowed": row(
    "error",
    0.7,
    "The handshake is never answered",
    "Look for a middlebox in between; check that this is a TLS port.",
  ),
  "tls-closed": row(
    "error",
    0.7,
    "The connection ends during the handshake",
    "Look for a proxy that picks by name, and check the port.",
  ),
  "tls-revocation-unreachable": row(
    "warning",
    0.6,
    "Lists of revoked certificates cannot be fetched: outbound port 80 is blocked",
    "Let TCP 80 out.",
  ),
  "tls-old-versions": row("info", 0.1, "The server still takes TLS 1.0 or 1.1", "Switch them off."),
} as const satisfies Record<string, CheckRow>;

import { type ErrorRow, row } from "./row.ts";

/** What goes wrong between the name of a server and being logged in to it. */
export const connecting = {
  DNS_NOT_FOUND: row(
    true,
    "A misspelt host, or a private DNS zone that this network is not linked to.",
    "Check the spelling of the host; inside a virtual network, check that its DNS zone is linked.",
  ),
  DNS_UNAVAILABLE: row(
    true,
    "The DNS server is down, or port 53 is blocked.",
    "No DNS server answered: check the resolver of this machine and port 53.",
  ),
  DNS_FAILED: row(
    true,
    "The resolver answered with an error.",
    "The name could not be resolved; look at the cause.",
  ),
  TCP_REFUSED: row(
    true,
    "A wrong port, or a server that is not running.",
    "The host is up and nothing listens there: check the port (6380 or 10000 for TLS on Azure) and that the server runs.",
  ),
  TCP_TIMEOUT: row(
    true,
    "A firewall, security group or route drops the packets.",
    "Packets vanish: check firewall, network security group, routes and that the address is reachable from here.",
  ),
  TCP_RESET: row(
    true,
    "A proxy or firewall closed the connection, or public access is off.",
    "The peer or a firewall in between cut the connection: check access rules and proxies.",
  ),
  TCP_UNREACHABLE: row(
    true,
    "No route leads from this network to the address.",
    "There is no route to that address from here: check the network, VPN or peering.",
  ),
  TCP_ADDRESS_IN_USE: row(
    true,
    "Another program, or an earlier start of this one, still listens there.",
    "Stop the program that listens there (ss -ltnp names it), or choose another address.",
  ),
  TCP_NO_SOCKET_FILE: row(
    true,
    "A wrong path, or a server that is not running.",
    "The Unix socket does not exist: check the path and that the server runs.",
  ),
  TCP_FAILED: row(
    true,
    "The operating system refused the connection.",
    "The connection could not be opened; look at the cause.",
  ),
  TLS_UNTRUSTED: row(
    false,
    "The server's certificate comes from a private CA that was not given.",
    "Give the CA certificate that signed the server (sslrootcert=… or tls.ca).",
  ),
  TLS_SELF_SIGNED: row(
    false,
    "The server uses a certificate that it made itself.",
    "The server signs its own certificate: give that very certificate as CA (sslrootcert=…), or use one from a CA.",
  ),
  TLS_ISSUER_UNKNOWN: row(
    false,
    "Only the server's own certificate was sent, and its issuer is not known here: a private CA, or an intermediate left out.",
    "Give the CA that issued the certificate (sslrootcert=… or tls.ca), or let the server send its intermediates.",
  ),
  TLS_EXPIRED: row(
    false,
    "The certificate was not renewed, or the clock of this machine is wrong.",
    "The certificate has expired: renew it, and check the clock of this machine.",
  ),
  TLS_NOT_YET_VALID: row(
    false,
    "The clock of this machine, or of the one that issued the certificate, is wrong.",
    "The certificate is not valid yet: check the clock of this machine, then the certificate's dates.",
  ),
  TLS_NAME_MISMATCH: row(
    false,
    "The server was dialled by an address or an alias that its certificate does not name.",
    "Dial the name that the certificate carries, or say which name to verify (servername=…).",
  ),
  TLS_REVOKED: row(
    false,
    "The CA has withdrawn the certificate.",
    "The certificate was revoked: have a new one issued.",
  ),
  TLS_CHAIN_INVALID: row(
    false,
    "A certificate of the chain may not sign, or is damaged.",
    "The certificate chain is broken; the cause names how.",
  ),
  TLS_REJECTED_BY_CALLBACK: row(
    false,
    "The callback's own rules.",
    "Your certificateValidation callback refused the certificate.",
  ),
  TLS_PIN_MISMATCH: row(
    false,
    "The server has a new key, or somebody sits in between.",
    "The server's public key is none of the pinned ones: check for a rotation, then update the pins.",
  ),
  TLS_VERSION_MISMATCH: row(
    false,
    "The server allows only versions older than TLS 1.2, or this side only newer ones.",
    "Both sides have no TLS version in common: allow TLS 1.2 or 1.3 on the server (or minVersion here).",
  ),
  TLS_NO_COMMON_CIPHER: row(
    false,
    "Narrow cipher lists on one of the two sides.",
    "Both sides have no cipher in common: compare the cipher lists.",
  ),
  TLS_CLIENT_CERTIFICATE_REQUIRED: row(
    false,
    "The server asks for mutual TLS (tls-auth-clients yes).",
    "The server wants a client certificate: give sslcert=… and sslkey=….",
  ),
  TLS_CLIENT_CERTIFICATE_REJECTED: row(
    false,
    "The certificate comes from a CA that the server does not know, or has expired.",
    "The server does not accept this client certificate: check its CA and its dates.",
  ),
  TLS_PEER_IS_PLAINTEXT: row(
    false,
    "The plain port was dialled (6379 instead of 6380), or TLS was switched off on the server.",
    "The port speaks plain Redis, not TLS: use the TLS port, or find out whether TLS was switched off.",
  ),
  TLS_PEER_REQUIRES_TLS: row(
    false,
    "redis:// was written where rediss:// is meant.",
    "The port expects TLS: use rediss:// (or ssl=true).",
  ),
  TLS_HANDSHAKE_TIMEOUT: row(
    true,
    "A firewall or proxy lets the connection through and swallows the handshake.",
    "The peer accepted the connection and never answered: it may speak plain text, or a middlebox swallows TLS.",
  ),
  TLS_CLOSED: row(
    true,
    "A proxy that picks by name (SNI), or a port that is not Redis.",
    "The peer closed the connection during the handshake: check that this is a TLS port, and proxies in between.",
  ),
  TLS_FAILED: row(
    false,
    "The two TLS libraries do not understand each other.",
    "The TLS handshake failed; look at the cause.",
  ),
  AUTH_REQUIRED: row(
    false,
    "The password was left out.",
    "The server wants a password: add it to the connection string or give a credentials provider.",
  ),
  AUTH_FAILED: row(
    false,
    "A key that was renewed, a token that expired, or a user name that is not the right one.",
    "User name or password is wrong, or the user is disabled: copy the key again; for a user name, check the ACL.",
  ),
  AUTH_NOT_CONFIGURED: row(
    false,
    "The password belongs to another server.",
    "The server has no password set: remove the password, or set one on the server.",
  ),
  AUTH_FORBIDDEN: row(
    false,
    "The user's ACL does not allow the command or the key.",
    "The user may not run this command or touch this key: widen its ACL.",
  ),
  AUTH_PROVIDER_FAILED: row(
    true,
    "The service that gives the token was not reachable, or refused.",
    "The credentials provider threw; look at the cause.",
  ),
} as const satisfies Record<string, ErrorRow>;

import { acceptAddress, connectAddress, localAddress } from "../values/address.ts";
import { debugLevel } from "../values/debug-level.ts";
import { emailToCheck, hostToCheck, ipToCheck } from "../values/names.ts";
import { seconds, wholeNumber } from "../values/numbers.ts";
import { onlyNo, onlyNone, onlyProxy, retries } from "../values/only.ts";
import { socketOption } from "../values/socket-option.ts";
import { tlsFlag } from "../values/tls-flag.ts";
import { oldestTlsVersion, tlsVersion } from "../values/tls-version.ts";
import { anyText, text, word, yesNo } from "../values/words.ts";
import { list, option } from "./row.ts";
import { instead } from "./unsupported-options.ts";

/** What belongs to a section. Before the first section: a default for all of them. */
export const serviceOptions = {
  accept: list(
    acceptAddress,
    "",
    "Where connections are accepted: `[HOST:]PORT`, `:::PORT` for all IPv6, or the path of a Unix socket. Without a host: all IPv4 addresses.",
  ),
  CAfile: option(
    anyText,
    "",
    "CA certificates to trust, or with `verifyPeer` the certificates of peers; PEM.",
  ),
  CApath: option(
    anyText,
    "",
    "Directory of CA certificates with names of the form `HASH.0`, as `openssl rehash` makes them; read at the start and at a reload.",
  ),
  cert: option(text("The file"), "", "Own certificate with its chain, PEM or PKCS#12. A server needs one."),
  checkEmail: list(
    emailToCheck,
    "",
    "E-mail address that the peer's certificate must have; one of several is enough. Needs `verifyChain` or `verifyPeer`.",
  ),
  checkHost: list(
    hostToCheck,
    "",
    "Host name that the peer's certificate must be for; one of several is enough. Needs `verifyChain` or `verifyPeer`.",
  ),
  checkIP: list(
    ipToCheck,
    "",
    "IP address that the peer's certificate must be for; one of several is enough. Needs `verifyChain` or `verifyPeer`.",
  ),
  ciphers: option(
    text("The list"),
    "HIGH:!aNULL:!SSLv2:!DH:!kDHEPSK",
    "Ciphers of TLS 1.2 and below, as OpenSSL writes them.",
  ),
  ciphersuites: option(
    text("The list"),
    "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256",
    "Cipher suites of TLS 1.3, in order of preference.",
  ),
  client: option(
    yesNo,
    "no",
    "`yes`: plain connections are accepted, and TLS is spoken to `connect`. `no`: the other way round.",
  ),
  connect: list(
    connectAddress,
    "",
    "Where to: `[HOST:]PORT` or the path of a Unix socket. Without a host: localhost. Several lines: see `failover`.",
  ),
  CRLfile: option(
    text("The file"),
    "",
    "Revocation lists, PEM; every certificate of a chain then needs one.",
  ),
  CRLpath: option(
    text("The directory"),
    "",
    "Directory of revocation lists with names of the form `HASH.r0`; read at the start and at a reload.",
  ),
  curves: option(
    text("The list"),
    "X25519:P-256:X448:P-521:P-384",
    "Curves of the key exchange, in order of preference; `curve` in older files.",
  ),
  debug: option(debugLevel, "notice", "How much is logged of this section."),
  delay: option(
    yesNo,
    "no",
    "`yes`: names of `connect` are looked up for each connection, so a failover by DNS is followed, and an unknown name is no error at the start.",
  ),
  failover: option(
    word(["rr", "prio"]),
    "prio",
    "Order of several addresses: `prio` as written, `rr` in turn. With `delay`, always `prio`.",
  ),
  key: option(
    text("The file"),
    "",
    "Private key of `cert`, PEM, not encrypted. Default: the file of `cert`.",
  ),
  libwrap: option(
    onlyNo("libwrap", "Restrict access with a firewall, or demand client certificates with verifyChain."),
    "no",
    "Only `no`: TCP wrappers are not consulted.",
  ),
  local: option(localAddress, "", "IP address of this machine that connections to `connect` come from."),
  logId: option(
    word(["sequential", "unique", "thread", "process"]),
    "sequential",
    "What tells connections apart in the log. `thread` and `process` are both the number of the process.",
  ),
  OCSPaia: option(
    onlyNo("OCSPaia", instead.ocsp),
    "no",
    "Only `no`: revocation is looked up in lists alone.",
  ),
  OCSPnonce: option(onlyNo("OCSPnonce", instead.ocsp), "no", "Only `no`, as `OCSPaia`."),
  OCSPrequire: option(onlyNo("OCSPrequire", instead.ocsp), "no", "Only `no`, as `OCSPaia`."),
  options: list(
    tlsFlag,
    "NO_SSLv2, NO_SSLv3",
    "Flag of OpenSSL's `SSL_CTX_set_options` without `SSL_OP_`; `-` in front clears it.",
  ),
  protocol: option(
    onlyProxy,
    "",
    "Only `proxy`, in server sections: `connect` is told by a PROXY protocol header (version 1) who is connected.",
  ),
  redirect: list(
    connectAddress,
    "",
    "Server: where clients go whose certificate is refused, instead of being cut.",
  ),
  renegotiation: option(yesNo, "yes", "Whether TLS 1.2 connections may renegotiate."),
  requireCert: option(
    yesNo,
    "no",
    "Whether a client must show a certificate. `verifyChain` and `verifyPeer` imply it.",
  ),
  reset: option(yesNo, "yes", "Whether a failure of one side is shown to the other as a TCP reset."),
  retry: option(
    retries,
    "no",
    "Has an effect on `exec` alone, so none here; read because templates have it.",
  ),
  securityLevel: option(
    wholeNumber("Illegal security level", 0, 5),
    "2",
    "OpenSSL's level of what is strong enough, 0 to 5. From 1 on, OpenSSL 3 refuses TLS 1.0 and 1.1.",
  ),
  service: option(anyText, "", "Name for TCP wrappers, which are not consulted: no effect."),
  sessionCacheSize: option(
    wholeNumber("Illegal session cache size", 0, 0x7fffffff),
    "1000",
    "How many TLS sessions a client section keeps for resumption; 0 for no limit.",
  ),
  sessionCacheTimeout: option(
    wholeNumber("Illegal session cache timeout", 0, 0x7fffffff),
    "300",
    "How long a TLS session may be resumed, seconds; `session` in older files.",
  ),
  sessionResume: option(yesNo, "yes", "Whether TLS sessions are resumed."),
  setgid: option(text("The group"), "", "Group of the Unix socket of `accept`."),
  setuid: option(text("The user"), "", "Owner of the Unix socket of `accept`."),
  sni: list(
    anyText,
    "",
    "Client: the name to ask for; empty for none; default the host of the first `connect`. Server: `SERVICE:PATTERN` makes this section answer clients of that section that ask for such a name.",
  ),
  socket: list(
    socketOption,
    "l:TCP_NODELAY=1, r:TCP_NODELAY=1, a:SO_REUSEADDR=1",
    "Option of the accepting (`a`), local (`l`) or remote (`r`) socket: `TCP_NODELAY`, `SO_KEEPALIVE`, `TCP_KEEPIDLE`, `SO_REUSEADDR`; on `a` `IPV6_V6ONLY`, too.",
  ),
  sslVersion: option(
    tlsVersion,
    "all",
    "The only version of TLS that is spoken: `TLSv1`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`, or `all`.",
  ),
  sslVersionMax: option(tlsVersion, "all", "The newest version of TLS that is spoken."),
  sslVersionMin: option(oldestTlsVersion, "TLSv1", "The oldest version of TLS that is spoken."),
  TIMEOUTbusy: option(
    seconds("busy", 1),
    "300",
    "How long data is waited for that must come, the TLS handshake above all; seconds.",
  ),
  TIMEOUTclose: option(
    seconds("close", 0),
    "60",
    "How long the other side may take to close when one side has closed; 0 does not wait. Seconds.",
  ),
  TIMEOUTconnect: option(seconds("connect", 1), "10", "How long each attempt to connect may take, seconds."),
  TIMEOUTidle: option(
    seconds("idle", 1),
    "43200",
    "How long a connection may be silent in both directions, seconds.",
  ),
  transparent: option(onlyNone, "none", "Only `none`: the target sees the address of this machine."),
  verify: option(
    wholeNumber("Bad verify level", 0, 4),
    "",
    "Old form: 0 ignores the certificate, 1 verifies the chain of a client's certificate if there is one, 2 is `verifyChain`, 3 both, 4 `verifyPeer`.",
  ),
  verifyChain: option(
    yesNo,
    "no",
    "Whether the peer's certificate must come from a CA of `CAfile` or `CApath`. Does not look at its name: see `checkHost`.",
  ),
  verifyPeer: option(yesNo, "no", "Whether the peer's certificate must itself be in `CAfile` or `CApath`."),
} as const;

/** Names that options had in older versions, in small letters. */
export const olderNames: Readonly<Record<string, ServiceOption>> = {
  curve: "curves",
  session: "sessionCacheTimeout",
};

/** The name of an option of a section. */
export type ServiceOption = keyof typeof serviceOptions;

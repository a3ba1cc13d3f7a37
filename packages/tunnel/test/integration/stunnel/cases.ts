// What is given to the real stunnel and to ours, and what must come of it.

/** How a client comes in. */
export interface Client {
  /** Speaks TLS, with this certificate (a file of the folder without its ending), and asks for this name. */
  readonly tls?: { readonly certificate?: string; readonly name?: string };
  /** Only connects, and says nothing. */
  readonly quiet?: true;
}

export interface Case {
  readonly name: string;
  readonly lines: string;
  readonly outcome: "answered" | "refused";
  readonly client?: Client;
}

export const client = "client = yes\n";
export const redis = `${client}connect = 127.0.0.1:@TLS\n`;
export const trusted = "CAfile = @DIR/ca.pem\n";
export const server = "cert = @DIR/server.pem\nkey = @DIR/server.key\nconnect = 127.0.0.1:@PLAIN\n";

export const cases: readonly Case[] = [
  { name: "nothing verified", lines: redis, outcome: "answered" },
  { name: "chain verified", lines: `${redis}verifyChain = yes\n${trusted}`, outcome: "answered" },
  {
    name: "chain of another CA",
    lines: `${redis}verifyChain = yes\nCAfile = @DIR/other.pem\n`,
    outcome: "refused",
  },
  { name: "CAfile alone verifies nothing", lines: `${redis}CAfile = @DIR/other.pem\n`, outcome: "answered" },
  { name: "verify 0", lines: `${redis}verify = 0\nCAfile = @DIR/other.pem\n`, outcome: "answered" },
  { name: "verify 1", lines: `${redis}verify = 1\nCAfile = @DIR/other.pem\n`, outcome: "refused" },
  { name: "verify 2", lines: `${redis}verify = 2\n${trusted}`, outcome: "answered" },
  { name: "verify 3 without the peer", lines: `${redis}verify = 3\n${trusted}`, outcome: "refused" },
  {
    name: "verify 3 with the peer",
    lines: `${redis}verify = 3\nCAfile = @DIR/both.pem\n`,
    outcome: "answered",
  },
  {
    name: "verify 4 with the peer alone",
    lines: `${redis}verify = 4\nCAfile = @DIR/redis.pem\n`,
    outcome: "answered",
  },
  {
    name: "verifyPeer with the peer alone",
    lines: `${redis}verifyPeer = yes\nCAfile = @DIR/redis.pem\n`,
    outcome: "answered",
  },
  { name: "verifyPeer with the CA alone", lines: `${redis}verifyPeer = yes\n${trusted}`, outcome: "refused" },
  {
    name: "a later verifyChain = no undoes verify = 2",
    lines: `${redis}CAfile = @DIR/other.pem\nverify = 2\nverifyChain = no\n`,
    outcome: "answered",
  },
  {
    name: "checkHost, right",
    lines: `${redis}verifyChain = yes\n${trusted}checkHost = localhost\n`,
    outcome: "answered",
  },
  {
    name: "checkHost, wrong",
    lines: `${redis}verifyChain = yes\n${trusted}checkHost = wrong.test\n`,
    outcome: "refused",
  },
  {
    name: "checkHost, one of two",
    lines: `${redis}verifyChain = yes\n${trusted}checkHost = wrong.test\ncheckHost = localhost\n`,
    outcome: "answered",
  },
  {
    name: "checkIP, right",
    lines: `${redis}verifyChain = yes\n${trusted}checkIP = 127.0.0.1\n`,
    outcome: "answered",
  },
  {
    name: "checkIP, wrong",
    lines: `${redis}verifyChain = yes\n${trusted}checkIP = 10.0.0.1\n`,
    outcome: "refused",
  },
  {
    name: "a wrong checkHost beside a right checkIP",
    lines: `${redis}verifyChain = yes\n${trusted}checkHost = wrong.test\ncheckIP = 127.0.0.1\n`,
    outcome: "answered",
  },
  {
    name: "checkEmail, wrong",
    lines: `${redis}verifyChain = yes\n${trusted}checkEmail = a@b.test\n`,
    outcome: "refused",
  },
  {
    name: "verifyPeer with a wrong checkHost",
    lines: `${redis}verifyPeer = yes\nCAfile = @DIR/redis.pem\ncheckHost = wrong.test\n`,
    outcome: "refused",
  },
  { name: "TLS 1.2 only", lines: `${redis}sslVersion = TLSv1.2\n`, outcome: "answered" },
  { name: "TLS 1.3 only", lines: `${redis}sslVersion = TLSv1.3\n`, outcome: "answered" },
  { name: "TLS 1.1 only", lines: `${redis}sslVersion = TLSv1.1\n`, outcome: "refused" },
  {
    name: "every version switched off",
    lines: `${redis}options = NO_TLSv1_2\noptions = NO_TLSv1_3\n`,
    outcome: "refused",
  },
  {
    name: "sslVersionMax below what Redis speaks",
    lines: `${redis}sslVersionMax = TLSv1.1\n`,
    outcome: "refused",
  },
  {
    name: "a cipher of TLS 1.2",
    lines: `${redis}sslVersion = TLSv1.2\nciphers = ECDHE-ECDSA-AES128-GCM-SHA256\n`,
    outcome: "answered",
  },
  {
    name: "no cipher in common",
    lines: `${redis}sslVersion = TLSv1.2\nciphers = ECDHE-RSA-AES128-GCM-SHA256\n`,
    outcome: "refused",
  },
  {
    name: "a suite of TLS 1.3",
    lines: `${redis}ciphersuites = TLS_CHACHA20_POLY1305_SHA256\n`,
    outcome: "answered",
  },
  { name: "a curve", lines: `${redis}curves = P-256\n`, outcome: "answered" },
  {
    name: "a name in connect, looked up for each connection",
    lines: `${client}connect = localhost:@TLS\ndelay = yes\n`,
    outcome: "answered",
  },
  {
    name: "a name that does not exist",
    lines: `${client}connect = nowhere.invalid:6379\ndelay = yes\n`,
    outcome: "refused",
  },
  { name: "nobody listens there", lines: `${client}connect = 127.0.0.1:1\n`, outcome: "refused" },
  {
    name: "the second of two targets",
    lines: `${client}connect = 127.0.0.1:1\nconnect = 127.0.0.1:@TLS\n`,
    outcome: "answered",
  },
  {
    name: "targets in turn",
    lines: `${client}connect = 127.0.0.1:1\nconnect = 127.0.0.1:@TLS\nfailover = rr\n`,
    outcome: "answered",
  },
  { name: "a source address", lines: `${redis}local = 127.0.0.1\n`, outcome: "answered" },
  {
    name: "plain Redis behind a client section",
    lines: `${client}connect = 127.0.0.1:@PLAIN\nTIMEOUTbusy = 1\n`,
    outcome: "refused",
  },
  {
    name: "a client certificate where one is demanded",
    lines: `${client}connect = 127.0.0.1:@MTLS\ncert = @DIR/client.pem\nkey = @DIR/client.key\n`,
    outcome: "answered",
  },
  {
    name: "certificate and key in one file",
    lines: `${client}connect = 127.0.0.1:@MTLS\ncert = @DIR/pair.pem\n`,
    outcome: "answered",
  },
  {
    name: "no client certificate where one is demanded",
    lines: `${client}connect = 127.0.0.1:@MTLS\n`,
    outcome: "refused",
  },
  { name: "server section", lines: server, outcome: "answered", client: { tls: {} } },
  { name: "server section, plain client", lines: server, outcome: "refused" },
  {
    name: "server section, chain demanded and shown",
    lines: `${server}verifyChain = yes\n${trusted}`,
    outcome: "answered",
    client: { tls: { certificate: "client" } },
  },
  {
    name: "server section, chain demanded and nothing shown",
    lines: `${server}verifyChain = yes\n${trusted}`,
    outcome: "refused",
    client: { tls: {} },
  },
  {
    name: "server section, chain of another CA shown",
    lines: `${server}verifyChain = yes\n${trusted}`,
    outcome: "refused",
    client: { tls: { certificate: "stranger" } },
  },
  {
    name: "server section, verify 1, nothing shown",
    lines: `${server}verify = 1\n${trusted}`,
    outcome: "answered",
    client: { tls: {} },
  },
  {
    name: "server section, verify 1, another CA shown",
    lines: `${server}verify = 1\n${trusted}`,
    outcome: "refused",
    client: { tls: { certificate: "stranger" } },
  },
  {
    name: "server section, peer pinned",
    lines: `${server}verifyPeer = yes\nCAfile = @DIR/client.pem\n`,
    outcome: "answered",
    client: { tls: { certificate: "client" } },
  },
  {
    name: "server section, checkHost of the client, wrong",
    lines: `${server}verifyChain = yes\n${trusted}checkHost = wrong.test\n`,
    outcome: "refused",
    client: { tls: { certificate: "client" } },
  },
  {
    name: "server section, refused client redirected",
    lines: `${server}verifyChain = yes\n${trusted}redirect = 127.0.0.1:@PLAIN\n`,
    outcome: "answered",
    client: { tls: { certificate: "stranger" } },
  },
  {
    name: "server section, TLS 1.1 client side only",
    lines: `${server}sslVersionMax = TLSv1.1\n`,
    outcome: "refused",
    client: { tls: {} },
  },
  {
    name: "primary of names",
    lines: "cert = @DIR/server.pem\nkey = @DIR/server.key\nconnect = 127.0.0.1:1\n",
    outcome: "refused",
    client: { tls: { name: "other.test" } },
  },
  {
    name: "silence beyond TIMEOUTidle",
    lines: `${redis}TIMEOUTidle = 1\n`,
    outcome: "refused",
    client: { quiet: true },
  },
  {
    name: "CApath",
    lines: `${redis}verifyChain = yes\nCApath = @DIR/trusted\n`,
    outcome: "answered",
  },
  {
    name: "CApath of another CA",
    lines: `${redis}verifyChain = yes\nCApath = @DIR/strangers\n`,
    outcome: "refused",
  },
  {
    name: "verifyPeer with CApath",
    lines: `${redis}verifyPeer = yes\nCApath = @DIR/peers\n`,
    outcome: "answered",
  },
  {
    name: "CRLfile that says nothing of the server",
    lines: `${redis}verifyChain = yes\n${trusted}CRLfile = @DIR/none.crl\n`,
    outcome: "answered",
  },
  {
    name: "CRLfile that revokes the server",
    lines: `${redis}verifyChain = yes\n${trusted}CRLfile = @DIR/server-revoked.crl\n`,
    outcome: "refused",
  },
  {
    name: "CRLpath that revokes the server",
    lines: `${redis}verifyChain = yes\n${trusted}CRLpath = @DIR/revoked\n`,
    outcome: "refused",
  },
  {
    name: "server section, CRLfile that revokes the client",
    lines: `${server}verifyChain = yes\n${trusted}CRLfile = @DIR/client-revoked.crl\n`,
    outcome: "refused",
    client: { tls: { certificate: "client" } },
  },
  {
    name: "server section, CRLpath that says nothing of the client",
    lines: `${server}verifyChain = yes\n${trusted}CRLpath = @DIR/revoked\n`,
    outcome: "answered",
    client: { tls: { certificate: "client" } },
  },
  {
    name: "PKCS#12 without a passphrase",
    lines: `${client}connect = 127.0.0.1:@MTLS\ncert = @DIR/client.p12\n`,
    outcome: "answered",
  },
];

/** What to do instead of an option that stunnel has and this program does not. */
export const instead = {
  engine: "Keep the key in a file that only this user may read: keys in hardware are not supported.",
  exec: "Start the program yourself and give its port: connect = PORT.",
  negotiation: "Remove the line: it belongs to protocols that Redis does not speak.",
  ocsp: "Remove the line and use short-lived certificates, or a revocation list: CRLfile = FILE.",
  psk: "Use certificates: cert, CAfile and verifyChain. Keys shared in advance are not supported.",
  random: "Remove the line: Node's OpenSSL takes its randomness from the kernel.",
  windows: "Remove the line: it belongs to stunnel's window on Windows.",
} as const;

/** Options of stunnel, up to 5.75, that are refused, and what to do about each. */
export const unsupportedOptions: Readonly<Record<string, string>> = {
  CAengine: instead.engine,
  CAstore: "Name a file or directory: CAfile = /etc/ssl/certs/ca-certificates.crt holds what Debian trusts.",
  chroot: "Remove the line; under systemd, RootDirectory= and ProtectSystem=strict confine the process.",
  compression: "Remove the line: compression inside TLS leaks secrets (CRIME), and OpenSSL comes without it.",
  config:
    "Use the option of the same meaning: sslVersionMin, sslVersionMax, ciphers, ciphersuites, curves, options.",
  EGD: instead.random,
  engine: instead.engine,
  engineCtrl: instead.engine,
  engineDefault: instead.engine,
  engineId: instead.engine,
  engineNum: instead.engine,
  exec: instead.exec,
  execArgs: instead.exec,
  iconActive: instead.windows,
  iconError: instead.windows,
  iconIdle: instead.windows,
  ident: "Remove the line: IDENT names nobody reliably; demand client certificates with verifyChain.",
  OCSP: instead.ocsp,
  OCSPflag: instead.ocsp,
  protocolAuthentication: instead.negotiation,
  protocolDomain: instead.negotiation,
  protocolHeader: instead.negotiation,
  protocolHost: instead.negotiation,
  protocolPassword: instead.negotiation,
  protocolUsername: instead.negotiation,
  provider: instead.engine,
  providerParameter: instead.engine,
  PSKidentity: instead.psk,
  PSKsecrets: instead.psk,
  pty: instead.exec,
  RNDbytes: instead.random,
  RNDfile: instead.random,
  RNDoverwrite: instead.random,
  sessiond: "Remove the line: sessions are resumed with tickets, without a server that keeps them.",
  setEnv: "Set the variable in the environment of this process: in the unit file or the shell.",
  stack: "Remove the line: connections have no stack of their own here.",
  taskbar: instead.windows,
  ticketKeySecret:
    "Remove the line: the keys of session tickets are made at the start and never leave the process.",
  ticketMacSecret:
    "Remove the line: the keys of session tickets are made at the start and never leave the process.",
  TIMEOUTocsp: instead.ocsp,
};

/** Options whose value is a secret, which no message repeats. */
export const secretOptions: ReadonlySet<string> = new Set([
  "protocolpassword",
  "ticketkeysecret",
  "ticketmacsecret",
  "pskidentity",
]);

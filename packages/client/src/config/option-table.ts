import type { Dialect } from "./target.ts";

/**
 * Every option of a connection string, as rows of one table. The parsers, the formatter, the masking of secrets and the page
 * `docs/guide/options.md` are readings of it: a new option is a new row.
 */

/** How the text of a value is read. */
export type OptionType =
  | "text"
  | "boolean"
  | "integer"
  | "duration"
  | "database"
  | "file"
  | "TLS version"
  | "TLS versions"
  | "verification"
  | "pins"
  | "protocol"
  | "server version"
  | "proxy"
  | "tunnel";

/** What Redoubt does with an option. `used`: it shapes the target. `kept`: it is in `target.options`. `ignored`: accepted, not looked at. */
export type OptionEffect = "used" | "kept" | "ignored";

/** A word of a dialect for an option. */
export interface OptionWord {
  readonly word: string;
  /** Where the dialect counts seconds; else milliseconds. */
  readonly unit?: "s";
  /** Smallest number that the dialect accepts. */
  readonly min?: number;
}

export interface OptionRow {
  readonly type: OptionType;
  readonly effect: OptionEffect;
  /** What holds when the string does not say. */
  readonly default: string;
  /** A secret is masked wherever the target is shown, and its value is in no message. */
  readonly secret?: true;
  /** An option that only means something with TLS: without TLS it is a trap. */
  readonly tls?: true;
  /** The words of each dialect, the one that is written first. */
  readonly words: Readonly<Partial<Record<Dialect, readonly (string | OptionWord)[]>>>;
  /** One line. */
  readonly meaning: string;
  /** Warning for everyone who sets it. */
  readonly notice?: string;
}

const seconds = (word: string): OptionWord => ({ word, unit: "s" });
const atLeastOne = (word: string): OptionWord => ({ word, min: 1 });

export const optionTable = {
  username: {
    type: "text",
    effect: "used",
    default: "none (the server's `default` user)",
    words: {
      url: ["username", "user"],
      servicestack: ["username"],
      stackexchange: ["user"],
      "redis-cli": ["--user"],
      env: ["USERNAME", "USER"],
    },
    meaning: "ACL user to authenticate as.",
  },
  password: {
    type: "text",
    effect: "used",
    default: "none",
    secret: true,
    words: {
      url: ["password"],
      servicestack: ["password"],
      stackexchange: ["password"],
      "redis-cli": ["-a", "--pass"],
      env: ["PASSWORD"],
    },
    meaning: "Password or access key.",
  },
  database: {
    type: "database",
    effect: "used",
    default: "none (the server starts in 0)",
    words: {
      url: ["db", "database"],
      servicestack: ["db"],
      stackexchange: ["defaultDatabase"],
      "redis-cli": ["-n"],
      env: ["DB", "DATABASE"],
    },
    meaning: "Number of the database to select.",
  },
  clientName: {
    type: "text",
    effect: "used",
    default: "none",
    words: { url: ["clientname", "client"], servicestack: ["client"], stackexchange: ["name"] },
    meaning: "Name of the connection, shown by CLIENT LIST.",
  },
  tls: {
    type: "boolean",
    effect: "used",
    default: "by scheme, else by provider, else false",
    words: {
      url: ["ssl", "tls"],
      servicestack: ["ssl"],
      stackexchange: ["ssl"],
      "redis-cli": ["--tls"],
      env: ["TLS", "SSL"],
    },
    meaning: "Whether the connection is encrypted.",
  },
  servername: {
    type: "text",
    effect: "used",
    default: "the DNS name that all endpoints share",
    tls: true,
    words: { url: ["servername", "sslhost"], stackexchange: ["sslHost"], "redis-cli": ["--sni"] },
    meaning: "Name sent as SNI and looked for in the certificate.",
  },
  minVersion: {
    type: "TLS version",
    effect: "used",
    default: "TLSv1.2",
    tls: true,
    words: { url: ["ssl_min_protocol_version", "tlsminversion"] },
    meaning: "Oldest TLS version to accept.",
  },
  maxVersion: {
    type: "TLS version",
    effect: "used",
    default: "the newest",
    tls: true,
    words: { url: ["ssl_max_protocol_version", "tlsmaxversion"] },
    meaning: "Newest TLS version to offer.",
  },
  tlsVersions: {
    type: "TLS versions",
    effect: "used",
    default: "TLS 1.2 and newer",
    tls: true,
    words: { url: ["sslprotocols"], servicestack: ["sslprotocols"], stackexchange: ["sslProtocols"] },
    meaning: "TLS versions by their .NET names, joined by `|`; sets the oldest and the newest.",
  },
  verify: {
    type: "verification",
    effect: "used",
    default: "full",
    tls: true,
    words: { url: ["sslmode", "verify"] },
    meaning: "`verify-full`: certificate chain and name. `verify-ca`: the chain only.",
  },
  caFile: {
    type: "file",
    effect: "used",
    default: "Node's list of CAs",
    tls: true,
    words: { url: ["sslrootcert"], "redis-cli": ["--cacert"] },
    meaning: "PEM file with CA certificates, or `system` for the operating system's store.",
  },
  certFile: {
    type: "file",
    effect: "used",
    default: "none",
    tls: true,
    words: { url: ["sslcert"], "redis-cli": ["--cert"] },
    meaning: "PEM file with the client certificate and its chain.",
  },
  keyFile: {
    type: "file",
    effect: "used",
    default: "none",
    tls: true,
    words: { url: ["sslkey"], "redis-cli": ["--key"] },
    meaning: "PEM file with the key of the client certificate.",
  },
  pfxFile: {
    type: "file",
    effect: "used",
    default: "none",
    tls: true,
    words: { url: ["sslpfx"] },
    meaning: "PKCS#12 file with the client certificate and its key.",
  },
  passphrase: {
    type: "text",
    effect: "used",
    default: "none",
    secret: true,
    tls: true,
    words: { url: ["sslpassword"] },
    meaning: "Passphrase of the key or of the PKCS#12 file.",
  },
  ciphers: {
    type: "text",
    effect: "used",
    default: "Node's list",
    tls: true,
    words: { url: ["sslciphers", "ciphers"], "redis-cli": ["--tls-ciphers"] },
    meaning: "OpenSSL cipher list.",
  },
  pins: {
    type: "pins",
    effect: "used",
    default: "none",
    tls: true,
    words: { url: ["sslpins", "pins"] },
    meaning: "Accepted public keys: SHA-256 of the SubjectPublicKeyInfo in base64, joined by commas.",
  },
  masterName: {
    type: "text",
    effect: "used",
    default: "none",
    words: { url: ["sentinel", "mastername", "servicename"], stackexchange: ["serviceName"] },
    meaning: "Name of the primary that the endpoints, being Sentinels, are asked for.",
  },
  sentinelUsername: {
    type: "text",
    effect: "used",
    default: "none; StackExchange: the user",
    words: { url: ["sentinelusername", "sentineluser"], stackexchange: ["sentinelUser"] },
    meaning: "ACL user for the Sentinels.",
  },
  sentinelPassword: {
    type: "text",
    effect: "used",
    default: "none; StackExchange: the password",
    secret: true,
    words: { url: ["sentinelpassword"], stackexchange: ["sentinelPassword"] },
    meaning: "Password for the Sentinels.",
  },
  connectTimeout: {
    type: "duration",
    effect: "used",
    default: "the client's; StackExchange: the larger of 5000 and syncTimeout",
    words: {
      url: ["connecttimeout"],
      servicestack: ["connecttimeout"],
      stackexchange: ["connectTimeout"],
      "redis-cli": [seconds("-t")],
    },
    meaning: "Deadline for all stages of connecting together.",
  },
  commandTimeout: {
    type: "duration",
    effect: "used",
    default: "the client's; StackExchange: syncTimeout",
    words: {
      url: ["commandtimeout", "receivetimeout"],
      servicestack: ["receivetimeout"],
      stackexchange: [atLeastOne("asyncTimeout")],
    },
    meaning: "Deadline of a command from call to reply.",
  },
  syncTimeout: {
    type: "duration",
    effect: "used",
    default: "5000",
    words: { stackexchange: [atLeastOne("syncTimeout")] },
    meaning: "Deadline of .NET's blocking calls; stands in for commandTimeout where that is not given.",
  },
  sendTimeout: {
    type: "duration",
    effect: "kept",
    default: "none",
    words: { url: ["sendtimeout"], servicestack: ["sendtimeout"] },
    meaning: "Longest time for one write to the socket.",
  },
  retryTimeout: {
    type: "duration",
    effect: "kept",
    default: "10000",
    words: { url: ["retrytimeout"], servicestack: ["retrytimeout"] },
    meaning: "Time that automatic retries of one command may take together; 0 for no retry.",
  },
  idleTimeout: {
    type: "duration",
    effect: "kept",
    default: "240000",
    words: {
      url: [seconds("idletimeoutsecs"), seconds("idletimeout")],
      servicestack: [seconds("idletimeoutsecs"), seconds("idletimeout")],
    },
    meaning: "Idle time after which a connection is probed before it is used again.",
  },
  keepAlive: {
    type: "duration",
    effect: "kept",
    default: "60000",
    words: { url: [seconds("keepalive")], stackexchange: [seconds("keepAlive")] },
    meaning: "Idle time after which a PING is sent.",
  },
  namespacePrefix: {
    type: "text",
    effect: "kept",
    default: "none",
    words: { url: ["namespaceprefix"], servicestack: ["namespaceprefix"] },
    meaning: "Prefix of the keys of typed entities.",
  },
  protocol: {
    type: "protocol",
    effect: "kept",
    default: "3, falling back to 2",
    words: { url: ["protocol"], stackexchange: ["protocol"] },
    meaning: "RESP version to ask for: 2 or 3.",
  },
  cluster: {
    type: "boolean",
    effect: "kept",
    default: "false",
    words: { url: ["cluster"], "redis-cli": ["-c"] },
    meaning: "Whether the endpoints are seeds of a cluster.",
  },
  abortConnect: {
    type: "boolean",
    effect: "kept",
    default: "true; Azure: false",
    words: { url: ["abortconnect"], stackexchange: ["abortConnect"] },
    meaning: "Whether the first connection must succeed at once.",
  },
  allowAdmin: {
    type: "boolean",
    effect: "kept",
    default: "false",
    words: { url: ["allowadmin"], stackexchange: ["allowAdmin"] },
    meaning: ".NET's switch for dangerous commands.",
  },
  channelPrefix: {
    type: "text",
    effect: "kept",
    default: "none",
    words: { url: ["channelprefix"], stackexchange: ["channelPrefix"] },
    meaning: "Prefix of all pub/sub channels.",
    notice: "Redoubt does not put the prefix in front of channels by itself",
  },
  checkCertificateRevocation: {
    type: "boolean",
    effect: "kept",
    default: "true",
    words: { url: ["checkcertificaterevocation"], stackexchange: ["checkCertificateRevocation"] },
    meaning: "Whether .NET asks for revoked certificates; Node cannot.",
  },
  configChannel: {
    type: "text",
    effect: "kept",
    default: "`__Booksleeve_MasterChanged`",
    words: { url: ["configchannel"], stackexchange: ["configChannel"] },
    meaning: "Channel on which .NET clients announce a new configuration.",
  },
  configCheck: {
    type: "duration",
    effect: "kept",
    default: "60000",
    words: { url: [seconds("configcheckseconds")], stackexchange: [seconds("configCheckSeconds")] },
    meaning: "How often .NET checks the configuration of the servers.",
  },
  connectRetry: {
    type: "integer",
    effect: "kept",
    default: "3",
    words: { url: ["connectretry"], stackexchange: ["connectRetry"] },
    meaning: "How often the first connection is tried.",
  },
  highIntegrity: {
    type: "boolean",
    effect: "kept",
    default: "false",
    words: { url: ["highintegrity"], stackexchange: ["highIntegrity"] },
    meaning: "Whether .NET sends an ECHO after each command to detect lost replies.",
  },
  proxy: {
    type: "proxy",
    effect: "kept",
    default: "`None`",
    words: { url: ["proxy"], stackexchange: ["proxy"] },
    meaning: "Redis-aware proxy in front: `None`, `Twemproxy` or `Envoyproxy`.",
  },
  resolveDns: {
    type: "boolean",
    effect: "kept",
    default: "false",
    words: { url: ["resolvedns"], stackexchange: ["resolveDns"] },
    meaning: "Whether .NET resolves names before connecting.",
  },
  setLibrary: {
    type: "boolean",
    effect: "kept",
    default: "true",
    words: { url: ["setlib"], stackexchange: ["setlib"] },
    meaning: "Whether the connection tells the server the library's name (CLIENT SETINFO).",
  },
  tcpKeepAlive: {
    type: "boolean",
    effect: "kept",
    default: "true",
    words: { url: ["tcpkeepalive"], stackexchange: ["tcpKeepAlive"] },
    meaning: "Whether TCP keep-alive is on.",
  },
  tieBreaker: {
    type: "text",
    effect: "kept",
    default: "`__Booksleeve_TieBreak`",
    words: { url: ["tiebreaker"], stackexchange: ["tiebreaker"] },
    meaning: "Key by which .NET chooses among several primaries.",
  },
  tunnel: {
    type: "tunnel",
    effect: "kept",
    default: "none",
    words: { url: ["tunnel"], stackexchange: ["tunnel"] },
    meaning: "HTTP proxy to connect through, `http:host:port`.",
    notice: "Redoubt connects directly, not through the HTTP proxy",
  },
  serverVersion: {
    type: "server version",
    effect: "kept",
    default: "6.0; Azure Managed Redis: 7.4",
    words: { url: ["version"], stackexchange: ["version"] },
    meaning: "Version that .NET assumes of the server.",
  },
  highPriorityThreads: {
    type: "text",
    effect: "ignored",
    default: "none",
    words: { stackexchange: ["highPriorityThreads"] },
    meaning: "Obsolete in .NET.",
  },
  preserveAsyncOrder: {
    type: "text",
    effect: "ignored",
    default: "none",
    words: { stackexchange: ["preserveAsyncOrder"] },
    meaning: "Obsolete in .NET.",
  },
  responseTimeout: {
    type: "text",
    effect: "ignored",
    default: "none",
    words: { stackexchange: ["responseTimeout"] },
    meaning: "Obsolete in .NET.",
  },
  writeBuffer: {
    type: "text",
    effect: "ignored",
    default: "none",
    words: { stackexchange: ["writeBuffer"] },
    meaning: "Obsolete in .NET.",
  },
} as const satisfies Record<string, OptionRow>;

/** Canonical name of an option. */
export type OptionName = keyof typeof optionTable;

/** All canonical names, in the order of the table. */
export const optionNames = Object.keys(optionTable) as OptionName[];

/** The row of an option. */
export const optionRow = (name: OptionName): OptionRow => optionTable[name];

/** An option as one dialect calls it. */
export interface KnownWord extends OptionWord {
  readonly name: OptionName;
}

/** The words that a dialect has for an option, the one that is written first. */
export function wordsOf(name: OptionName, dialect: Dialect): KnownWord[] {
  return (optionRow(name).words[dialect] ?? []).map((entry) =>
    typeof entry === "string" ? { name, word: entry } : { name, ...entry },
  );
}

const dictionaries = new Map<Dialect, ReadonlyMap<string, KnownWord>>();

/** All words of a dialect by their lower-case form (redis-cli: as they are, because its flags differ by case). */
export function dictionaryOf(dialect: Dialect): ReadonlyMap<string, KnownWord> {
  let dictionary = dictionaries.get(dialect);
  if (dictionary === undefined) {
    const fold = (word: string) => (dialect === "redis-cli" ? word : word.toLowerCase());
    dictionary = new Map(
      optionNames.flatMap((name) =>
        wordsOf(name, dialect).map((known) => [fold(known.word), known] as const),
      ),
    );
    dictionaries.set(dialect, dictionary);
  }
  return dictionary;
}

import { type OptionName, optionRow } from "../option-table.ts";
import { mask, type Secret } from "../secret.ts";
import { notExpressible, refuseUnverified, singleEndpoint } from "../settings.ts";
import type { Target } from "../target.ts";

/** A piece of JavaScript as it stands. */
class Code {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Literal =
  | string
  | number
  | boolean
  | Code
  | readonly Literal[]
  | { readonly [key: string]: Literal | null };

/** The options object of ioredis as JavaScript text. */
export function formatIoredis(target: Target, reveal: boolean): string {
  const { sentinel, timeouts } = target;
  const tls = tlsLiteral(target, "ioredis", reveal);
  const address =
    sentinel === null
      ? addressLiteral(target, "ioredis")
      : {
          sentinels: target.endpoints.map(({ host, port }) => ({ host, port })),
          name: sentinel.masterName,
          sentinelUsername: sentinel.username,
          sentinelPassword: secretLiteral(sentinel.password, reveal),
          enableTLSForSentinelMode: tls === null ? null : true,
          sentinelTLS: tls,
        };
  refuseOtherOptions(target, "ioredis", ["protocol"]);
  return literal({
    ...address,
    username: target.username,
    password: secretLiteral(target.password, reveal),
    db: target.database,
    connectionName: target.clientName,
    tls,
    connectTimeout: timeouts.connectMs,
    commandTimeout: timeouts.commandMs,
  });
}

/** The options object of node-redis's createClient as JavaScript text. */
export function formatNodeRedis(target: Target, reveal: boolean): string {
  const { timeouts } = target;
  if (target.sentinel !== null) {
    throw notExpressible("node-redis", "Sentinels", "createClient knows no Sentinels; use createSentinel.");
  }
  const tls = tlsLiteral(target, "node-redis", reveal);
  refuseOtherOptions(target, "node-redis", ["protocol"]);
  const protocol = target.options["protocol"];
  return literal({
    socket: {
      ...addressLiteral(target, "node-redis"),
      ...(tls === null ? {} : { tls: true, ...tls }),
      connectTimeout: timeouts.connectMs,
    },
    username: target.username,
    password: secretLiteral(target.password, reveal),
    database: target.database,
    name: target.clientName,
    RESP: typeof protocol === "number" ? protocol : null,
    commandOptions: timeouts.commandMs === null ? null : { timeout: timeouts.commandMs },
  });
}

function addressLiteral(target: Target, dialect: string): Record<string, Literal> {
  const { host, port, path } = singleEndpoint(target, dialect);
  return path === undefined ? { host, port } : { path: path.startsWith("@") ? `\0${path.slice(1)}` : path };
}

function tlsLiteral(target: Target, dialect: string, reveal: boolean): Record<string, Literal | null> | null {
  const { tls } = target;
  refuseUnverified(target, dialect);
  if (!tls.enabled) return null;
  if (tls.pins.length > 0) throw notExpressible(dialect, "pins of public keys");
  const file = (path: string | null) =>
    path === null ? null : new Code(`readFileSync(${JSON.stringify(path)})`);
  return {
    servername: tls.servername,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    ca: tls.caFile === "system" ? new Code('getCACertificates("system")') : file(tls.caFile),
    cert: file(tls.certFile),
    key: file(tls.keyFile),
    pfx: file(tls.pfxFile),
    passphrase: secretLiteral(tls.passphrase, reveal),
    ciphers: tls.ciphers,
    checkServerIdentity: tls.verify === "ca" ? new Code("() => undefined") : null,
  };
}

const secretLiteral = (secret: Secret | null, reveal: boolean) =>
  secret === null ? null : reveal ? secret.reveal() : mask;

function refuseOtherOptions({ options }: Target, dialect: string, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name) && !optionRow(name as OptionName).tuning) throw notExpressible(dialect, name);
  }
}

function literal(value: Literal, indent = ""): string {
  if (value instanceof Code) return value.text;
  if (Array.isArray(value)) return `[${value.map((one: Literal) => literal(one, indent)).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value as Record<string, Literal | null>)
    .filter((entry): entry is [string, Literal] => entry[1] !== null)
    .map(([key, one]) => `${inner}${key}: ${literal(one, inner)},\n`);
  return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
}

import { isDnsName, sharedDnsName } from "./endpoint.ts";
import type { NoticeCode } from "./notices.ts";
import { type OptionName, optionRow } from "./option-table.ts";
import { refusePlainText } from "./plain-text.ts";
import { providerOf } from "./providers/registry.ts";
import { positionedError, type Reading } from "./reading.ts";
import { Secret } from "./secret.ts";
import type { Endpoint, Target, TlsSettings, TlsVersion, Verification, Warning } from "./target.ts";
import { versionRange } from "./tls-versions.ts";

/** Applies defaults and vendor knowledge to what a dialect's reader found. */
export function resolve(reading: Reading, defaultPort?: number): Target {
  const { dialect, rules, settings } = reading;
  const [first] = reading.endpoints;
  if (first === undefined) {
    throw positionedError("CONFIG_NO_ENDPOINT", "The connection string names no host", 0);
  }
  const warnings: Warning[] = [...reading.warnings];
  const warn = (code: NoticeCode, message: string, position: number | null) =>
    warnings.push({ code, message, position });

  const text = (name: OptionName) => {
    const value = settings.get(name)?.value;
    return typeof value === "string" && value !== "" ? value : null;
  };
  const secret = (name: OptionName) => {
    const value = text(name);
    return value === null ? null : new Secret(value);
  };
  const number = (name: OptionName) => {
    const value = settings.get(name)?.value;
    return typeof value === "number" ? value : null;
  };

  const provider = providerOf(reading.endpoints.filter(isDnsName).map(({ host }) => host));
  const tlsWord = settings.get("tls");
  const ports = reading.endpoints.map((endpoint) => endpoint.port);
  const tls =
    tlsWord === undefined
      ? rules.tlsByProvider && ports.some((port) => provider?.tlsByDefault(port))
      : tlsWord.value === true;
  if (tls && tlsWord === undefined) {
    warn("tls-by-provider", `TLS is on because the host belongs to ${provider?.title}`, first.start);
  }
  if (!tls && provider !== null) {
    const message = `${provider.title} offers TLS; as it stands, password and data travel as plain text`;
    warn("plain-text-on-managed", message, (tlsWord ?? first).start);
  }
  const masterName = text("masterName");
  const portFacts = {
    tls,
    sentinel: masterName !== null,
    tlsWord: tlsWord !== undefined,
    provider,
    fallback: defaultPort,
  };

  const password = text("password");
  const username = text("username");
  const sentinelText = (name: "sentinelUsername" | "sentinelPassword", shared: string | null) =>
    settings.has(name) || !rules.sentinelsShareCredentials ? text(name) : shared;
  const sentinelPassword = sentinelText("sentinelPassword", password);

  const endpoints = distinct(
    reading.endpoints.map(({ host, path, port }) =>
      path === undefined ? { host, port: port ?? rules.defaultPort(portFacts) } : { host, port: 0, path },
    ),
  );
  if (!tls) refusePlainText(endpoints, (tlsWord ?? first).start);

  return {
    dialect,
    endpoints,
    tls: tlsSettings(),
    username,
    password: secret("password"),
    database: number("database"),
    clientName: text("clientName"),
    sentinel:
      masterName === null
        ? null
        : {
            masterName,
            username: sentinelText("sentinelUsername", username),
            password: sentinelPassword === null ? null : new Secret(sentinelPassword),
          },
    timeouts: {
      connectMs: settings.has("connectTimeout") ? positive(number("connectTimeout")) : raisedConnectTimeout(),
      commandMs: positive(number("commandTimeout") ?? number("syncTimeout")),
    },
    provider: provider?.name ?? null,
    options: Object.fromEntries(
      [...settings]
        .filter(([name]) => optionRow(name).effect === "kept")
        .map(([name, { value }]) => [name, value] as const),
    ),
    warnings,
  };

  /** StackExchange.Redis: the default is the larger of 5000 and syncTimeout. */
  function raisedConnectTimeout(): number | null {
    const sync = number("syncTimeout");
    return sync !== null && sync > 5000 ? sync : null;
  }

  function tlsSettings(): TlsSettings {
    const range = versionRange(settings);
    for (const { code, message, position } of range.warnings) warn(code, message, position);
    if (!tls) checkPlainText();
    return {
      enabled: tls,
      servername: text("servername") ?? sharedDnsName(reading.endpoints),
      minVersion: range.min as TlsVersion | null,
      maxVersion: range.max as TlsVersion | null,
      verify: (text("verify") as Verification | null) ?? "full",
      caFile: text("caFile"),
      certFile: text("certFile"),
      keyFile: text("keyFile"),
      pfxFile: text("pfxFile"),
      passphrase: secret("passphrase"),
      ciphers: text("ciphers"),
      pins: text("pins")?.split(",") ?? [],
    };
  }

  /** Options of TLS in a string that is not encrypted make its reader believe that it is. */
  function checkPlainText(): void {
    for (const [name, { word, start }] of settings) {
      if (optionRow(name).tls === undefined) continue;
      if (rules.refusesTlsOptionsInPlainText && tlsWord === undefined) {
        throw positionedError(
          "CONFIG_INSECURE",
          `${word} is an option of TLS, but nothing switches TLS on: the connection would be plain text`,
          start,
          dialect === "redis-cli" ? "Add --tls, or leave the option out." : undefined,
        );
      }
      warn("tls-options-unused", `${word} has no effect: TLS is off, the connection is plain text`, start);
    }
  }
}

const positive = (number: number | null) => (number !== null && number > 0 ? number : null);

function distinct(endpoints: readonly Endpoint[]): Endpoint[] {
  return [...new Map(endpoints.map((one) => [`${one.host} ${one.port}`, one])).values()];
}

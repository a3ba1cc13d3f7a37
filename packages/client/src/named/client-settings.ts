import type { ClientOptions } from "../client/options.ts";
import { variablePrefix } from "../config/dialects/env.ts";
import { type Environment, parse, parseEnvironment } from "../config/parse.ts";
import type { Target } from "../config/target.ts";
import { RedoubtError } from "../errors.ts";
import { booleanOf, numberOf, readSection, refuseUnknown, type Section, textOf } from "./sections.ts";

/** Settings of a client that has a name. The callback of `addRedisClient` may change them. */
export interface RedisClientSettings {
  /** Default: `ConnectionStrings__name`, `NAME_URI` and the other variables of the name; else what sections say. */
  connectionString: string | undefined;
  /** Default false. */
  disableHealthChecks: boolean;
  /** Whether spans are not made of its commands. Default false. */
  disableTracing: boolean;
  /** `false`: it connects at once, instead of when it is first asked for. Default true. */
  disableAutoActivation: boolean;
}

/** Where configuration is read. */
export interface NamedSources {
  /** Default `process.env`. */
  readonly environment?: Environment;
  /** Nested objects, for example a parsed `appsettings.json`; variables win over it. */
  readonly configuration?: unknown;
}

/** What configuration and callbacks have made of a name. */
export interface Described {
  readonly target: Target;
  readonly settings: Readonly<RedisClientSettings>;
  /** Of the client; what is not said is left out. */
  readonly options: ClientOptions;
}

/** Options of StackExchange.Redis that mean nothing to a client that never blocks, or that are on anyhow. */
const withoutMeaning = [
  "AbortOnConnectFail",
  "AllowAdmin",
  "CheckCertificateRevocation",
  "ConfigCheckSeconds",
  "ConfigurationChannel",
  "ConnectRetry",
  "DefaultVersion",
  "HeartbeatConsistencyChecks",
  "HeartbeatInterval",
  "HighIntegrity",
  "IncludeDetailInExceptions",
  "IncludePerformanceCountersInExceptions",
  "LibraryName",
  "ResolveDns",
  "TieBreaker",
];
const withMeaning = [
  "AsyncTimeout",
  "ClientName",
  "ConnectTimeout",
  "DefaultDatabase",
  "KeepAlive",
  "Password",
  "Protocol",
  "SetClientLibrary",
  "Ssl",
  "SslHost",
  "SyncTimeout",
  "User",
];
const stem = "ConfigurationOptions";

/**
 * Everything that is known of a name. Later ones win, as in upstream's integration. Settings: base section, section of the name,
 * the variables of the name (the connection string), the callback. Options: the string, `ConfigurationOptions` of the base
 * section, of the name's section.
 * @throws RedoubtError of the family `CONFIG_`
 */
export function describeNamed(
  name: string,
  configure: ((settings: RedisClientSettings) => void) | undefined,
  { environment = process.env, configuration }: NamedSources,
): Described {
  const section = readSection(environment, configuration, name);
  const before =
    variableOf(environment, name) ??
    connectionStringOf(configuration, name) ??
    textOf(section, "ConnectionString");
  const settings: RedisClientSettings = {
    connectionString: before,
    disableHealthChecks: booleanOf(section, "DisableHealthChecks") ?? false,
    disableTracing: booleanOf(section, "DisableTracing") ?? false,
    disableAutoActivation: booleanOf(section, "DisableAutoActivation") ?? true,
  };
  configure?.(settings);
  const chosen = settings.connectionString;
  const target =
    chosen !== undefined && chosen !== before ? parse(chosen) : fromEnvironment(environment, name, chosen);
  return {
    target: withSection(withAuthority(target, environment, name), section),
    settings,
    options: optionsOf(section, settings),
  };
}

/** The variable that holds the whole string; the others of the name are read with it, and must mean the same. */
function variableOf(environment: Environment, name: string): string | undefined {
  const wanted = `connectionstrings__${name}`.toLowerCase();
  return Object.entries(environment).find(([key, value]) => key.toLowerCase() === wanted && value)?.[1];
}

/** `ConnectionStrings` of what the program hands in, weaker than variables and stronger than sections. */
function connectionStringOf(configuration: unknown, name: string): string | undefined {
  if (typeof configuration !== "object" || configuration === null) return undefined;
  const strings = Object.entries(configuration).find(
    ([key]) => key.toLowerCase() === "connectionstrings",
  )?.[1];
  if (typeof strings !== "object" || strings === null) return undefined;
  const found = Object.entries(strings).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return typeof found === "string" ? found : undefined;
}

function fromEnvironment(environment: Environment, name: string, fallback: string | undefined): Target {
  try {
    return parseEnvironment(environment, { name });
  } catch (error) {
    if (!(error instanceof RedoubtError) || error.code !== "CONFIG_MISSING") throw error;
    if (fallback !== undefined) return parse(fallback);
    throw new RedoubtError("CONFIG_MISSING", error.message, {
      hint: `Set ConnectionStrings__${name}; an app host does it with withReference("${name}").`,
    });
  }
}

/** An app host on this machine has an authority of its own, and says where. */
function withAuthority(target: Target, environment: Environment, name: string): Target {
  const stemOfName = name === "" ? "" : `${variablePrefix(name)}_`;
  const caFile = environment[`${stemOfName}CA_FILE`];
  if (!caFile || !target.tls.enabled || target.tls.caFile !== null) return target;
  return { ...target, tls: { ...target.tls, caFile } };
}

function withSection(target: Target, section: Section): Target {
  refuseUnknown(section, stem, [...withMeaning, ...withoutMeaning]);
  const ssl = booleanOf(section, `${stem}:Ssl`);
  if (ssl === false && target.tls.enabled)
    throw new RedoubtError(
      "CONFIG_INSECURE",
      "ConfigurationOptions:Ssl is false, and the connection string asks for TLS",
      {
        hint: "Write the connection string in plain text if you want that, or leave Ssl out.",
      },
    );
  const servername = textOf(section, `${stem}:SslHost`);
  return {
    ...target,
    tls: {
      ...target.tls,
      ...(ssl === true && { enabled: true }),
      ...(servername !== undefined && { servername }),
    },
  };
}

function optionsOf(section: Section, settings: RedisClientSettings): ClientOptions {
  const text = (key: string) => textOf(section, `${stem}:${key}`);
  const number = (key: string) => numberOf(section, `${stem}:${key}`);
  const timeout = number("AsyncTimeout") ?? number("SyncTimeout");
  const connectTimeout = number("ConnectTimeout");
  const keepAlive = number("KeepAlive");
  const protocol = protocolOf(text("Protocol"));
  const database = number("DefaultDatabase");
  const [username, password, clientName] = [text("User"), text("Password"), text("ClientName")];
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(clientName !== undefined && { name: clientName }),
    ...(database !== undefined && { database }),
    ...(connectTimeout !== undefined && { socket: { connectTimeout } }),
    ...(timeout !== undefined && { commandOptions: { timeout } }),
    ...(keepAlive !== undefined && keepAlive > 0 && { pingInterval: keepAlive * 1000 }),
    ...(protocol !== undefined && { RESP: protocol }),
    ...(booleanOf(section, `${stem}:SetClientLibrary`) === false && { disableClientInfo: true }),
    ...(settings.disableTracing && { disableTracing: true }),
  };
}

function protocolOf(text: string | undefined): 2 | 3 | undefined {
  if (text === undefined) return undefined;
  const version = /^(?:resp)?([23])$/i.exec(text)?.[1];
  if (version !== undefined) return version === "2" ? 2 : 3;
  throw new RedoubtError("CONFIG_INVALID_VALUE", "ConfigurationOptions:Protocol needs Resp2 or Resp3");
}

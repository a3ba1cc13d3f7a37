import { ClientSideCache, type ClientSideCacheOptions } from "../cache/client-side-cache.ts";
import { nearestName } from "../config/nearest.ts";
import { parse } from "../config/parse.ts";
import { refusePlainText } from "../config/plain-text.ts";
import { providerNamed } from "../config/providers/registry.ts";
import { Secret } from "../config/secret.ts";
import type { Endpoint, Target } from "../config/target.ts";
import { type CredentialsOption, chosenProvider } from "../credentials/accept.ts";
import type { NodeRedisCredentialsProvider } from "../credentials/node-redis.ts";
import type { Route } from "../discovery/route.ts";
import { routeTo } from "../discovery/target-route.ts";
import { RedoubtError } from "../errors.ts";
import { fullJitter } from "../net/backoff.ts";
import { type DialOptions, defaultConnectTimeout } from "../net/dial-options.ts";
import { defaultPingInterval } from "../net/heartbeat.ts";
import type { Limits } from "../protocol/limits.ts";
import type { TlsOptions } from "../tls/options.ts";
import { defaultOfflineQueue, type OfflineQueueLimits } from "./offline-queue.ts";
import { type RetryPolicy, withPolicy } from "./retry.ts";
import type { Scripts } from "./script.ts";
import { type ReconnectStrategy, untold } from "./terms.ts";
import { replyModeOf, type TypeMapping } from "./type-mapping.ts";

/** Where to connect to, as node-redis has it. */
export interface SocketOptions {
  readonly host?: string;
  readonly port?: number;
  /** Unix socket. */
  readonly path?: string;
  /** `true`, or the TLS settings. */
  readonly tls?: boolean | TlsOptions;
  /** ms. Default 5000. */
  readonly connectTimeout?: number;
  /** For how long nothing may arrive while replies are due before the connection is replaced, ms; 0: for ever. Default 10,000. */
  readonly socketTimeout?: number;
  /** Default: full jitter up to 2000 ms, without end. */
  readonly reconnectStrategy?: ReconnectStrategy | number | false;
}

/** Options of one command, or of all of a client. */
export interface CommandOptions {
  /** From call to reply, ms; 0 for none. Blocking commands are spared. */
  readonly timeout?: number;
  readonly typeMapping?: TypeMapping;
  readonly abortSignal?: AbortSignal;
  /** When it is sent again by itself. Default `safe`: only if it surely was not carried out. */
  readonly retry?: RetryPolicy;
}

/** Options of {@link createClient}. What is given here wins over the connection string. */
export interface ClientOptions {
  /** A connection string in any dialect. Default: `redis://localhost:6379`, as everywhere. */
  readonly url?: string;
  /** A connection string that was parsed before, in place of `url`. */
  readonly target?: Target;
  readonly socket?: SocketOptions;
  /** TLS settings besides those of the connection string. They do not switch TLS on: `rediss://` or `socket.tls` does. */
  readonly tls?: TlsOptions;
  readonly username?: string;
  readonly password?: string;
  /**
   * Who logs in, on every connection that is opened: user and password, a function that fetches them, or a provider
   * (`entraCredentials`, `awsCredentials`, `fileCredentials`). In place of `username` and `password`.
   */
  readonly credentials?: CredentialsOption;
  /** `credentials` in node-redis's form. */
  readonly credentialsProvider?: NodeRedisCredentialsProvider;
  /** Name of the connection, for `CLIENT LIST`. */
  readonly name?: string;
  readonly database?: number;
  /** RESP version. Default 3, falling back to 2 where the server refuses HELLO. */
  readonly RESP?: 2 | 3;
  /** How long a connection may be silent before it is sent `PING`, ms; 0: never. Default 60,000, or half of what the provider allows. */
  readonly pingInterval?: number;
  readonly commandOptions?: Omit<CommandOptions, "abortSignal">;
  /** What may wait while there is no connection; `false`: nothing. */
  readonly offlineQueue?: Partial<OfflineQueueLimits> | false;
  /** Whether not to tell the server name and version of the library. Default false. */
  readonly disableClientInfo?: boolean;
  /** Whether listeners of `redoubt:command` and `redoubt:batch`, and with them spans, are not told of its commands. Default false. */
  readonly disableTracing?: boolean;
  /** Keeps replies until the server says that their keys have changed; RESP3 only. Options, or a cache that clients share. */
  readonly clientSideCache?: ClientSideCache | ClientSideCacheOptions;
  /**
   * How many connections commands that wait (`BLPOP`, `XREAD BLOCK`) may have besides the client's own; 0: they go over
   * that one and hold up what comes behind. Default 16.
   */
  readonly maxBlockingConnections?: number;
  /** Lua scripts that become methods of the client, see {@link defineScript}. */
  readonly scripts?: Scripts;
  /** Limits against hostile servers. */
  readonly limits?: Partial<Limits>;
}

/** Default of `commandOptions.timeout`, ms. */
export const defaultCommandTimeout = 5000;

/** Default of `socket.socketTimeout`, ms. */
export const defaultSocketTimeout = 10_000;

/** {@link ClientOptions} with everything decided. */
export interface Settings {
  readonly target: Target;
  /** Where connections lead. Clients with the same settings share it. */
  readonly route: Route;
  readonly dial: DialOptions & { readonly connectTimeout: number };
  readonly reconnect: ReconnectStrategy;
  readonly offlineQueue: OfflineQueueLimits | null;
  readonly commandTimeout: number;
  readonly socketTimeout: number;
  readonly pingInterval: number;
  readonly mode: number;
  readonly clientSideCache: ClientSideCache | ClientSideCacheOptions | null;
  readonly maxBlockingConnections: number;
  readonly scripts: Scripts;
  readonly limits: Partial<Limits>;
}

const words = (text: string): readonly string[] => text.split(/\s+/);

/** The options there are, by where they stand. */
const known = {
  "": words(`url target socket tls username password credentials credentialsProvider name database RESP pingInterval commandOptions offlineQueue
    disableClientInfo disableTracing clientSideCache maxBlockingConnections scripts limits`),
  socket: words("host port path tls connectTimeout socketTimeout reconnectStrategy"),
  tls: words(`ca caFile crl crlFile cert certFile key keyFile pfx pfxFile passphrase servername minVersion
    maxVersion ciphers pins verify dangerouslySkipVerification certificateValidation
    certificateSelection resume`),
  commandOptions: words("timeout typeMapping abortSignal retry"),
} as const;

/** Options of other clients that would switch verification off, or that have another name here. */
const elsewhere: Readonly<Record<string, string>> = {
  rejectUnauthorized: "verification is on; to switch it off say tls.dangerouslySkipVerification",
  checkServerIdentity: "use tls.certificateValidation",
  host: "use socket.host, or url",
  port: "use socket.port, or url",
  db: "use database",
};

function checkKeys(where: keyof typeof known, given: object | undefined): void {
  for (const key of Object.keys(given ?? {})) {
    if (known[where].includes(key)) continue;
    const near = nearestName(key, known[where]);
    const advice =
      elsewhere[key] ?? (near === null ? `known are ${known[where].join(", ")}` : `did you mean ${near}?`);
    throw new RedoubtError(
      "CONFIG_UNKNOWN_KEY",
      `Unknown option ${where === "" ? "" : `${where}.`}${key}: ${advice}`,
    );
  }
}

/**
 * Decides everything that options and connection string leave open.
 * @throws RedoubtError of the family `CONFIG_`
 */
export function resolveSettings(
  options: ClientOptions,
  library: { name: string; version: string },
): Settings {
  const { socket = {}, commandOptions = {} } = options;
  const tls = { ...options.tls, ...(typeof socket.tls === "object" && socket.tls) };
  checkKeys("", options);
  checkKeys("socket", socket);
  checkKeys("tls", tls);
  checkKeys("commandOptions", commandOptions);
  const target = resolveTarget(options);
  const strategy = socket.reconnectStrategy ?? fullJitter;
  const offlineQueue = options.offlineQueue ?? {};
  const dial = {
    tls,
    connectTimeout:
      milliseconds("socket.connectTimeout", socket.connectTimeout) ??
      target.timeouts.connectMs ??
      defaultConnectTimeout,
    protocol: options.RESP ?? 3,
    library: options.disableClientInfo ? null : library,
    credentials: chosenProvider(options),
  };
  return {
    target,
    route: routeTo(target, dial),
    dial,
    reconnect: typeof strategy === "function" ? strategy : () => strategy,
    offlineQueue: offlineQueue === false ? null : { ...defaultOfflineQueue, ...offlineQueue },
    commandTimeout:
      milliseconds("commandOptions.timeout", commandOptions.timeout) ??
      target.timeouts.commandMs ??
      defaultCommandTimeout,
    socketTimeout: milliseconds("socket.socketTimeout", socket.socketTimeout) ?? defaultSocketTimeout,
    pingInterval: milliseconds("pingInterval", options.pingInterval) ?? usualPingInterval(target),
    mode:
      withPolicy(replyModeOf(commandOptions.typeMapping), commandOptions.retry) |
      (options.disableTracing ? untold : 0),
    clientSideCache: cacheOf(options),
    maxBlockingConnections: wholeNumber("maxBlockingConnections", options.maxBlockingConnections ?? 16),
    scripts: options.scripts ?? {},
    limits: options.limits ?? {},
  };
}

function resolveTarget(options: ClientOptions): Target {
  const { socket = {}, username, password, name, database } = options;
  const said = options.target ?? parse(options.url ?? "redis://localhost:6379");
  const first = said.endpoints[0] as Endpoint;
  const endpoint: Endpoint =
    socket.path !== undefined
      ? { host: socket.path, port: 0, path: socket.path }
      : {
          ...first,
          ...(socket.host !== undefined && { host: socket.host }),
          ...(socket.port !== undefined && { port: socket.port }),
        };
  const moved = socket.path !== undefined || socket.host !== undefined || socket.port !== undefined;
  if (socket.tls === false && said.tls.enabled) {
    throw new RedoubtError(
      "CONFIG_INSECURE",
      "socket.tls is false and the connection string asks for TLS: write redis:// if you want plain text",
    );
  }
  const tlsOn = socket.tls !== undefined ? socket.tls !== false : said.tls.enabled;
  const endpoints = moved ? [endpoint] : said.endpoints;
  if (!tlsOn) refusePlainText(endpoints, null);
  return {
    ...said,
    endpoints,
    tls: { ...said.tls, enabled: tlsOn, servername: socket.host === undefined ? said.tls.servername : null },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: new Secret(password) }),
    ...(name !== undefined && { clientName: name }),
    ...(database !== undefined && { database: wholeNumber("database", database) }),
  };
}

/** Early enough for the provider, which closes what is silent for too long. */
function usualPingInterval({ provider }: Target): number {
  const limit = providerNamed(provider)?.idleLimitMs ?? null;
  return limit === null ? defaultPingInterval : Math.min(defaultPingInterval, limit / 2);
}

function cacheOf({ clientSideCache, RESP }: ClientOptions): Settings["clientSideCache"] {
  if (clientSideCache === undefined) return null;
  if (RESP === 2) {
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      "clientSideCache needs RESP 3: over RESP 2 the server cannot say what has changed",
    );
  }
  // A mistake is told now, and not to each duplicate.
  if (!(clientSideCache instanceof ClientSideCache)) new ClientSideCache(clientSideCache);
  return clientSideCache;
}

function wholeNumber(key: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} must be a whole number from 0, not ${value}`);
}

function milliseconds(key: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return value;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} must be a number of milliseconds, not ${value}`);
}

import {
  addRedisClient,
  type Client,
  type ClientOptions,
  createClient,
  parseEnvironment,
} from "@redoubt/client";

/** Where the service listens, and how much it says. */
export interface ServiceSettings {
  readonly host: string;
  /** `null`: {@link usualPort} if it is free, else any free one. */
  readonly port: number | null;
  readonly logLevel: string;
}

/** The port that is tried when `PORT` does not say. */
export const usualPort = 3000;

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/**
 * Reads `PORT` (1 to 65535, or 0 for any free one), `HOST` (default `127.0.0.1`) and `LOG_LEVEL` (default `info`).
 *
 * @throws Error naming the variable
 */
export function readSettings(environment: NodeJS.ProcessEnv): ServiceSettings {
  const { PORT: port, HOST: host, LOG_LEVEL: logLevel } = environment;
  if (port && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535))
    throw new Error(`PORT must be a number from 0 to 65535, not ${JSON.stringify(port)}.`);
  if (logLevel && !logLevels.includes(logLevel))
    throw new Error(`LOG_LEVEL must be one of ${logLevels.join(", ")}, not ${JSON.stringify(logLevel)}.`);
  return {
    host: host || "127.0.0.1",
    port: port ? Number(port) : null,
    logLevel: logLevel || "info",
  };
}

/** The name of the Redis in `apphost.ts`: what an app host injects, it injects under this name. */
const connectionName = "cache";

/** How long a command may wait for Redis, ms: an outage is told to the caller, not sat out. */
const commandTimeout = 2_000;

/** An outage is told to the caller at once, and not queued. */
const manner = { commandOptions: { timeout: commandTimeout }, offlineQueue: false } as const;

/**
 * How to reach Redis, from the environment: `REDIS_URL`, in any dialect, or the other variables that the client knows.
 *
 * @throws RedoubtError `CONFIG_…` naming the variable
 */
export function clientOptions(environment: NodeJS.ProcessEnv): ClientOptions {
  return { target: parseEnvironment(environment), ...manner };
}

/**
 * The client, not yet connected. Under an app host it is the one that the app host describes: with a password on a developer's
 * machine, with Entra ID on Azure, and this code does not know which.
 *
 * @throws RedoubtError `CONFIG_…` naming the variable
 */
export function redisClient(environment: NodeJS.ProcessEnv): Client {
  if (environment[`ConnectionStrings__${connectionName}`] === undefined)
    return createClient(clientOptions(environment));
  return addRedisClient(connectionName, undefined, (options) => ({ ...options, ...manner }), {
    environment,
  }).withAzureAuthentication().client;
}

import type { Client } from "../client/client.ts";
import { RedoubtError } from "../errors.ts";
import type { NamedSources, RedisClientSettings } from "./client-settings.ts";
import { type ConfigureOptions, RedisClientBuilder } from "./redis-client-builder.ts";

const keyed = new Map<string, RedisClientBuilder>();
let usual: RedisClientBuilder | null = null;

/**
 * A client for a connection that configuration knows by name: the variables that an app host injects (`ConnectionStrings__cache`,
 * `CACHE_URI`, …), sections, and callbacks. It is what {@link redisClient} gives from then on.
 *
 * ```ts text
 * const client = await addRedisClient("azredisent").withAzureAuthentication().connect();
 * ```
 * @param connectionName the resource's name in the app host
 * @param configureSettings changes settings in place: `(settings) => { settings.disableTracing = true; }`
 * @param configureOptions changes the client's options, or gives others
 */
export function addRedisClient(
  connectionName: string,
  configureSettings?: (settings: RedisClientSettings) => void,
  configureOptions?: ConfigureOptions,
  sources: NamedSources = {},
): RedisClientBuilder {
  usual = register(connectionName, false, configureSettings, configureOptions, sources);
  return usual;
}

/** One of several: {@link keyedRedisClient} gives it by its name. A second one of the name takes the place of the first. */
export function addKeyedRedisClient(
  name: string,
  configureSettings?: (settings: RedisClientSettings) => void,
  configureOptions?: ConfigureOptions,
  sources: NamedSources = {},
): RedisClientBuilder {
  const builder = register(name, true, configureSettings, configureOptions, sources);
  keyed.set(name, builder);
  return builder;
}

/** The client that was added last, connected. @throws RedoubtError `CONFIG_MISSING` when none was added */
export function redisClient(): Promise<Client> {
  if (usual !== null) return usual.connect();
  return Promise.reject(
    new RedoubtError("CONFIG_MISSING", "No client was added: call addRedisClient(name) first"),
  );
}

/** A keyed client, connected. @throws RedoubtError `CONFIG_MISSING` when none was added under the name */
export function keyedRedisClient(name: string): Promise<Client> {
  const builder = keyed.get(name);
  if (builder !== undefined) return builder.connect();
  const names = [...keyed.keys()].join(", ") || "none";
  return Promise.reject(
    new RedoubtError(
      "CONFIG_MISSING",
      `No client "${name}" was added with addKeyedRedisClient; there are ${names}`,
    ),
  );
}

function register(
  name: string,
  isKeyed: boolean,
  configureSettings: ((settings: RedisClientSettings) => void) | undefined,
  configureOptions: ConfigureOptions | undefined,
  sources: NamedSources,
): RedisClientBuilder {
  const builder = new RedisClientBuilder({
    name,
    keyed: isKeyed,
    configureSettings,
    configureOptions,
    sources,
  });
  activateSoon(builder);
  return builder;
}

/** In the next turn: what is chained to the call, `withAzureAuthentication`, comes first. */
function activateSoon(builder: RedisClientBuilder): void {
  setImmediate(() => {
    try {
      if (!builder.settings.disableAutoActivation) builder.connect().catch(() => {});
    } catch {
      // What is wrong with the settings is told to whoever asks for the client.
    }
  }).unref();
}

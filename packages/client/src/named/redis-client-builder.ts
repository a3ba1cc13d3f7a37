import { type Client, createClient } from "../client/client.ts";
import type { Health } from "../client/health.ts";
import type { ClientOptions } from "../client/options.ts";
import { type Cluster, createCluster } from "../cluster/cluster.ts";
import { type EntraOptions, entraCredentials } from "../credentials/entra.ts";
import type { TokenCredential } from "../credentials/token-credential.ts";
import { RedoubtError } from "../errors.ts";
import { azureLogin } from "./azure-login.ts";
import {
  type Described,
  describeNamed,
  type NamedSources,
  type RedisClientSettings,
} from "./client-settings.ts";

/** Changes the options of a client, or gives others; they win over string and sections. */
export type ConfigureOptions = (options: ClientOptions) => ClientOptions | void;

/** What an app asks to learn whether it can work. */
export interface NamedHealthCheck {
  /** `Redis`, or `Redis_name` for a keyed client. */
  readonly name: string;
  check(): Promise<Health>;
}

/** What a builder is made of; `addRedisClient` puts it together. */
export interface BuilderParts {
  readonly name: string;
  readonly keyed: boolean;
  readonly configureSettings: ((settings: RedisClientSettings) => void) | undefined;
  readonly configureOptions: ConfigureOptions | undefined;
  readonly sources: NamedSources;
}

/**
 * A client that is known by the name of its connection. Nothing is read and nothing is connected before it is first asked for,
 * so that calls can be chained in any order.
 */
export class RedisClientBuilder implements AsyncDisposable {
  readonly #parts: BuilderParts;
  #login: { readonly credential: TokenCredential | undefined; readonly options: EntraOptions } | null = null;
  #described: Described | null = null;
  #client: Client | null = null;
  #cluster: Cluster | null = null;
  #connecting: Promise<Client> | null = null;

  /** Use `addRedisClient`. */
  constructor(parts: BuilderParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  /**
   * Logs in with Microsoft Entra ID where the connection string leads to Azure. For a Redis of the app host on this machine, which
   * has a password, it does nothing: the same code runs in both places.
   * @param credential any of `@azure/identity`. Default: what the environment says, see `entraCredentials`
   * @throws RedoubtError `CONFIG_AMBIGUOUS` after the client was made
   */
  withAzureAuthentication(credential?: TokenCredential, options: EntraOptions = {}): this {
    if (this.#described !== null)
      throw new RedoubtError(
        "CONFIG_AMBIGUOUS",
        `The client "${this.name}" was made before withAzureAuthentication()`,
      );
    this.#login = { credential, options };
    return this;
  }

  /** What configuration and callbacks have decided. @throws RedoubtError of the family `CONFIG_` */
  get settings(): Readonly<RedisClientSettings> {
    return this.#describe().settings;
  }

  /** The client, connected or not: its commands wait until `connect()` was called. Always the same. */
  get client(): Client {
    this.#client ??= createClient(this.#options());
    return this.#client;
  }

  /** The same connection as a cluster client: for Azure Managed Redis with the policy `OSSCluster`, which is its default. */
  get cluster(): Cluster {
    if (this.#cluster === null) {
      const { target, ...defaults } = this.#options();
      this.#cluster = createCluster({ ...(target !== undefined && { target }), defaults });
    }
    return this.#cluster;
  }

  /** Connects the client, once, however often it is called. */
  connect(): Promise<Client> {
    this.#connecting ??= this.client.connect().catch((error: unknown) => {
      this.#connecting = null;
      throw error;
    });
    return this.#connecting;
  }

  /** `null` where settings say that there is none. It looks over a connection of its own, and never rejects. */
  get healthCheck(): NamedHealthCheck | null {
    if (this.settings.disableHealthChecks) return null;
    const name = this.#parts.keyed ? `Redis_${this.name}` : "Redis";
    return { name, check: () => this.client.health() };
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    const [client, cluster] = [this.#client, this.#cluster];
    if (client?.isOpen) await client.close();
    if (cluster?.isOpen) await cluster.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #describe(): Described {
    const { name, configureSettings, sources } = this.#parts;
    this.#described ??= describeNamed(name, configureSettings, sources);
    return this.#described;
  }

  #options(): ClientOptions {
    const { target, options } = this.#describe();
    const given: ClientOptions = { ...options, target, ...this.#credentials() };
    return this.#parts.configureOptions?.(given) ?? given;
  }

  #credentials(): ClientOptions {
    if (this.#login === null) return {};
    const { target } = this.#describe();
    const { credential, options } = this.#login;
    switch (azureLogin(target, this.#parts.sources.environment ?? process.env)) {
      case "password":
        return {};
      case "entra":
        return { credentials: entraCredentials(credential, options) };
      case "unknown-host":
        // Upstream says nothing here, and whoever has a custom domain looks for days.
        process.emitWarning(
          `withAzureAuthentication() does nothing for "${this.name}": ${target.endpoints[0]?.host} is no host of Azure. For a custom domain give credentials: entraCredentials().`,
          { code: "REDOUBT_NO_AZURE_HOST" },
        );
        return {};
    }
  }
}

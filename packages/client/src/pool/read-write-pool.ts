import { ClientsSource, type TakeOptions } from "./clients-source.ts";
import { HostPool, poolSize } from "./host-pool.ts";
import type { HostClientOptions } from "./hosts.ts";
import type { PoolStats } from "./lender.ts";
import type { PooledClient } from "./pooled-client.ts";

/** Clients for each host, unless a size is given. Source: ServiceStack's `PoolSizeMultiplier`. */
const clientsPerHost = 50;

/** Options of {@link PooledRedisClientManager}. */
export interface PooledManagerOptions {
  /** Default: 50 for each host. */
  readonly maxWritePoolSize?: number;
  /** Default: 50 for each host. */
  readonly maxReadPoolSize?: number;
  /** How long somebody waits for a client, ms; 0: as long as it takes. Default 2000. */
  readonly poolTimeout?: number;
  /** Options of all its clients. */
  readonly client?: HostClientOptions;
}

/**
 * Two pools of fixed size, for writing and for reading, in the role of ServiceStack's class of this name: who finds one
 * empty waits in order, and gets `TIMEOUT_POOL` when it takes too long. Hosts are taken in turn; one that is away is passed over.
 *
 * ```ts
 * await using manager = new PooledRedisClientManager("rediss://:secret@primary:6380", ["rediss://:secret@replica:6380"]);
 * using reader = await manager.getReadOnlyClient();
 * ```
 */
export class PooledRedisClientManager extends ClientsSource {
  readonly #write: HostPool;
  readonly #read: HostPool;

  /**
   * @param readWriteHosts connection strings of servers that are masters; one that is a replica is passed over
   * @param readOnlyHosts connection strings of servers to read from. Default: those for writing
   * @throws RedoubtError of the family `CONFIG_`
   */
  constructor(
    readWriteHosts: string | readonly string[],
    readOnlyHosts: readonly string[] = [],
    options: PooledManagerOptions = {},
  ) {
    super();
    const { poolTimeout = 2000, client = {} } = options;
    const writing = typeof readWriteHosts === "string" ? [readWriteHosts] : readWriteHosts;
    const reading = readOnlyHosts.length === 0 ? writing : readOnlyHosts;
    const { maxWritePoolSize = Math.max(1, writing.length) * clientsPerHost } = options;
    const { maxReadPoolSize = Math.max(1, reading.length) * clientsPerHost } = options;
    const shared = {
      acquireTimeout: poolTimeout,
      overflow: false,
      client,
      onError: this.emitError.bind(this),
    };
    const writeSize = poolSize("maxWritePoolSize", maxWritePoolSize);
    const readSize = poolSize("maxReadPoolSize", maxReadPoolSize);
    this.#write = new HostPool(writing, { ...shared, role: "master", maximum: writeSize });
    this.#read = new HostPool(reading, { ...shared, role: null, maximum: readSize });
  }

  /** How the two pools are used. */
  get stats(): { readonly write: PoolStats; readonly read: PoolStats } {
    return { write: this.#write.stats, read: this.#read.stats };
  }

  getClient({ signal }: TakeOptions = {}): Promise<PooledClient> {
    return this.#write.borrow(signal);
  }

  getReadOnlyClient({ signal }: TakeOptions = {}): Promise<PooledClient> {
    return this.#read.borrow(signal);
  }

  /**
   * From now on clients lead to these hosts; idle ones are replaced, lent ones when they come back.
   * @param readOnlyHosts default: those for writing
   */
  failoverTo(readWriteHosts: readonly string[], readOnlyHosts: readonly string[] = []): void {
    this.#write.moveTo(readWriteHosts);
    this.#read.moveTo(readOnlyHosts.length === 0 ? readWriteHosts : readOnlyHosts);
    this.emitFailover();
  }

  destroy(): void {
    this.#write.destroy();
    this.#read.destroy();
  }

  protected closeAll(graceMs: number): Promise<unknown> {
    return Promise.all([this.#write.close(graceMs), this.#read.close(graceMs)]);
  }
}

import { ClientsSource, type TakeOptions } from "./clients-source.ts";
import { HostPool, poolSize } from "./host-pool.ts";
import type { HostClientOptions } from "./hosts.ts";
import type { PoolStats } from "./lender.ts";
import type { PooledClient } from "./pooled-client.ts";

/** Options of {@link RedisManagerPool}. */
export interface ManagerPoolOptions {
  /** How many clients belong to the pool. Default 40. */
  readonly maxPoolSize?: number;
  /** Options of all its clients. */
  readonly client?: HostClientOptions;
}

/**
 * A pool that never makes anybody wait, in the role of ServiceStack's class of this name: when all its clients are lent, it
 * gives another one, which is closed instead of coming back.
 *
 * ```ts
 * await using manager = new RedisManagerPool("rediss://:secret@cache.example.com:6380");
 * using client = await manager.getClient();
 * await client.set("key", "value");
 * ```
 */
export class RedisManagerPool extends ClientsSource {
  readonly #pool: HostPool;

  /**
   * @param hosts one or more connection strings of any dialect, taken in turn
   * @throws RedoubtError of the family `CONFIG_`
   */
  constructor(hosts: string | readonly string[], options: ManagerPoolOptions = {}) {
    super();
    const { maxPoolSize = 40, client = {} } = options;
    this.#pool = new HostPool(typeof hosts === "string" ? [hosts] : hosts, {
      role: null,
      maximum: poolSize("maxPoolSize", maxPoolSize),
      acquireTimeout: 0,
      overflow: true,
      client,
      onError: (error) => this.emitError(error),
    });
  }

  /** How the pool is used. */
  get stats(): PoolStats {
    return this.#pool.stats;
  }

  getClient({ signal }: TakeOptions = {}): Promise<PooledClient> {
    return this.#pool.borrow(signal);
  }

  /** The same as {@link RedisManagerPool.getClient}: this pool has only one list of hosts. */
  getReadOnlyClient(options: TakeOptions = {}): Promise<PooledClient> {
    return this.getClient(options);
  }

  /** From now on clients lead to these hosts; idle ones are replaced, lent ones when they come back. */
  failoverTo(...hosts: readonly string[]): void {
    this.#pool.moveTo(hosts);
    this.emitFailover();
  }

  destroy(): void {
    this.#pool.destroy();
  }

  protected closeAll(graceMs: number): Promise<unknown> {
    return this.#pool.close(graceMs);
  }
}

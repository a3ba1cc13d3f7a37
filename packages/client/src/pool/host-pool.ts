import type { Role } from "../discovery/role.ts";
import { RedoubtError } from "../errors.ts";
import { type HostClientOptions, Hosts } from "./hosts.ts";
import { Lender, type PoolStats } from "./lender.ts";
import { type PoolOptions, poolOptions } from "./options.ts";
import { PooledClient } from "./pooled-client.ts";

/** Idle clients are kept this long, ms. */
const cleanupDelay = 60_000;

export interface HostPoolOptions {
  /** What the hosts must be; null: anything. */
  readonly role: Role | null;
  readonly maximum: number;
  /** ms; 0: as long as it takes. */
  readonly acquireTimeout: number;
  /** Whether a full pool gives clients that do not belong to it. */
  readonly overflow: boolean;
  readonly client: HostClientOptions;
  readonly onError: (error: RedoubtError) => void;
}

/** Clients lent from a list of hosts in turn. The list can be replaced. */
export class HostPool {
  readonly #options: HostPoolOptions;
  readonly #lender: Lender;
  #hosts: Hosts;

  constructor(hosts: readonly string[], options: HostPoolOptions) {
    const { role, client, maximum, acquireTimeout, overflow, onError } = options;
    this.#options = options;
    this.#hosts = new Hosts(hosts, client, role);
    const pool: PoolOptions = poolOptions({ minimum: 0, maximum, acquireTimeout, cleanupDelay });
    this.#lender = new Lender({
      ...pool,
      places: () => this.#hosts.count,
      overflow,
      make: (owner, place, generation) =>
        new PooledClient(this.#hosts.settings(place), owner, place, generation),
      onError,
    });
  }

  get stats(): PoolStats {
    return this.#lender.stats;
  }

  /** See {@link Lender.borrow}. */
  borrow(signal: AbortSignal | undefined): Promise<PooledClient> {
    return this.#lender.borrow(signal);
  }

  /** From now on clients lead to these hosts; those that are lent are closed when they come back. */
  moveTo(hosts: readonly string[]): void {
    this.#hosts = new Hosts(hosts, this.#options.client, this.#options.role);
    this.#lender.renew();
  }

  close(graceMs: number): Promise<void> {
    return this.#lender.close(graceMs);
  }

  destroy(): void {
    this.#lender.destroy();
  }
}

/** Runs a task with a client that goes back to its pool afterwards. */
export async function using<T>(
  client: Promise<PooledClient>,
  task: (client: PooledClient) => T,
): Promise<Awaited<T>> {
  const lent = await client;
  try {
    return await task(lent);
  } finally {
    lent.release();
  }
}

/**
 * A size of a pool.
 * @throws RedoubtError `CONFIG_INVALID_VALUE`
 */
export function poolSize(key: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} must be a whole number from 1, not ${value}`);
}

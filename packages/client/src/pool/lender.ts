import { RedoubtError } from "../errors.ts";
import type { PoolOptions } from "./options.ts";
import type { Owner, PooledClient } from "./pooled-client.ts";

/** How a pool is used. */
export interface PoolStats {
  /** Clients of the pool: idle, lent and connecting. */
  readonly total: number;
  readonly idle: number;
  readonly lent: number;
  readonly connecting: number;
  /** Who waits for a client now. */
  readonly waiting: number;
  /** Lent now besides the pool, because it was full. */
  readonly extra: number;
  /** Since the beginning: clients made, clients made besides the pool, clients thrown away because they were broken, waiters that gave up. */
  readonly made: number;
  readonly madeExtra: number;
  readonly discarded: number;
  readonly timeouts: number;
}

export interface LenderOptions extends PoolOptions {
  /** Over how many places clients are spread, in turn: one for each host. */
  readonly places: () => number;
  /** Whether somebody who finds the pool full gets a client that does not belong to it, instead of waiting. */
  readonly overflow: boolean;
  /** Makes a client, not connected. */
  readonly make: (owner: Owner, place: number, generation: number) => PooledClient;
  readonly onError: (error: RedoubtError) => void;
}

/** Somebody who waits for a client. */
interface Waiter {
  /** ms */
  readonly since: number;
  readonly take: (client: PooledClient) => void;
  readonly refuse: (error: RedoubtError) => void;
}

/**
 * Lends clients, each to one borrower at a time. Who waits is served in order. Clients that were lost while idle or lent are
 * replaced by new ones when somebody needs one.
 */
export class Lender implements Owner {
  readonly #options: LenderOptions;
  /** By when they came back, the longest idle first. */
  readonly #idle = new Map<PooledClient, number>();
  readonly #lent = new Set<PooledClient>();
  readonly #extra = new Set<PooledClient>();
  readonly #connecting = new Set<PooledClient>();
  readonly #waiters = new Set<Waiter>();
  readonly #counts = { made: 0, madeExtra: 0, discarded: 0, timeouts: 0 };
  #turn = 0;
  #generation = 0;
  #state: "open" | "closing" | "closed" = "open";
  #lastError: RedoubtError | null = null;
  #cleaning: NodeJS.Timeout | undefined;
  #settled: (() => void) | null = null;

  constructor(options: LenderOptions) {
    this.#options = options;
  }

  get stats(): PoolStats {
    const [idle, lent, connecting] = [this.#idle.size, this.#lent.size, this.#connecting.size];
    return {
      total: idle + lent + connecting,
      idle,
      lent,
      connecting,
      waiting: this.#waiters.size,
      extra: this.#extra.size,
      ...this.#counts,
    };
  }

  get state(): "open" | "closing" | "closed" {
    return this.#state;
  }

  /** Connects the minimum of clients. */
  async warm(): Promise<void> {
    const missing = this.#options.minimum - this.stats.total;
    await Promise.all(Array.from({ length: missing }, () => this.#connect(this.#nextPlace())));
  }

  /**
   * Lends a client: an idle one, a new one, or the first that comes back.
   * @param signal gives up waiting
   * @throws RedoubtError `TIMEOUT_POOL`, `CLOSED_QUEUE_FULL`, `CLOSED_ABORTED`, `CLOSED_CLIENT`; why a new client could not be connected
   */
  async borrow(signal?: AbortSignal): Promise<PooledClient> {
    if (this.#state !== "open") throw closedError();
    if (signal?.aborted) throw abortedError(signal);
    // Who waits already was here before.
    const ready = this.#waiters.size > 0 ? null : this.#takeIdle(this.#turn % this.#options.places());
    if (ready !== null) {
      this.#nextPlace();
      return this.#lend(ready);
    }
    if (this.#isFull && this.#options.overflow) return this.#lendExtra(this.#nextPlace());
    const client = this.#wait(signal);
    this.#grow();
    return client;
  }

  giveBack(client: PooledClient): void {
    if (this.#extra.delete(client)) {
      client.takeBack();
      client.close().catch(() => {});
    } else if (this.#lent.delete(client)) {
      const usable = client.takeBack() && client.generation === this.#generation;
      if (usable) this.#offer(client);
      else this.#discard(client);
    }
    this.#checkSettled();
  }

  /** All clients that there are now are replaced: idle ones at once, lent ones when they come back. */
  renew(): void {
    this.#generation++;
    for (const client of this.#idle.keys()) client.destroy();
    this.#idle.clear();
  }

  /**
   * Lends no more. Who waits and who has a client may finish.
   * @param graceMs for how long; then waiters are refused and lent clients are closed
   */
  async close(graceMs: number): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "closing";
    clearTimeout(this.#cleaning);
    let timer: NodeJS.Timeout | undefined;
    const start = performance.now();
    await new Promise<void>((resolve) => {
      this.#settled = resolve;
      timer = setTimeout(resolve, graceMs);
      this.#checkSettled();
    });
    clearTimeout(timer);
    const left = Math.max(0, graceMs - (performance.now() - start));
    await Promise.all([...this.#idle.keys()].map((client) => client.close({ graceMs: left })));
    this.destroy();
  }

  /** Closes all clients at once; who waits is refused. */
  destroy(): void {
    this.#state = "closed";
    clearTimeout(this.#cleaning);
    for (const { refuse } of this.#waiters) refuse(closedError());
    const all = [...this.#idle.keys(), ...this.#lent, ...this.#extra, ...this.#connecting];
    this.#idle.clear();
    this.#lent.clear();
    this.#extra.clear();
    for (const client of all) client.destroy();
    this.#settled?.();
  }

  get #isFull(): boolean {
    return this.#idle.size + this.#lent.size + this.#connecting.size >= this.#options.maximum;
  }

  #nextPlace(): number {
    const places = this.#options.places();
    const place = this.#turn % places;
    this.#turn = (place + 1) % places;
    return place;
  }

  /** An idle client that is connected, of this place if there is one or if no more can be made. */
  #takeIdle(place: number): PooledClient | null {
    let other: PooledClient | null = null;
    for (const client of [...this.#idle.keys()].reverse()) {
      if (!client.isReady) {
        this.#idle.delete(client);
        this.#discard(client);
      } else if (client.place === place) {
        this.#idle.delete(client);
        return client;
      } else other ??= client;
    }
    if (other === null || !this.#isFull) return null;
    this.#idle.delete(other);
    return other;
  }

  #lend(client: PooledClient): PooledClient {
    this.#lent.add(client);
    return client.lend();
  }

  async #lendExtra(place: number): Promise<PooledClient> {
    const client = this.#make(place);
    this.#counts.madeExtra++;
    this.#extra.add(client);
    try {
      await client.connect();
    } catch (error) {
      this.#extra.delete(client);
      this.#checkSettled();
      throw error;
    }
    return client.lend();
  }

  #wait(signal: AbortSignal | undefined): Promise<PooledClient> {
    const { acquireTimeout, maxWaiting } = this.#options;
    if (this.#waiters.size >= maxWaiting) {
      const message = `${maxWaiting} wait for a client of the pool already`;
      const hint = "Slow down, or raise the maximum of the pool or maxWaiting.";
      return Promise.reject(new RedoubtError("CLOSED_QUEUE_FULL", message, { hint }));
    }
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", aborted);
        this.#waiters.delete(waiter);
        this.#checkSettled();
      };
      const waiter: Waiter = {
        since: performance.now(),
        take: (client) => {
          resolve(this.#lend(client));
          leave();
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const aborted = (): void => waiter.refuse(abortedError(signal as AbortSignal));
      signal?.addEventListener("abort", aborted);
      if (acquireTimeout > 0) {
        timer = setTimeout(() => {
          this.#counts.timeouts++;
          waiter.refuse(this.#timeoutError(acquireTimeout));
        }, acquireTimeout);
      }
      this.#waiters.add(waiter);
    });
  }

  #timeoutError(ms: number): RedoubtError {
    const { lent, connecting, waiting } = this.stats;
    const why = this.#lastError === null ? "" : `; last error: ${this.#lastError.message}`;
    return new RedoubtError(
      "TIMEOUT_POOL",
      `No client of the pool was free within ${ms} ms: ${lent} lent of ${this.#options.maximum}, ${connecting} connecting, ${waiting} waiting${why}`,
      this.#lastError === null ? {} : { cause: this.#lastError },
    );
  }

  /** Makes clients for those who wait, as far as the maximum allows. */
  #grow(): void {
    if (this.#state === "closed") return;
    while (this.#waiters.size > this.#connecting.size && !this.#isFull) void this.#connectForWaiter();
  }

  async #connectForWaiter(): Promise<void> {
    const start = performance.now();
    try {
      await this.#connect(this.#nextPlace());
    } catch (error) {
      // Who came while this attempt was failing gets an attempt of their own.
      const waiter = this.#firstWaiter;
      if (waiter !== undefined && waiter.since <= start) waiter.refuse(error as RedoubtError);
      this.#grow();
    }
  }

  get #firstWaiter(): Waiter | undefined {
    return this.#waiters.values().next().value;
  }

  async #connect(place: number): Promise<void> {
    const client = this.#make(place);
    this.#connecting.add(client);
    try {
      await client.connect();
      this.#lastError = null;
    } catch (error) {
      this.#lastError = error as RedoubtError;
      throw error;
    } finally {
      this.#connecting.delete(client);
    }
    if (this.#state === "closed") client.destroy();
    else if (client.generation === this.#generation) this.#offer(client);
    else this.#discard(client);
  }

  #make(place: number): PooledClient {
    this.#counts.made++;
    const client = this.#options.make(this, place, this.#generation);
    client.on("error", (error) => {
      this.#lastError = error;
      this.#options.onError(error);
    });
    return client;
  }

  /** Hands a client to the first who waits, or keeps it for the next who comes. */
  #offer(client: PooledClient): void {
    const waiter = this.#firstWaiter;
    if (waiter !== undefined) return waiter.take(client);
    this.#idle.set(client, performance.now());
    this.#cleanLater();
  }

  #discard(client: PooledClient): void {
    this.#counts.discarded++;
    client.destroy();
    this.#grow();
  }

  #cleanLater(): void {
    if (this.#cleaning !== undefined || this.#state !== "open" || this.#surplus <= 0) return;
    this.#cleaning = setTimeout(() => this.#clean(), this.#options.cleanupDelay).unref();
  }

  get #surplus(): number {
    return Math.min(this.#idle.size, this.#idle.size + this.#lent.size - this.#options.minimum);
  }

  #clean(): void {
    this.#cleaning = undefined;
    const before = performance.now() - this.#options.cleanupDelay;
    let left = this.#surplus;
    for (const [client, since] of this.#idle) {
      if (left-- <= 0 || since > before) break;
      this.#idle.delete(client);
      client.destroy();
    }
    this.#cleanLater();
  }

  #checkSettled(): void {
    if (this.#state !== "closing") return;
    if (this.#lent.size + this.#extra.size + this.#waiters.size === 0) this.#settled?.();
  }
}

function closedError(): RedoubtError {
  return new RedoubtError("CLOSED_CLIENT", "The pool was closed");
}

function abortedError(signal: AbortSignal): RedoubtError {
  return new RedoubtError("CLOSED_ABORTED", "Waiting for a client of the pool was aborted", {
    cause: signal.reason,
  });
}

import { Client } from "../client/client.ts";
import type { Settings } from "../client/options.ts";
import type { Terms } from "../client/terms.ts";
import type { Command } from "../commands/command.ts";
import type { Endpoint } from "../config/target.ts";
import { addressOf } from "../discovery/address-map.ts";
import type { SentinelRoute } from "../discovery/sentinel-route.ts";
import { type ErrorCode, RedoubtError } from "../errors.ts";

/** After how long a replica that could not be connected is tried again, ms. */
const retryPause = 1000;

/** Errors of a replica after which the master is asked: a read may be repeated. */
const elsewhere: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "CLOSED_CLIENT",
  "CLOSED_CONNECTION",
  "REPLY_LOADING",
  "REPLY_MASTER_DOWN",
  "TIMEOUT_SOCKET",
]);

/** Clients that read from the replicas which the Sentinels name, in turn. */
export class ReplicaReaders {
  readonly #settings: Settings;
  readonly #route: SentinelRoute;
  readonly #each: number;
  readonly #onError: (error: RedoubtError) => void;
  readonly #clients = new Map<string, readonly Client[]>();
  #turn = 0;
  #stopListening: (() => void) | null = null;
  #retry: NodeJS.Timeout | undefined;

  /** @param each how many connections to each replica */
  constructor(
    settings: Settings,
    route: SentinelRoute,
    each: number,
    onError: (error: RedoubtError) => void,
  ) {
    this.#settings = settings;
    this.#route = route;
    this.#each = each;
    this.#onError = onError;
  }

  /** Begins to follow the replicas. */
  start(): void {
    this.#stopListening = this.#route.directory.onChange(({ type }) => {
      if (type === "REPLICA_ADD" || type === "REPLICA_REMOVE") this.#follow();
    });
    this.#follow();
  }

  /** Closes all clients. */
  stop(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    clearTimeout(this.#retry);
    for (const clients of this.#clients.values()) for (const client of clients) client.destroy();
    this.#clients.clear();
  }

  /**
   * Reads from a replica.
   * @param master asked when there is no replica, or when it is lost meanwhile
   */
  execute<Reply>(command: Command<Reply>, terms: Terms, master: () => Promise<Reply>): Promise<Reply> {
    const client = this.#next();
    if (client === null) return master();
    return client.executeWith(command, terms).catch((error: unknown) => {
      if (error instanceof RedoubtError && elsewhere.has(error.code)) return master();
      throw error;
    });
  }

  #next(): Client | null {
    const all = [...this.#clients.values()].flat();
    for (let tried = 0; tried < all.length; tried++) {
      const client = all[this.#turn++ % all.length] as Client;
      if (client.isReady) return client;
    }
    return null;
  }

  #follow(): void {
    const listed = new Map(this.#route.directory.replicas.map((one) => [addressOf(one), one]));
    for (const [address, clients] of this.#clients) {
      if (listed.has(address)) continue;
      this.#clients.delete(address);
      for (const client of clients) client.destroy();
    }
    for (const [address, endpoint] of listed)
      if (!this.#clients.has(address)) this.#clients.set(address, this.#connect(address, endpoint));
  }

  #connect(address: string, endpoint: Endpoint): readonly Client[] {
    const settings = { ...this.#settings, route: this.#route.replica(endpoint) };
    return Array.from({ length: this.#each }, () => {
      const client = new Client(settings).on("error", this.#onError);
      client.connect().catch((error: RedoubtError) => {
        this.#onError(error);
        this.#giveUp(address);
      });
      return client;
    });
  }

  /** A replica that the Sentinels list and that cannot be connected is tried again later. */
  #giveUp(address: string): void {
    for (const client of this.#clients.get(address) ?? []) client.destroy();
    this.#clients.delete(address);
    if (this.#stopListening === null) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#follow(), retryPause).unref();
  }
}

import { EventEmitter } from "node:events";
import { RedoubtError } from "../errors.ts";
import { type CacheCounts, CacheStats, noCounts } from "./cache-stats.ts";
import type { Question } from "./cacheable.ts";
import { KeptReplies } from "./kept-replies.ts";
import { bytesOf, copyOf } from "./value.ts";

/** Options of {@link ClientSideCache}; those of node-redis, and more. */
export interface ClientSideCacheOptions {
  /** How long a reply is kept at most, ms; 0: until it changes. Default 0. */
  readonly ttl?: number;
  /** How many replies are kept; 0: any number. Default 10,000. */
  readonly maxEntries?: number;
  /** How many bytes they may take together, about; 0: any number. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Which reply goes when there is no room: the one used (`LRU`, the default) or kept (`FIFO`) longest ago. */
  readonly evictPolicy?: "LRU" | "FIFO";
  /** Whether to count; default true. */
  readonly recordStats?: boolean;
  /**
   * `default`: the server remembers which keys this client has read, and tells of those. `broadcast`: it remembers nothing
   * and tells of every change of a key that begins with one of the `prefixes`.
   */
  readonly mode?: "default" | "broadcast";
  /** With `broadcast`: only keys that begin so are cached. Default: all. */
  readonly prefixes?: readonly string[];
}

/** A reply that has been asked for. */
interface Load {
  readonly keys: readonly string[];
  readonly reply: Promise<unknown>;
}

const known: ReadonlySet<string> = new Set([
  "ttl",
  "maxEntries",
  "maxBytes",
  "evictPolicy",
  "recordStats",
  "mode",
  "prefixes",
]);

/**
 * Replies that a client keeps until the server says that their keys have changed: option `clientSideCache`. Clients may
 * share one. It emits `invalidate` with the key, or null for all.
 */
export class ClientSideCache extends EventEmitter<{ invalidate: [string | null] }> {
  /** How the server is to tell of changes. */
  readonly tracking: { readonly broadcast: boolean; readonly prefixes: readonly string[] };
  readonly #kept: KeptReplies;
  readonly #loads = new Map<string, Load>();
  /** Which replies, kept or asked for, depend on a key. */
  readonly #dependents = new Map<string, Set<string>>();
  readonly #records: boolean;
  #counts: CacheCounts = noCounts();

  /** @throws RedoubtError `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID_VALUE` */
  constructor(options: ClientSideCacheOptions = {}) {
    super();
    check(options);
    const { ttl = 0, maxEntries = 10_000, maxBytes = 32 * 1024 * 1024, evictPolicy = "LRU" } = options;
    this.#kept = new KeptReplies({ ttl, maxEntries, maxBytes, evictPolicy });
    this.#records = options.recordStats ?? true;
    this.tracking = { broadcast: options.mode === "broadcast", prefixes: options.prefixes ?? [] };
  }

  /** A cache that was given, or that options describe. @throws RedoubtError as the constructor does */
  static of(given: ClientSideCache | ClientSideCacheOptions): ClientSideCache {
    return given instanceof ClientSideCache ? given : new ClientSideCache(given);
  }

  /** How many replies are kept. */
  size(): number {
    return this.#kept.size;
  }

  /** How many bytes they take, about. */
  bytes(): number {
    return this.#kept.bytes;
  }

  stats(): CacheStats {
    return new CacheStats(this.#counts);
  }

  /** Whether a reply may be kept as far as its keys go. */
  covers(keys: readonly string[]): boolean {
    const { prefixes } = this.tracking;
    return prefixes.length === 0 || keys.every((key) => prefixes.some((prefix) => key.startsWith(prefix)));
  }

  /** Gives the reply that is kept, or that somebody is asking for already, or asks for it. */
  async answer<Value>({ name, keys }: Question, ask: () => Promise<Value>): Promise<Value> {
    if (this.#kept.isExpired(name)) this.#drop(name);
    const kept = this.#kept.get(name);
    if (kept !== undefined) {
      this.#count("hitCount");
      return copyOf(kept.value) as Value;
    }
    const load = this.#loads.get(name);
    if (load !== undefined) {
      try {
        const value = await load.reply;
        this.#count("hitCount");
        return copyOf(value) as Value;
      } catch {
        // What failed for another (its deadline, for example) may not fail here.
        return ask();
      }
    }
    this.#count("missCount");
    return this.#load(name, keys, ask);
  }

  /** Forgets what depends on a key; null: all. Replies that are on their way are not kept then. */
  invalidate(key: string | null): void {
    if (key === null) this.#empty();
    else for (const name of this.#dependents.get(key) ?? []) this.#drop(name);
    this.#count("invalidationCount");
    this.emit("invalidate", key);
  }

  /** Forgets replies as {@link ClientSideCache.invalidate} does, because this client changes their keys. */
  changed(keys: readonly string[] | null): void {
    if (keys === null) this.#empty();
    else for (const key of keys) for (const name of this.#dependents.get(key) ?? []) this.#drop(name);
  }

  /** Forgets everything. */
  clear(resetStats = true): void {
    this.#empty();
    if (resetStats) this.#counts = noCounts();
  }

  async #load<Value>(name: string, keys: readonly string[], ask: () => Promise<Value>): Promise<Value> {
    const start = performance.now();
    const load: Load = { keys, reply: ask() };
    this.#loads.set(name, load);
    for (const key of keys) this.#depend(key, name);
    try {
      const value = (await load.reply) as Value;
      this.#count("loadSuccessCount");
      // Whoever drops a load knows that a key of it has changed since it was asked.
      if (this.#loads.get(name) === load) {
        this.#loads.delete(name);
        this.#keep(name, keys, value);
      }
      return copyOf(value);
    } catch (error) {
      this.#count("loadFailureCount");
      if (this.#loads.get(name) === load) this.#drop(name);
      throw error;
    } finally {
      this.#count("totalLoadTime", performance.now() - start);
    }
  }

  #keep(name: string, keys: readonly string[], value: unknown): void {
    this.#kept.set(name, { value, keys, bytes: name.length + bytesOf(value) });
    for (let gone = this.#kept.surplus; gone !== undefined; gone = this.#kept.surplus) {
      this.#drop(gone);
      this.#count("evictionCount");
    }
  }

  #depend(key: string, name: string): void {
    const names = this.#dependents.get(key);
    if (names === undefined) this.#dependents.set(key, new Set([name]));
    else names.add(name);
  }

  /** Forgets one reply, kept or asked for. */
  #drop(name: string): void {
    const { keys } = this.#kept.delete(name) ?? this.#loads.get(name) ?? { keys: [] };
    this.#loads.delete(name);
    for (const key of keys) {
      const names = this.#dependents.get(key);
      names?.delete(name);
      if (names?.size === 0) this.#dependents.delete(key);
    }
  }

  #empty(): void {
    this.#kept.clear();
    this.#loads.clear();
    this.#dependents.clear();
  }

  #count(what: keyof CacheCounts, by = 1): void {
    if (this.#records) this.#counts[what] += by;
  }
}

function check(options: ClientSideCacheOptions): void {
  const at = (key: string): string => `clientSideCache.${key}`;
  for (const key of Object.keys(options)) {
    if (known.has(key)) continue;
    throw new RedoubtError(
      "CONFIG_UNKNOWN_KEY",
      `Unknown option ${at(key)}: known are ${[...known].join(", ")}`,
    );
  }
  const wrong = (key: string, must: string): never => {
    throw new RedoubtError("CONFIG_INVALID_VALUE", `${at(key)} must be ${must}`);
  };
  for (const key of ["ttl", "maxEntries", "maxBytes"] as const) {
    const value = options[key];
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) wrong(key, "a number from 0");
  }
  const { mode, evictPolicy, prefixes } = options;
  if (mode !== undefined && mode !== "default" && mode !== "broadcast") wrong("mode", "default or broadcast");
  if (evictPolicy !== undefined && evictPolicy !== "LRU" && evictPolicy !== "FIFO")
    wrong("evictPolicy", "LRU or FIFO");
  if (prefixes !== undefined && mode !== "broadcast") wrong("prefixes", "given with mode: broadcast");
}

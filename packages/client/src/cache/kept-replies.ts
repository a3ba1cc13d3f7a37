/** How much may be kept; 0: without limit. */
export interface KeptLimits {
  readonly maxEntries: number;
  /** Bytes of the replies together, about. */
  readonly maxBytes: number;
  /** ms. */
  readonly ttl: number;
  /** Which reply goes when there is no room: the one that was used, or the one that was kept, longest ago. */
  readonly evictPolicy: "LRU" | "FIFO";
}

/** A reply that may be kept. */
export interface Reply {
  readonly value: unknown;
  /** The keys it depends on. */
  readonly keys: readonly string[];
  /** Its size, about. */
  readonly bytes: number;
}

interface Kept extends Reply {
  /** On `performance.now()`. */
  readonly until: number;
}

/** Replies by name, bounded in number, bytes and age. The oldest comes first. */
export class KeptReplies {
  readonly #limits: KeptLimits;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(limits: KeptLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(name: string): Reply | undefined {
    const kept = this.#kept.get(name);
    if (kept !== undefined && this.#limits.evictPolicy === "LRU") {
      this.#kept.delete(name);
      this.#kept.set(name, kept);
    }
    return kept;
  }

  /** Whether a reply is too old to be given. */
  isExpired(name: string): boolean {
    const kept = this.#kept.get(name);
    return kept !== undefined && kept.until <= performance.now();
  }

  /** Keeps a reply, even if it is too much: then {@link KeptReplies.surplus} names it. */
  set(name: string, reply: Reply): void {
    const { ttl } = this.#limits;
    this.delete(name);
    this.#kept.set(name, {
      ...reply,
      until: ttl === 0 ? Number.POSITIVE_INFINITY : performance.now() + ttl,
    });
    this.#bytes += reply.bytes;
  }

  /** Which reply has to go first; undefined while there is room. */
  get surplus(): string | undefined {
    const { maxEntries, maxBytes } = this.#limits;
    const full = (maxEntries > 0 && this.size > maxEntries) || (maxBytes > 0 && this.#bytes > maxBytes);
    return full ? this.#kept.keys().next().value : undefined;
  }

  /** @returns what was kept under the name */
  delete(name: string): Reply | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined) return undefined;
    this.#kept.delete(name);
    this.#bytes -= kept.bytes;
    return kept;
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }
}

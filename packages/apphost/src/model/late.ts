type Outcome<T> = { readonly value: T } | { readonly error: Error };

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A value that becomes known later, may fail to, and may become unknown again (a server that is started anew on another
 * port).
 */
export class Late<T> {
  #outcome: Outcome<T> | null = null;
  readonly #waiters = new Set<Waiter<T>>();

  /** The value, where it is known. */
  get current(): T | undefined {
    return this.#outcome !== null && "value" in this.#outcome ? this.#outcome.value : undefined;
  }

  /** Makes the value known, also in place of an earlier one. */
  set(value: T): void {
    this.#settle({ value });
  }

  /** Says that the value will not come. Whoever waits or asks gets the error, until {@link set} or {@link reset}. */
  fail(error: Error): void {
    this.#settle({ error });
  }

  /** Makes the value unknown again. Whoever waits goes on waiting. */
  reset(): void {
    this.#outcome = null;
  }

  /**
   * The value, as soon as it is known.
   * @throws the error of {@link fail}, or the signal's reason
   */
  async get(signal?: AbortSignal): Promise<T> {
    const outcome = this.#outcome;
    if (outcome !== null) {
      if ("error" in outcome) throw outcome.error;
      return outcome.value;
    }
    signal?.throwIfAborted();
    let abort = () => {};
    const waiting = new Promise<T>((resolve, reject) => {
      const waiter = { resolve, reject };
      this.#waiters.add(waiter);
      abort = () => {
        this.#waiters.delete(waiter);
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      signal?.addEventListener("abort", abort, { once: true });
    });
    try {
      return await waiting;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #settle(outcome: Outcome<T>): void {
    this.#outcome = outcome;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const { resolve, reject } of waiters) {
      if ("error" in outcome) reject(outcome.error);
      else resolve(outcome.value);
    }
  }
}

/** Lets those of one key go one after the other, in the order in which they came. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when all that came before with the same key have ended, however they ended. Without a key: at once. */
  async take<T>(key: string | undefined, work: () => Promise<T>): Promise<T> {
    if (key === undefined) return work();
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(work);
    // Only the order matters to those behind, not how it went.
    this.#last.set(
      key,
      result.then(
        () => {},
        () => {},
      ),
    );
    return result;
  }
}

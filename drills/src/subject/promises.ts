/** Watches whether promises are settled more than once, of which nothing else shows. */
export class SettledTwice {
  readonly #watched = new WeakSet<Promise<unknown>>();
  #count = 0;
  #visible = false;

  constructor() {
    // The only sign that Node gives; it may go in some later version, hence the trial.
    const trial = new Promise<void>((resolve) => {
      queueMicrotask(() => {
        resolve();
        resolve();
      });
    });
    process.on("multipleResolves", (_, promise) => {
      if (promise === trial) this.#visible = true;
      else if (this.#watched.has(promise)) this.#count++;
    });
  }

  watch<Value>(promise: Promise<Value>): Promise<Value> {
    this.#watched.add(promise);
    return promise;
  }

  /** How many there were; null where Node does not tell. */
  get count(): number | null {
    return this.#visible ? this.#count : null;
  }
}

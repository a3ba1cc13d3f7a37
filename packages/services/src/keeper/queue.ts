/** Does one thing after the other. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Does it when everything before is over, however that ended. */
  add<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => {});
    return done;
  }
}

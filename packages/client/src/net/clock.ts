/** How often deadlines are looked at, ms: a deadline is noticed at most this much late, and never early. */
const tick = 50;
/** A look that comes this much late, ms, was held up by the program itself: replies may lie unread in the sockets. */
const heldUp = 250;

/** Somebody whose deadlines are due to be looked at. */
export interface Watcher {
  /** @param now coarse time, ms; see {@link CoarseClock.now} */
  checkDeadlines(now: number): void;
}

/**
 * One coarse clock for all connections. A timer for each command would cost more than the command; here a command
 * only notes the time, which is read from a field.
 */
class CoarseClock {
  /** Milliseconds on a monotonic clock, right to within a tick while somebody watches. */
  now: number = performance.now();
  readonly #watchers = new Set<Watcher>();
  #timer: NodeJS.Timeout | undefined;

  watch(watcher: Watcher): void {
    this.#watchers.add(watcher);
    if (this.#timer !== undefined) return;
    this.now = performance.now();
    // An open socket keeps the process alive where that is wanted; the clock alone must not.
    this.#timer = setInterval(() => this.#look(), tick).unref();
  }

  unwatch(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const late = performance.now() - this.now > heldUp;
    this.now = performance.now();
    if (late) return;
    for (const watcher of this.#watchers) watcher.checkDeadlines(this.now - tick);
  }
}

/** The clock of this process. */
export const clock: CoarseClock = new CoarseClock();

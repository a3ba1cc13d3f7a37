/** How many may pass: steadily so many a second, and so many at once after a pause. */
export interface Rate {
  /** More than 0; fractions are fine. */
  readonly perSecond: number;
  /** Default: what one second lets through, at least 1. */
  readonly burst?: number;
}

/**
 * A token bucket that hands out turns: each caller learns how long to wait for its own. Time is given by the caller, in
 * milliseconds of a clock that never goes back.
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#perMs = rate.perSecond / 1000;
    this.#burst = Math.max(1, rate.burst ?? rate.perSecond);
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /**
   * Takes a turn.
   * @param patience how long the caller would wait, ms
   * @returns how long it has to wait, ms; null when that is longer than its patience, and then nothing is taken
   */
  take(now: number, patience: number): number | null {
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#at) * this.#perMs);
    this.#at = now;
    const wait = this.#tokens >= 1 ? 0 : (1 - this.#tokens) / this.#perMs;
    if (wait > patience) return null;
    this.#tokens -= 1;
    return wait;
  }
}

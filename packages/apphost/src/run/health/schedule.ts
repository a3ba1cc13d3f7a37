/** How often a resource is looked at that is well, ms. Upstream's figure. */
const whileHealthy = 30_000;

/** The step, and the longest pause, between looks at one that is not, ms. Upstream's figures. */
const [step, longest] = [1_000, 5_000] as const;

/** Pauses after the first looks at a resource that has only just started, ms: most are ready within a second. */
const beginning = [50, 50, 100, 100, 200, 250, 250] as const;

/** When a resource is looked at again. */
export class Schedule {
  /** Whether it was well once. */
  #settled = false;
  #failures = 0;

  /** @param healthy what the look has found @returns ms until the next one */
  next(healthy: boolean): number {
    if (healthy) {
      this.#settled = true;
      this.#failures = 0;
      return whileHealthy;
    }
    this.#failures++;
    const quick = this.#settled ? 0 : beginning.length;
    const soon = this.#settled ? undefined : beginning[this.#failures - 1];
    return soon ?? Math.min((this.#failures - quick) * step, longest);
  }
}

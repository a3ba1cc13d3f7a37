/** How long attempts took that succeeded, ms. */
export interface TimeStatistics {
  readonly min: number;
  readonly average: number;
  readonly median: number;
  /** 99 of 100 took at most so long; of fewer than 100 that is the longest. */
  readonly p99: number;
  readonly max: number;
  /** How much one differs from the one before, on average; 0 for fewer than two. */
  readonly jitter: number;
}

/**
 * The statistics of some times.
 *
 * @param times in the order in which they were measured, ms
 * @returns `null` for none
 */
export function statisticsOf(times: readonly number[]): TimeStatistics | null {
  const sorted = times.toSorted((a, b) => a - b);
  const { length } = sorted;
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return null;
  const at = (index: number) => sorted[index] ?? max;
  const middle = Math.floor(length / 2);
  const steps = times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? time)));
  return {
    min,
    average: sum(times) / length,
    median: length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    p99: at(Math.ceil(0.99 * length) - 1),
    max,
    jitter: steps.length === 0 ? 0 : sum(steps) / steps.length,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

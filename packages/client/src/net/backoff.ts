/** First and longest span that a delay is drawn from, ms. */
const first = 50;
const longest = 2000;

/**
 * How long to wait before the next attempt: anything between nothing and a span that doubles, so that clients which
 * lost their server together do not come back together ("full jitter").
 * @param attempt 0 for the first retry
 * @returns ms
 */
export function fullJitter(attempt: number): number {
  return Math.random() * Math.min(longest, first * 2 ** Math.min(attempt, 16));
}

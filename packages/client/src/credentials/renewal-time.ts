/** Renewed when this part of the time is over ... */
const share = 0.7;
/** ... and so long before the end, ms, where that is not before half of the time. Azure asks for 3 minutes at least. */
const ahead = 5 * 60_000;
/** How much earlier at most, as a part: clients that started together do not renew together. */
const jitter = 0.1;
/** Not more often than this, ms. */
const soonest = 100;

/**
 * When to renew what ends: after 70 % of the time that is left, or 5 minutes before the end if that is earlier, and up to
 * a tenth of that sooner. Asked again for a token that came from a cache and is the same as before, the rule gives a
 * point in what is left then.
 * @param now and `expiresAt`: ms since 1970
 * @returns ms since 1970
 */
export function renewalTime(now: number, expiresAt: number): number {
  const left = expiresAt - now;
  const byAhead = left - ahead;
  const span = byAhead > left / 2 ? Math.min(left * share, byAhead) : left * share;
  return now + Math.max(soonest, span * (1 - jitter * Math.random()));
}

/**
 * When to try again after a failure: full jitter over a span that doubles, and never at once.
 * @param failures in a row, from 1
 * @returns ms
 */
export function retryDelay(failures: number): number {
  const span = Math.min(30_000, 100 * 2 ** Math.min(failures, 16));
  return span / 4 + Math.random() * span * 0.75;
}

/**
 * How long an answer asks to wait, ms; `undefined` where it does not say. A date is taken against the answer's own `Date`: the
 * clocks of the two sides need not agree.
 * Source: RFC 9110 10.2.3; `retry-after-ms` and `x-ms-retry-after-ms` are Azure's.
 */
export function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const ms = Number(headers[name] ?? Number.NaN);
    if (Number.isFinite(ms) && ms >= 0) return ms;
  }
  const text = headers["retry-after"]?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const now = Date.parse(headers["date"] ?? "");
  return Math.max(0, at - (Number.isNaN(now) ? Date.now() : now));
}

/** How far this clock is from the other side's, ms; positive: this one is ahead. `null` where it does not say. */
export function clockSkew(headers: Readonly<Record<string, string>>): number | null {
  const theirs = Date.parse(headers["date"] ?? "");
  return Number.isNaN(theirs) ? null : Date.now() - theirs;
}

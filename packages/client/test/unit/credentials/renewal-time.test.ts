import fc from "fast-check";
import { expect, test } from "vitest";
import { renewalTime, retryDelay } from "../../../src/credentials/renewal-time.ts";

const minute = 60_000;

test.each([
  ["a day", 24 * 60 * minute, 0.7 * 24 * 60],
  ["an hour", 60 * minute, 42],
  ["12 minutes: 5 minutes before the end are earlier than 70 %", 12 * minute, 7],
  ["8 minutes: 5 minutes before the end would be too early", 8 * minute, 5.6],
  ["a second", 1000, 0.7 / 60],
])("%s", (_, life, minutes) => {
  const spans = Array.from({ length: 500 }, () => renewalTime(0, life));
  expect(Math.max(...spans)).toBeLessThanOrEqual(minutes * minute + 0.001);
  expect(Math.min(...spans)).toBeGreaterThanOrEqual(0.9 * minutes * minute);
  expect(Math.max(...spans) - Math.min(...spans)).toBeGreaterThan(0.05 * minutes * minute);
});

test("asked again and again for the same token, it comes ever closer to the end and not past it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2000, max: 2 ** 40 }), (life) => {
      let now = 0;
      for (let asked = 0; asked < 4; asked++) {
        const next = renewalTime(now, life);
        expect(next).toBeGreaterThan(now);
        if (life - now > 200) expect(next).toBeLessThan(life);
        now = next;
      }
    }),
  );
});

test("what has ended is asked for again soon, and not at once", () => {
  expect(renewalTime(10_000, 5000)).toBe(10_100);
});

test("failures are tried again after a while that grows to half a minute", () => {
  for (let failures = 1; failures < 40; failures++) {
    const span = Math.min(30_000, 100 * 2 ** failures);
    const delay = retryDelay(failures);
    expect(delay).toBeGreaterThanOrEqual(span / 4);
    expect(delay).toBeLessThanOrEqual(span);
  }
});

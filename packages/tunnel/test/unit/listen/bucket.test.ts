import fc from "fast-check";
import { expect, test } from "vitest";
import { TokenBucket } from "../../../src/listen/bucket.ts";

test("a burst passes at once, then each waits its turn", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 2 }, 0);
  expect([1, 2, 3, 4].map(() => bucket.take(0, 1000))).toEqual([0, 0, 100, 200]);
  // 300 ms later three turns have come, of which two were taken.
  expect([1, 2].map(() => bucket.take(300, 1000))).toEqual([0, 100]);
});

test("who would wait too long is refused, and takes nobody's turn", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 0);
  expect(bucket.take(0, 500)).toBe(0);
  expect(bucket.take(0, 500)).toBeNull();
  expect(bucket.take(500, 500)).toBe(500);
});

test("in no span of time more pass than burst and rate allow", () => {
  const steps = fc.array(fc.nat(400), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 10 }),
      steps,
      (perSecond, burst, gaps) => {
        const bucket = new TokenBucket({ perSecond, burst }, 0);
        let now = 0;
        const passed: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const wait = bucket.take(now, 2000);
          if (wait !== null) passed.push(now + wait);
        }
        passed.forEach((from, i) => {
          passed.slice(i).forEach((to, more) => {
            expect(more + 1).toBeLessThanOrEqual(burst + ((to - from) * perSecond) / 1000 + 1 + 1e-6);
          });
        });
      },
    ),
  );
});

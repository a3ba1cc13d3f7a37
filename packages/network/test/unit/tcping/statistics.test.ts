import fc from "fast-check";
import { expect, test } from "vitest";
import { statisticsOf } from "../../../src/tcping/statistics.ts";

test("of nothing there are none", () => {
  expect(statisticsOf([])).toBeNull();
});

test("of one, all are the same, and nothing jitters", () => {
  expect(statisticsOf([3])).toEqual({ min: 3, average: 3, median: 3, p99: 3, max: 3, jitter: 0 });
});

test("the median of an even number lies between the two in the middle; jitter goes by the order of measuring", () => {
  expect(statisticsOf([4, 1, 3, 2])).toEqual({
    min: 1,
    average: 2.5,
    median: 2.5,
    p99: 4,
    max: 4,
    jitter: 2,
  });
});

test("99 of 100 took at most so long", () => {
  expect(statisticsOf(Array.from({ length: 100 }, (_, index) => index + 1))?.p99).toBe(99);
  expect(statisticsOf(Array.from({ length: 200 }, (_, index) => index + 1))?.p99).toBe(198);
});

test("they lie in order, whatever was measured", () => {
  const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(times, (all) => {
      const { min = 0, average = 0, median = 0, p99 = 0, max = 0, jitter = 0 } = statisticsOf(all) ?? {};
      expect(min).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(p99);
      expect(p99).toBeLessThanOrEqual(max);
      expect(average).toBeGreaterThanOrEqual(min - 1e-6);
      expect(average).toBeLessThanOrEqual(max + 1e-6);
      expect(jitter).toBeLessThanOrEqual(max - min + 1e-6);
    }),
  );
});

import { expect, test } from "vitest";
import { Schedule } from "../../../src/run/health/schedule.ts";

test("a resource that has only just started is looked at often, then each second more up to five", () => {
  const schedule = new Schedule();
  const pauses = Array.from({ length: 13 }, () => schedule.next(false));
  expect(pauses).toEqual([50, 50, 100, 100, 200, 250, 250, 1_000, 2_000, 3_000, 4_000, 5_000, 5_000]);
});

test("one that is well is looked at every thirty seconds, and one that was after a second", () => {
  const schedule = new Schedule();
  expect(schedule.next(true)).toBe(30_000);
  expect([schedule.next(false), schedule.next(false)]).toEqual([1_000, 2_000]);
  expect(schedule.next(true)).toBe(30_000);
  expect(schedule.next(false)).toBe(1_000);
});

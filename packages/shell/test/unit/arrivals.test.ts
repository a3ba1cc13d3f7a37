import { expect, test } from "vitest";
import { Arrivals } from "../../src/session/arrivals.ts";

test("first in, first out, whatever comes between", () => {
  const arrivals = new Arrivals();
  expect(arrivals.shift()).toBeUndefined();
  const taken: unknown[] = [];
  for (let i = 0; i < 10; i++) {
    arrivals.push({ isPush: false, value: i });
    if (i % 3 === 2) taken.push(arrivals.shift()?.value);
  }
  expect(arrivals.size).toBe(7);
  for (let next = arrivals.shift(); next !== undefined; next = arrivals.shift()) taken.push(next.value);
  expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(arrivals.size).toBe(0);
});

import { expect, test } from "vitest";
import { SegmentPool } from "../../../src/bytes/segment.ts";

test("a segment is used again when it is lent and all its writes are over, not before", () => {
  const pool = new SegmentPool(16);
  const first = pool.take();
  first.begin();
  first.begin();
  first.written();
  first.lend();
  const second = pool.take();
  expect(second).not.toBe(first);
  first.written();
  expect(pool.take()).toBe(first);
});

test("writes that are over while it is not lent do not give it away", () => {
  const pool = new SegmentPool(16);
  const segment = pool.take();
  segment.begin();
  segment.written();
  expect(pool.take()).not.toBe(segment);
  segment.lend();
  expect(pool.take()).toBe(segment);
});

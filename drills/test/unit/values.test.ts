import fc from "fast-check";
import { expect, test } from "vitest";
import { valueOf, writeOf } from "../../src/subject/values.ts";

const origin = fc.record({
  key: fc.stringMatching(/^drill:\{\d{1,3}\}:\d{1,2}$/),
  write: fc.integer({ min: 1, max: 1_000_000 }),
});
const size = fc.integer({ min: 40, max: 400 });

test("a value tells its key and its write, and has the size that was asked for", () => {
  fc.assert(
    fc.property(origin, size, (from, bytes) => {
      const value = valueOf(from, bytes);
      expect(value).toHaveLength(bytes);
      expect(writeOf(value, from.key, bytes)).toBe(from.write);
    }),
  );
});

test("a value of another key, a shorter one, or one with a byte of another in it is none", () => {
  fc.assert(
    fc.property(origin, size, fc.nat(), (from, bytes, place) => {
      const value = valueOf(from, bytes);
      const at = place % bytes;
      const changed = `${value.slice(0, at)}#${value.slice(at + 1)}`;
      expect(writeOf(value, `${from.key}0`, bytes)).toBeNull();
      expect(writeOf(value.slice(1), from.key, bytes)).toBeNull();
      expect(writeOf(value.slice(0, -1), from.key, bytes)).toBeNull();
      expect(writeOf(changed, from.key, bytes)).toBeNull();
      expect(writeOf(null, from.key, bytes)).toBeNull();
    }),
  );
});

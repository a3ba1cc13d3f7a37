import fc from "fast-check";
import { expect, test } from "vitest";
import { type Taker, Turns } from "../../../src/upstream/turns.ts";

const taker = (): Taker => ({ take: () => false, lost: () => {} });

test("turns come in the order in which they were taken, whatever comes in between", () => {
  const takers = Array.from({ length: 5 }, taker);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.nat(6)), { maxLength: 400 }), (steps) => {
      const turns = new Turns();
      const expected: Taker[] = [];
      for (const [who, more, done] of steps) {
        const one = takers[who] as Taker;
        turns.add(one, more + 1);
        for (let i = 0; i <= more; i++) expected.push(one);
        for (let i = 0; i < done && expected.length > 0; i++) {
          expect(turns.next).toBe(expected.shift());
          turns.shift();
        }
        expect(turns.due).toBe(expected.length);
        expect(turns.next).toBe(expected[0] ?? null);
        expect(turns.hasOthers(one)).toBe(expected.some((each) => each !== one));
      }
      const left = turns.drain().flatMap(({ taker: each, count }) => new Array<Taker>(count).fill(each));
      expect(left).toEqual(expected);
      expect(turns.due).toBe(0);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { Outbox } from "../../../src/upstream/outbox.ts";

function all(outbox: Outbox): Buffer[] {
  const pieces: Buffer[] = [];
  for (let piece = outbox.take(); piece !== null; piece = outbox.take()) pieces.push(piece);
  return pieces;
}

test("what goes in comes out in order, in few pieces, and stays as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(40_000), { maxLength: 20 }), { maxLength: 8 }), (rounds) => {
      const outbox = new Outbox();
      const out: Buffer[] = [];
      const expected: Buffer[] = [];
      let next = 0;
      for (const sizes of rounds) {
        const pieces = sizes.map((size) => Buffer.alloc(size, ++next % 251));
        for (const piece of pieces) outbox.add(piece);
        expect(outbox.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
        out.push(...all(outbox));
        expected.push(...pieces);
        expect(outbox.bytes).toBe(0);
      }
      expect(Buffer.concat(out).equals(Buffer.concat(expected))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("many small pieces are one", () => {
  const outbox = new Outbox();
  for (let i = 0; i < 100; i++) outbox.add(Buffer.from("PING\r\n"));
  expect(all(outbox)).toHaveLength(1);
  outbox.add(Buffer.alloc(20_000));
  outbox.add(Buffer.from("PING\r\n"));
  expect(all(outbox)).toHaveLength(2);
});

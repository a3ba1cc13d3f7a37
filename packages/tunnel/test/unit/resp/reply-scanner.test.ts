import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "../../../src/resp/protocol-error.ts";
import { ReplyScanner } from "../../../src/resp/reply-scanner.ts";

function ends(stream: Buffer, cuts: readonly number[]): number[] {
  const scanner = new ReplyScanner();
  const found: number[] = [];
  let from = 0;
  for (const to of [...cuts, stream.length]) {
    const chunk = stream.subarray(from, to);
    let at = 0;
    while (at < chunk.length) {
      const end = scanner.next(chunk, at, chunk.length);
      if (end < 0) break;
      found.push(from + end);
      at = end;
    }
    from = to;
  }
  return found;
}

const { reply } = fc.letrec<{ reply: string }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom("+OK\r\n", "-ERR no\r\n", ":-12\r\n", "_\r\n", "#t\r\n", ",1.5\r\n", "(123\r\n"),
    fc.constantFrom("$-1\r\n", "*-1\r\n", "*0\r\n", "%0\r\n", "$0\r\n\r\n"),
    fc.string({ maxLength: 20 }).map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`),
    fc.constantFrom("=7\r\ntxt:abc\r\n", "!5\r\nERR x\r\n"),
    fc
      .tuple(fc.constantFrom("*", "~", ">"), fc.array(tie("reply"), { maxLength: 4 }))
      .map(([type, items]) => `${type}${items.length}\r\n${items.join("")}`),
    fc
      .array(fc.tuple(tie("reply"), tie("reply")), { maxLength: 3 })
      .map((pairs) => `%${pairs.length}\r\n${pairs.flat().join("")}`),
    fc
      .tuple(fc.array(fc.tuple(tie("reply"), tie("reply")), { maxLength: 2 }), tie("reply"))
      .map(([pairs, value]) => `|${pairs.length}\r\n${pairs.flat().join("")}${value}`),
  ),
}));

test("where replies end is found at every split of the bytes", () => {
  fc.assert(
    fc.property(fc.array(reply, { minLength: 1, maxLength: 4 }), (replies) => {
      const bytes = Buffer.from(replies.join(""));
      let at = 0;
      const expected = replies.map((text) => (at += Buffer.byteLength(text)));
      expect(ends(bytes, [])).toEqual(expected);
      for (let cut = 1; cut < bytes.length; cut++) expect(ends(bytes, [cut])).toEqual(expected);
      expect(ends(bytes, [...bytes.keys()].slice(1))).toEqual(expected);
    }),
  );
});

test("a reply nested a million deep takes no memory", () => {
  const scanner = new ReplyScanner();
  const deep = Buffer.from("*1\r\n".repeat(10_000));
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 100; i++) expect(scanner.next(deep, 0, deep.length)).toBe(-1);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 1024 * 1024);
  expect(scanner.next(Buffer.from(":1\r\n"), 0, 4)).toBe(4);
});

test.each(["?\r\n", "*?\r\n", "$x\r\n", "$9999999999999\r\n", "*1\rx"])("%j is no reply", (text) => {
  const bytes = Buffer.from(text);
  expect(() => new ReplyScanner().next(bytes, 0, bytes.length)).toThrow(ProtocolError);
});

test("a line without an end is refused once it is too long", () => {
  const scanner = new ReplyScanner();
  scanner.next(Buffer.from("+"), 0, 1);
  const chunk = Buffer.alloc(1024, "a");
  expect(() => {
    for (let i = 0; i < 65; i++) scanner.next(chunk, 0, chunk.length);
  }).toThrow(ProtocolError);
});

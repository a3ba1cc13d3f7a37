import fc from "fast-check";
import { expect, test } from "vitest";
import { type Batch, CommandReader } from "../../../src/redis/command-reader.ts";
import { commandOf } from "../../../src/resp/words.ts";

/** All batches of a stream that comes in pieces. */
function batches(pieces: readonly Buffer[], most = 1024): Batch[] {
  const reader = new CommandReader();
  const found: Batch[] = [];
  for (const piece of pieces) {
    reader.feed(piece);
    for (let batch = reader.next(most); batch !== null; batch = reader.next(most)) found.push(batch);
  }
  return found;
}

test("runs of what can be shared, and single ones of what cannot", () => {
  const stream = ["GET a", "SET a b", "MULTI", "INCR c", "EXEC", "PING"].map((text) =>
    commandOf(text.split(" ")),
  );
  const found = batches([Buffer.concat(stream)]);
  expect(found.map(({ row, count }) => [row.name, count])).toEqual([
    ["", 2],
    ["MULTI", 1],
    ["", 1],
    ["EXEC", 1],
    ["", 1],
  ]);
  expect(Buffer.concat(found.map(({ bytes }) => bytes))).toEqual(Buffer.concat(stream));
});

test("no batch has more commands than are wanted", () => {
  const stream = Buffer.concat(Array.from({ length: 10 }, () => commandOf(["PING"])));
  expect(batches([stream], 4).map(({ count }) => count)).toEqual([4, 4, 2]);
});

test("whatever the pieces, all commands come, in order, and none is in two batches", () => {
  const command = fc
    .constantFrom("GET a", "MULTI", "BLPOP a 0", "json.get x", "unknown y", "HELLO 3")
    .map((text) => commandOf(text.split(" ")));
  fc.assert(
    fc.property(
      fc.array(command, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(300)),
      fc.integer({ min: 1, max: 5 }),
      (commands, cuts, most) => {
        const stream = Buffer.concat(commands);
        const borders = [
          0,
          ...cuts.filter((cut) => cut < stream.length).toSorted((a, b) => a - b),
          stream.length,
        ];
        const pieces = borders
          .slice(1)
          .map((to, i) => stream.subarray(borders[i], to))
          .filter(({ length }) => length > 0);
        const found = batches(pieces, most);
        expect(Buffer.concat(found.map(({ bytes }) => bytes)).equals(stream)).toBe(true);
        expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(commands.length);
      },
    ),
  );
});

test("a large command flows in parts", () => {
  const large = commandOf(["SET", "key", "v".repeat(1_000_000)]);
  const stream = Buffer.concat([commandOf(["PING"]), large, commandOf(["PING"])]);
  const pieces = Array.from({ length: Math.ceil(stream.length / 65_536) }, (_, i) =>
    stream.subarray(i * 65_536, (i + 1) * 65_536),
  );
  const found = batches(pieces);
  expect(found.map(({ part }) => part)).toEqual([
    "whole",
    "first",
    ...Array.from({ length: found.length - 4 }, () => "more"),
    "last",
    "whole",
  ]);
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  expect(Buffer.concat(found.map(({ bytes }) => bytes)).equals(stream)).toBe(true);
});

test("bytes that trickle in one by one are kept in few pieces", () => {
  const stream = commandOf(["SET", "key", "v".repeat(10_000)]);
  const found = batches(Array.from(stream, (byte) => Buffer.from([byte])));
  expect(found).toHaveLength(1);
  expect(found[0]?.bytes).toEqual(stream);
});

test.each(["*1\r\n!", 'GET "a\r\n'])("what is wrong is told after the commands before it: %j", (wrong) => {
  const reader = new CommandReader();
  reader.feed(Buffer.concat([commandOf(["PING"]), commandOf(["PING"]), Buffer.from(wrong)]));
  expect(reader.next(9)?.count).toBe(2);
  expect(() => reader.next(9)).toThrow("Protocol error");
  expect(() => reader.next(9)).toThrow("Protocol error");
});

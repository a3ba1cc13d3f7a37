import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { command, type RedisArgument, spec } from "../../../src/commands/command.ts";
import { Encoder } from "../../../src/protocol/encoder.ts";
import { decode } from "./replies.ts";

const slab = 64 * 1024;
/** More than this fits into no slab. */
const largest = 512 * 1024;
const SET = spec("SET");
const TWO_WORDS = spec("CLIENT SETNAME");

/** What a server reads, written down without the encoder. */
function wire(words: readonly string[], args: readonly RedisArgument[]): Buffer {
  const parts = [...words, ...args].map((part) =>
    typeof part === "object" ? part : Buffer.from(String(part)),
  );
  return Buffer.concat([
    Buffer.from(`*${parts.length}\r\n`),
    ...parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from("\r\n")]),
  ]);
}

function encoded(...all: readonly (readonly RedisArgument[])[]): Buffer {
  const encoder = new Encoder();
  for (const args of all) encoder.add(command(SET, args));
  return Buffer.concat(taken(encoder));
}

/** All views of what waits, one after the other. */
function taken(encoder: Encoder): Buffer[] {
  const views: Buffer[] = [];
  for (let view = encoder.take(); view !== null; view = encoder.take()) views.push(view);
  return views;
}

const interesting = [
  0,
  1,
  9,
  10,
  47,
  48,
  49,
  99,
  100,
  5461,
  5462,
  16_383,
  16_384,
  16_385,
  slab - 100,
  slab - 24,
  slab,
  slab + 1,
  (largest - 100) / 3,
  largest - 100,
  largest + 1,
].map(Math.floor);
const length = fc.oneof(fc.constantFrom(...interesting), fc.nat(200));
const argument: fc.Arbitrary<RedisArgument> = fc.oneof(
  // Any UTF-16, lone surrogates too.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.tuple(length, fc.constantFrom("a", "ü", "€", "\ud800")).map(([size, unit]) => unit.repeat(size)),
  fc.tuple(length, fc.nat(255)).map(([size, byte]) => Buffer.alloc(size, byte)),
  fc.integer(),
  fc.double({ noNaN: true }),
);
const commands = fc.array(fc.array(argument, { maxLength: 6 }), { minLength: 1, maxLength: 30 });

test("any commands are what a server reads, in any order of taking and writing, while others use the same memory", () => {
  const step = fc.constantFrom("add", "take", "take all", "write");
  fc.assert(
    fc.property(commands, fc.infiniteStream(step), (all, steps) => {
      const lines = [0, 1].map(() => ({
        encoder: new Encoder(),
        // What was taken may still lie in a slab, until written() says that it does not.
        views: [] as Buffer[],
        sent: [] as Buffer[],
        expected: [] as Buffer[],
      }));
      const write = (line: (typeof lines)[0]): void => {
        line.sent.push(...line.views.splice(0).map((view) => Buffer.from(view)));
        line.encoder.written();
      };
      for (const [i, args] of all.entries()) {
        const line = lines[i % 2] as (typeof lines)[0];
        const { encoder, views, expected } = line;
        expected.push(wire(["SET"], args));
        const before = encoder.waiting;
        encoder.add(command(SET, args));
        expect(encoder.waiting).toBe(before + (expected.at(-1)?.length ?? 0));
        const next = steps.next().value as string;
        if (next === "take") views.push(encoder.take() as Buffer);
        else if (next === "take all") views.push(...taken(encoder));
        else if (next === "write") write(line);
      }
      for (const line of lines) {
        line.views.push(...taken(line.encoder));
        write(line);
        expect(Buffer.concat(line.sent).equals(Buffer.concat(line.expected))).toBe(true);
        expect(line.encoder.waiting).toBe(0);
      }
    }),
    { numRuns: 300 },
  );
});

test("what was encoded is decoded as the same arguments", () => {
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (args) => {
      const texts = args.map((arg) => Buffer.from(typeof arg === "object" ? arg : String(arg)).toString());
      expect(decode([encoded(args)])).toStrictEqual([{ reply: ["SET", ...texts] }]);
    }),
    { numRuns: 200 },
  );
});

describe("around the sizes at which it changes its way", () => {
  test.each(interesting)("%i", (size) => {
    for (const arg of [
      "a".repeat(size),
      "€".repeat(size),
      Buffer.alloc(size, 7),
      new Uint8Array(size).fill(7) as Buffer,
    ]) {
      for (const before of [0, 1, 100, slab - 200, slab - 50, slab - size - 60].filter((n) => n >= 0)) {
        const all = [["x".repeat(before)], ["k", arg, "tail"], ["next"]];
        expect(encoded(...all).equals(Buffer.concat(all.map((args) => wire(["SET"], args))))).toBe(true);
      }
    }
  });

  test("thousands of commands of every size up to a slab", () => {
    const all = Array.from({ length: 3000 }, (_, i) => [`key:${i}`, "v".repeat((i * 37) % 700)]);
    expect(encoded(...all).equals(Buffer.concat(all.map((args) => wire(["SET"], args))))).toBe(true);
  });

  test("thousands of arguments in one command", () => {
    const args = Array.from({ length: 20_000 }, (_, i) => (i % 3 === 0 ? i : `argument ${i}`));
    expect(encoded(args).equals(wire(["SET"], args))).toBe(true);
  });
});

test("names of several words, and no arguments at all", () => {
  const encoder = new Encoder();
  encoder.add(command(TWO_WORDS, ["app"]));
  encoder.add(command(spec("PING"), []));
  expect(Buffer.concat(taken(encoder)).toString()).toBe(
    "*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n$3\r\napp\r\n*1\r\n$4\r\nPING\r\n",
  );
});

test("numbers are written as JavaScript prints them", () => {
  expect(decode([encoded([0, -0, 1.5, -7, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, Infinity])])).toStrictEqual([
    { reply: ["SET", "0", "0", "1.5", "-7", "1e+21", "5e-324", "9007199254740991", "Infinity"] },
  ]);
});

test("what does not fit into a slab is handed on without a copy", () => {
  const large = Buffer.alloc(largest, 1);
  const encoder = new Encoder();
  encoder.add(command(SET, ["k", large]));
  expect(taken(encoder).filter((bytes) => bytes === large)).toHaveLength(1);
});

describe("what is no argument is refused, and nothing of its command is added", () => {
  test.each([
    ["undefined", undefined],
    ["null", null],
    ["NaN", Number.NaN],
    ["boolean", true],
    ["bigint", 1n],
    ["object", {}],
    ["object", ["a"]],
    ["object", new Date(0)],
    ["symbol", Symbol("s")],
    ["function", () => "x"],
  ])("%s", (found, arg) => {
    for (const large of [false, true]) {
      const encoder = new Encoder();
      encoder.add(command(SET, ["a", "1"]));
      const filler = large ? Buffer.alloc(largest + 1) : "b";
      const refused = command(SET, ["secret key", filler, arg as never, "secret value"]);
      expect(() => encoder.add(refused)).toThrow(
        expect.objectContaining({
          code: "CONFIG_INVALID_VALUE",
          command: "SET",
          message: expect.stringMatching(`Argument 3 of SET is ${found}`) as string,
        }),
      );
      expect(() => encoder.add(refused)).not.toThrow(/secret/);
      encoder.add(command(SET, ["c", "2"]));
      const expected = Buffer.concat([wire(["SET"], ["a", "1"]), wire(["SET"], ["c", "2"])]);
      expect(Buffer.concat(taken(encoder)).equals(expected)).toBe(true);
    }
  });
});

test("what nobody has taken yet stays, however often others say that theirs is written", () => {
  const encoder = new Encoder();
  const large = ["k", Buffer.alloc(20_000, 1), Buffer.alloc(largest, 2)];
  encoder.add(command(SET, large));
  encoder.written();
  const first = encoder.take() as Buffer;
  const copy = Buffer.from(first);
  encoder.add(command(SET, ["x", "y"]));
  expect(first.equals(copy)).toBe(true);
  encoder.written();
  const rest = taken(encoder);
  expect(
    Buffer.concat([copy, ...rest]).equals(Buffer.concat([wire(["SET"], large), wire(["SET"], ["x", "y"])])),
  ).toBe(true);
});

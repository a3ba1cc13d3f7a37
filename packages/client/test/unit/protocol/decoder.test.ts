import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Decoder } from "../../../src/protocol/decoder.ts";
import { asBuffers, asObject, asStrings } from "../../../src/protocol/reply.ts";
import { cut, decode, expectTold, meaning, modes, Notes, vectors } from "./replies.ts";

describe.each(vectors.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
  const bytes = Buffer.from(vector.wire);
  const inMode = modes.map((mode) => ({ mode, expected: meaning(vector, mode) }));

  test("in one piece, in every mode", () => {
    for (const { mode, expected } of inMode) expectTold(decode([bytes], mode), expected);
    expect(bytes.length).toBeGreaterThan(0);
  });

  test("split at every place, and byte by byte", () => {
    const bytewise = Array.from(bytes, (byte) => Buffer.of(byte));
    for (const { mode, expected } of inMode) {
      for (let at = 1; at < bytes.length; at++)
        expectTold(decode(cut(bytes, at), mode), expected, `split at ${at}`);
      expectTold(decode(bytewise, mode), expected, "byte by byte");
    }
    expect(bytewise).toHaveLength(bytes.length);
  });

  test.runIf(bytes.length <= 64)("split at every pair of places", () => {
    let looked = 0;
    for (const { mode, expected } of inMode) {
      for (let first = 1; first < bytes.length; first++) {
        for (let second = first + 1; second < bytes.length; second++, looked++)
          expectTold(decode(cut(bytes, first, second), mode), expected, `split at ${first} and ${second}`);
      }
    }
    expect(looked).toBe(2 * (bytes.length - 1) * (bytes.length - 2));
  });
});

test("all replies of the corpus one behind the other, in chunks of any size", () => {
  const bytes = Buffer.from(vectors.map(({ wire }) => wire).join(""));
  const expected = vectors.flatMap((vector) => meaning(vector, asStrings));
  const places = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 });
  fc.assert(
    fc.property(places, (at) => expectTold(decode(cut(bytes, ...at.toSorted((a, b) => a - b))), expected)),
    { numRuns: 100 },
  );
});

test("the mode is asked once for each reply, when it begins; pushes and attributes are none", () => {
  const notes = new Notes(asBuffers);
  const decoder = new Decoder(notes);
  // A push that arrives while nothing is in flight must not fix the mode of the reply after it.
  decoder.write(Buffer.from(">2\r\n$1\r\np\r\n$1\r\nq\r\n|1\r\n$1\r\na\r\n$1\r\nb\r\n"));
  expect(notes.asked).toBe(0);
  expect(decoder.midReply).toBe(false);
  notes.mode = asStrings;
  decoder.write(Buffer.from("$1\r\nx"));
  notes.mode = asBuffers;
  decoder.write(Buffer.from("\r\n$1\r\ny\r\n"));
  expect(notes.asked).toBe(2);
  expect(notes.told).toStrictEqual([{ push: ["p", "q"] }, { reply: "x" }, { reply: Buffer.from("y") }]);
});

test("it knows whether it is in the middle of a reply", () => {
  const decoder = new Decoder(new Notes());
  const after = (text: string) => {
    decoder.write(Buffer.from(text));
    return decoder.midReply;
  };
  expect([after("+O"), after("K\r\n"), after("*2\r\n"), after(":1\r\n"), after(":2\r\n")]).toStrictEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect([after(">2\r\n+a\r\n"), after("+b\r\n"), after("$9000\r\nx")]).toStrictEqual([true, false, true]);
});

test("plain objects have no prototype, so no key of a server is special", () => {
  const [told] = decode([Buffer.from("*4\r\n+__proto__\r\n*1\r\n:1\r\n+a\r\n:2\r\n")], asObject);
  const { reply } = told as { reply: Record<string, unknown> };
  expect(Object.getPrototypeOf(reply)).toBeNull();
  expect(Object.keys(reply)).toStrictEqual(["__proto__", "a"]);
  expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
});

test("Buffers have memory of their own", () => {
  const chunk = Buffer.from("*2\r\n$3\r\nabc\r\n=7\r\ntxt:def\r\n");
  const notes = new Notes(asBuffers);
  new Decoder(notes).write(chunk);
  chunk.fill(0);
  expect(notes.told).toStrictEqual([{ reply: [Buffer.from("abc"), Buffer.from("def")] }]);
});

describe("long strings, assembled from many chunks", () => {
  const lengths = [127, 128, 129, 8191, 8192, 8193, 65_535, 65_536, 65_537, 200_000];
  const text = (length: number) => "0123456789abcdef-".repeat(length / 17 + 1).slice(0, length);

  test.each(lengths)("%i bytes, in chunks of 64 KiB, of 1000 bytes and split at the end", (length) => {
    const value = text(length);
    const bytes = Buffer.from(`+a\r\n$${length}\r\n${value}\r\n:1\r\n`);
    const inPieces = (size: number) =>
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
    const splits = [
      inPieces(65_536),
      inPieces(1000),
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => cut(bytes, bytes.length - n)),
    ];
    expect(splits).toHaveLength(9);
    for (const mode of modes) {
      const whole = (mode & asBuffers) === 0 ? value : Buffer.from(value);
      for (const chunks of splits)
        expectTold(decode(chunks, mode), [{ reply: "a" }, { reply: whole }, { reply: 1 }]);
    }
  });

  test("UTF-8 that is cut in the middle of a character, also as a key, an error and a verbatim string", () => {
    const value = "ü€😀".repeat(2000);
    const length = Buffer.byteLength(value);
    const bytes = Buffer.from(
      `%1\r\n$${length}\r\n${value}\r\n=${length + 4}\r\ntxt:${value}\r\n!${length}\r\n${value}\r\n`,
    );
    expect(bytes.length).toBeGreaterThan(3 * length);
    for (let at = 1; at < bytes.length; at += 997)
      expectTold(
        decode(cut(bytes, at)),
        [{ reply: new Map([[value, value]]) }, { error: value }],
        `split at ${at}`,
      );
  });

  test("40 MiB, more than is believed at first", () => {
    const length = 40 * 1024 * 1024 + 3;
    const notes = new Notes(asBuffers);
    const decoder = new Decoder(notes);
    const body = Buffer.alloc(length);
    for (let i = 0; i < length - 4; i += 4096) body.writeUInt32LE(i, i);
    decoder.write(Buffer.from(`$${length}\r\n`));
    for (let at = 0; at < length; at += 1_000_003) decoder.write(body.subarray(at, at + 1_000_003));
    decoder.write(Buffer.from("\r"));
    expect(notes.told).toHaveLength(0);
    decoder.write(Buffer.from("\n"));
    const [told] = notes.told as [{ reply: Buffer }];
    expect(told.reply.equals(body)).toBe(true);
  });
});

test("any text and any bytes come back, in any chunks", () => {
  const value = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "binary-ascii", maxLength: 9000 }),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 5000 }),
      (texts, size) => {
        const bulks = texts.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`).join("");
        const bytes = Buffer.from(`*${texts.length}\r\n${bulks}`);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        expectTold(decode(chunks), [{ reply: texts }]);
        expectTold(decode(chunks, asBuffers), [{ reply: texts.map((text) => Buffer.from(text)) }]);
      },
    ),
    { numRuns: 150 },
  );
});

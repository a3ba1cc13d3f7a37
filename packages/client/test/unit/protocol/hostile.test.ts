import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RedoubtError } from "../../../src/errors.ts";
import { Decoder } from "../../../src/protocol/decoder.ts";
import { defaultLimits } from "../../../src/protocol/limits.ts";
import { asBuffers } from "../../../src/protocol/reply.ts";
import { cut, decode, modes, Notes, vectors } from "./replies.ts";

const mebibyte = 1024 * 1024;

/** The code with which bytes are refused, whatever the split; "taken" when they are not refused. */
function verdict(chunks: readonly Uint8Array[], mode = 0, limits = defaultLimits): string {
  try {
    decode(chunks, mode, limits);
    return "taken";
  } catch (error) {
    if (!(error instanceof RedoubtError)) throw error;
    return error.code;
  }
}

describe("bytes that are no RESP are refused, however they are split", () => {
  test.each([
    ["an unknown type", "?5\r\n", "REPLY_PROTOCOL"],
    ["a blank", " +OK\r\n", "REPLY_PROTOCOL"],
    ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "REPLY_NOT_REDIS"],
    ["something that begins like HTTP", "HTML\r\n", "REPLY_PROTOCOL"],
    ["a TLS alert", "\x15\x03\x03\x00\x02\x02\x46", "TLS_PEER_REQUIRES_TLS"],
    ["a TLS handshake", "\x16\x03\x03\x00\x02\x02\x46", "TLS_PEER_REQUIRES_TLS"],
    ["a length without digits", "$\r\n", "REPLY_PROTOCOL"],
    ["a negative length", "$-2\r\n", "REPLY_PROTOCOL"],
    ["a length with a letter", "$1a\r\na\r\n", "REPLY_PROTOCOL"],
    ["a length with too many digits", "$0000000000000001\r\na\r\n", "REPLY_PROTOCOL"],
    ["a length that ends in CR alone", "$1\rxa\r\n", "REPLY_PROTOCOL"],
    ["a length that ends in LF alone", "$1\na\r\n", "REPLY_PROTOCOL"],
    ["a null map", "%-1\r\n", "REPLY_PROTOCOL"],
    ["a null set", "~-1\r\n", "REPLY_PROTOCOL"],
    ["a null push", ">-1\r\n", "REPLY_PROTOCOL"],
    ["a null attribute", "|-1\r\n", "REPLY_PROTOCOL"],
    ["a null error", "!-1\r\n", "REPLY_PROTOCOL"],
    ["a null verbatim string", "=-1\r\n", "REPLY_PROTOCOL"],
    ["a string that is longer than announced", "$1\r\nab\r\n", "REPLY_PROTOCOL"],
    ["a string without its end", "$1\r\na\rx", "REPLY_PROTOCOL"],
    ["a verbatim string too short for its format", "=3\r\ntxt\r\n", "REPLY_PROTOCOL"],
    ["a verbatim string without colon", "=5\r\ntxtab\r\n", "REPLY_PROTOCOL"],
    ["a streamed string", "$?\r\n;4\r\nabcd\r\n;0\r\n", "REPLY_PROTOCOL"],
    ["a streamed array", "*?\r\n:1\r\n.\r\n", "REPLY_PROTOCOL"],
    ["an integer without digits", ":\r\n", "REPLY_PROTOCOL"],
    ["an integer of a sign alone", ":-\r\n", "REPLY_PROTOCOL"],
    ["an integer with a fraction", ":1.5\r\n", "REPLY_PROTOCOL"],
    ["an integer without end", `:${"1".repeat(30)}`, "REPLY_PROTOCOL"],
    ["a double of words", ",abc\r\n", "REPLY_PROTOCOL"],
    ["an empty double", ",\r\n", "REPLY_PROTOCOL"],
    ["a double of a dot", ",.\r\n", "REPLY_PROTOCOL"],
    ["a big number with a letter", "(12x\r\n", "REPLY_PROTOCOL"],
    ["a big number of 5000 digits", `(${"1".repeat(5000)}\r\n`, "REPLY_PROTOCOL"],
    ["a boolean that is neither", "#x\r\n", "REPLY_PROTOCOL"],
    ["a null with text", "_x\r\n", "REPLY_PROTOCOL"],
    ["a line with CR in the middle", "+a\rb\r\n", "REPLY_PROTOCOL"],
    ["a push inside of a reply", "*2\r\n:1\r\n>1\r\n+a\r\n:2\r\n", "REPLY_PROTOCOL"],
    ["a push inside of an attribute", "|1\r\n+a\r\n>1\r\n+b\r\n", "REPLY_PROTOCOL"],
    ["an empty push", ">0\r\n", "REPLY_PROTOCOL"],
    ["a string of more than 512 MiB", "$536870913\r\n", "REPLY_LIMIT"],
    ["a string that JavaScript cannot hold", "$536870911\r\n", "REPLY_LIMIT"],
  ])("%s", (_, text, code) => {
    const bytes = Buffer.from(text, "latin1");
    expect(verdict([bytes])).toBe(code);
    for (let at = 1; at < Math.min(bytes.length, 200); at++)
      expect(verdict(cut(bytes, at)), `split at ${at}`).toBe(code);
  });
});

test("replies with changed bytes are taken or refused with a code of the family, never anything else", () => {
  const wire = vectors.map(({ wire: text }) => Buffer.from(text));
  const change = fc.record({
    at: fc.nat(),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from("\r\n$*%>|:-0129"))),
  });
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.constantFrom(...wire),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...modes),
      fc.nat(),
      (original, changes, mode, where) => {
        const bytes = Buffer.from(original);
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        const code = verdict(cut(bytes, where % bytes.length), mode);
        expect(code).toMatch(/^(taken|REPLY_PROTOCOL|REPLY_LIMIT|REPLY_NOT_REDIS|TLS_PEER_REQUIRES_TLS)$/);
        seen.add(code);
      },
    ),
    { numRuns: 20_000 },
  );
  expect(seen).toContain("taken");
  expect(seen).toContain("REPLY_PROTOCOL");
});

test("any bytes at all", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      expect(verdict([bytes])).toMatch(/^(taken|REPLY_|TLS_PEER_REQUIRES_TLS)/);
    }),
    { numRuns: 5000 },
  );
});

describe("lengths are not believed", () => {
  /** How much memory, in MiB, is held and reserved after these bytes. */
  function costs(bytes: string, mode = 0): number {
    const decoder = new Decoder(new Notes(mode));
    const before = process.memoryUsage();
    decoder.write(Buffer.from(bytes));
    const after = process.memoryUsage();
    expect(decoder.midReply).toBe(true);
    return (after.external - before.external + after.heapUsed - before.heapUsed) / mebibyte;
  }

  test.each([
    ["a string of 512 MiB", `$536870911\r\n${"x".repeat(10_000)}`, asBuffers],
    ["a verbatim string of 500 MiB", `=500000000\r\ntxt:${"x".repeat(10_000)}`, 0],
    ["an array of a billion", "*1000000000\r\n:1\r\n", 0],
    ["an array of 10^15", "*999999999999999\r\n:1\r\n", 0],
    ["a map of a billion", "%1000000000\r\n+a\r\n:1\r\n", 0],
    ["an object of a billion", "%1000000000\r\n+a\r\n:1\r\n", 2],
    ["a set of a billion", "~1000000000\r\n+a\r\n", 0],
    ["a push of a billion", ">1000000000\r\n+a\r\n", 0],
    ["an attribute of a billion", "|1000000000\r\n+a\r\n", 0],
    ["64 arrays of a billion in each other", "*1000000000\r\n".repeat(64), 0],
    ["64 arrays of 4096 in each other", "*4096\r\n".repeat(64), 0],
    ["64 maps of a billion in each other", "%1000000000\r\n+k\r\n".repeat(64), 0],
  ])("%s", (_, bytes, mode) => {
    expect(costs(bytes, mode)).toBeLessThan(20);
  });

  test("1000 connections that were each told of a billion", () => {
    const decoders = Array.from({ length: 1000 }, () => new Decoder(new Notes()));
    const before = process.memoryUsage().heapUsed;
    for (const decoder of decoders) decoder.write(Buffer.from("*1000000000\r\n:1\r\n"));
    expect((process.memoryUsage().heapUsed - before) / mebibyte).toBeLessThan(20);
  });
});

test("nesting has a limit, and does not use the call stack", () => {
  const nested = (depth: number) => Buffer.from(`${"*1\r\n".repeat(depth)}:1\r\n`);
  expect(verdict([nested(64)])).toBe("taken");
  expect(verdict([nested(65)])).toBe("REPLY_LIMIT");
  expect(verdict([nested(10_000)])).toBe("REPLY_LIMIT");
  expect(verdict([Buffer.from("%1\r\n+k\r\n".repeat(10_000))])).toBe("REPLY_LIMIT");
  expect(verdict([Buffer.from("|1\r\n+k\r\n".repeat(10_000))])).toBe("REPLY_LIMIT");
  const deep = { ...defaultLimits, depth: 20_000 };
  expect(verdict([nested(10_000)], 0, deep)).toBe("taken");
});

test("a line has a limit, also when it arrives in pieces", () => {
  const line = (length: number) => Buffer.from(`+${"x".repeat(length)}\r\n`);
  expect(verdict([line(60_000)])).toBe("taken");
  expect(verdict([line(70_000)])).toBe("REPLY_LIMIT");
  expect(verdict(cut(line(70_000), 35_000))).toBe("REPLY_LIMIT");
  const endless = Array.from({ length: 100 }, () => Buffer.alloc(1000, "x"));
  expect(verdict([Buffer.from("-"), ...endless])).toBe("REPLY_LIMIT");
});

test("a reply has a limit: an endless array ends the connection", () => {
  const limits = { ...defaultLimits, replyBytes: mebibyte };
  const elements = Buffer.from(":1\r\n".repeat(1000));
  const decoder = new Decoder(new Notes(), limits);
  decoder.write(Buffer.from("*1000000000\r\n"));
  const flood = () => {
    for (let i = 0; i < 1000; i++) decoder.write(elements);
  };
  expect(flood).toThrow(expect.objectContaining({ code: "REPLY_LIMIT" }));
  // Many small replies are no long one.
  const busy = new Decoder(new Notes(), limits);
  for (let i = 0; i < 1000; i++) busy.write(elements);
  expect(verdict([Buffer.from("|1\r\n+a\r\n+b\r\n".repeat(200_000))], 0, limits)).toBe("REPLY_LIMIT");
});

test("no line takes long to read: patterns are linear", () => {
  const digits = "1".repeat(60_000);
  for (const line of [
    `,${digits}x`,
    `,${digits}.${digits.slice(0, 3000)}x`,
    `(${digits}`,
    `,nan(${digits}`,
    `:${digits}`,
  ]) {
    const start = performance.now();
    expect(verdict([Buffer.from(`${line}\r\n`)])).toBe("REPLY_PROTOCOL");
    expect(performance.now() - start).toBeLessThan(3000);
  }
});

test("a string limit of one's own", () => {
  const limits = { ...defaultLimits, bulkBytes: 10 };
  expect(verdict([Buffer.from("$10\r\n0123456789\r\n")], 0, limits)).toBe("taken");
  expect(verdict([Buffer.from("$11\r\n")], 0, limits)).toBe("REPLY_LIMIT");
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CommandScanner } from "../../../src/resp/command-scanner.ts";
import { ProtocolError } from "../../../src/resp/protocol-error.ts";
import { commandOf, wordsOf } from "../../../src/resp/words.ts";

interface Found {
  readonly end: number;
  readonly count: number;
  readonly isInline: boolean;
  readonly isEmpty: boolean;
}

/** Feeds a stream in pieces and tells where its commands ended. */
function ends(stream: Buffer, cuts: readonly number[], scanner = new CommandScanner()): Found[] {
  const found: Found[] = [];
  const borders = [...cuts, stream.length];
  let from = 0;
  for (const to of borders) {
    const chunk = stream.subarray(from, to);
    let at = 0;
    while (at < chunk.length) {
      const end = scanner.next(chunk, at, chunk.length);
      if (end < 0) break;
      const { count, isInline, isEmpty } = scanner;
      found.push({ end: from + end, count, isInline, isEmpty });
      at = end;
    }
    from = to;
  }
  return found;
}

const word = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const multibulk = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => commandOf(words));
const inline = fc
  .constantFrom("PING\r\n", "get a\n", "\r\n", 'set a "b c"\r\n')
  .map((text) => Buffer.from(text));
const nothing = fc.constantFrom("*0\r\n", "*-1\r\n").map((text) => Buffer.from(text));
const stream = fc.array(fc.oneof({ weight: 4, arbitrary: multibulk }, inline, nothing), {
  minLength: 1,
  maxLength: 5,
});

describe("where commands end", () => {
  test("is found at every split of the bytes", () => {
    fc.assert(
      fc.property(stream, (commands) => {
        const bytes = Buffer.concat(commands);
        let at = 0;
        const expected = commands.map((command) => (at += command.length));
        const whole = ends(bytes, []);
        expect(whole.map(({ end }) => end)).toEqual(expected);
        for (let cut = 1; cut < bytes.length; cut++) expect(ends(bytes, [cut])).toEqual(whole);
        expect(ends(bytes, [...bytes.keys()].slice(1))).toEqual(whole);
      }),
    );
  });

  test("the name is told where it is whole in the chunk", () => {
    const scanner = new CommandScanner();
    const bytes = Buffer.from("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*1\r\n$4\r\nPI");
    const end = scanner.next(bytes, 0, bytes.length);
    expect(bytes.toString("latin1", scanner.nameStart, scanner.nameEnd)).toBe("GET");
    expect(scanner.next(bytes, end, bytes.length)).toBe(-1);
    expect(scanner.next(Buffer.from("NG\r\n"), 0, 4)).toBe(4);
    expect(scanner.nameStart).toBe(-1);
  });

  test.each([
    ["*1\r\n+PING\r\n", "expected '$', got '+'"],
    ["*abc\r\n", "invalid multibulk length"],
    ["*1048577\r\n", "invalid multibulk length"],
    ["*01\r\n", "invalid multibulk length"],
    ["*99999999999\r\n", "too big mbulk count string"],
    ["*1\r\n$-1\r\n", "invalid bulk length"],
    ["*1\r\n$536870913\r\n", "invalid bulk length"],
    ["*1\r\n$3\rx", "invalid bulk length"],
  ])("%j is refused", (text, message) => {
    const bytes = Buffer.from(text);
    const refused = new ProtocolError(message);
    expect(() => new CommandScanner().next(bytes, 0, bytes.length)).toThrow(refused);
  });

  test("a line without an end is refused once it is too long", () => {
    const scanner = new CommandScanner();
    const chunk = Buffer.alloc(1024, "a");
    expect(() => {
      for (let i = 0; i < 65; i++) scanner.next(chunk, 0, chunk.length);
    }).toThrow(new ProtocolError("too big inline request"));
  });

  test("little is believed before a login", () => {
    const scanner = new CommandScanner();
    scanner.isTrusted = false;
    const many = Buffer.from("*11\r\n");
    expect(() => scanner.next(many, 0, many.length)).toThrow("unauthenticated multibulk length");
    const long = new CommandScanner();
    long.isTrusted = false;
    const bytes = Buffer.from("*1\r\n$16385\r\n");
    expect(() => long.next(bytes, 0, bytes.length)).toThrow("unauthenticated bulk length");
  });
});

describe("the words of a command", () => {
  test("come back as they were", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(wordsOf(commandOf(words))).toEqual(words);
      }),
    );
  });

  test.each([
    ["  get   a \r\n", ["get", "a"]],
    ["set a \"b\\x41\\n\" 'c\\'d'\n", ["set", "a", "bA\n", "c'd"]],
    ["\r\n", []],
  ])("%j", (line, words) => {
    expect(wordsOf(Buffer.from(line)).map(String)).toEqual(words);
  });

  test.each(['get "a\r\n', "get 'a\r\n", 'get "a"b\r\n'])("%j has quotes that do not close", (line) => {
    expect(() => wordsOf(Buffer.from(line))).toThrow("unbalanced quotes");
  });
});

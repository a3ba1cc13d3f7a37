import { describe, expect, test } from "vitest";
import { Decoder } from "../../../src/protocol/decoder.ts";
import { asSent } from "../../../src/protocol/reply.ts";
import { Gathered, Marked } from "../../../src/protocol/typed.ts";

/** What a decoder tells that keeps every type, of bytes in pieces of one size. */
function decode(wire: string | Buffer, size: number) {
  const replies: unknown[] = [];
  const pushes: unknown[][] = [];
  const decoder = new Decoder({
    replyMode: () => asSent,
    pushMode: asSent,
    onReply: (value) => void replies.push(value),
    onReplyError: (error) => void replies.push(error),
    onPush: (values) => void pushes.push(values),
  });
  const bytes = Buffer.from(wire);
  for (let at = 0; at < bytes.length; at += size) decoder.write(bytes.subarray(at, at + size));
  expect(decoder.midReply).toBe(false);
  return { replies, pushes };
}

const marked = (kind: Marked["kind"], text: string) => new Marked(kind, Buffer.from(text));
const gathered = (kind: Gathered["kind"], ...values: unknown[]) => {
  const whole = new Gathered(kind);
  whole.values.push(...values);
  return whole;
};

const cases: readonly (readonly [name: string, wire: string, value: unknown])[] = [
  ["a bulk string", "$2\r\nOK\r\n", Buffer.from("OK")],
  ["a common status", "+OK\r\n", "OK"],
  ["a status", "+PONG\r\n", marked("status", "PONG")],
  [
    "an error, with all that it quotes",
    "-ERR unknown command 'x', with args beginning with: 'y' \r\n",
    marked("error", "ERR unknown command 'x', with args beginning with: 'y' "),
  ],
  ["a bulk error", "!5\r\nERR x\r\n", marked("error", "ERR x")],
  ["an integer", ":12\r\n", 12],
  ["a long integer", ":9223372036854775807\r\n", 9223372036854775807n],
  ["a double", ",1\r\n", marked("double", "1")],
  ["a big number", "(12\r\n", marked("bignumber", "12")],
  ["a verbatim string", "=6\r\ntxt:ab\r\n", marked("verbatim", "ab")],
  ["a boolean", "#t\r\n", true],
  ["a null", "_\r\n", null],
  ["a null array", "*-1\r\n", null],
  ["an array", "*2\r\n:1\r\n*1\r\n+PONG\r\n", [1, [marked("status", "PONG")]]],
  ["a set in a set", "~2\r\n$1\r\na\r\n~1\r\n:1\r\n", gathered("set", Buffer.from("a"), gathered("set", 1))],
  ["an empty set", "~0\r\n", gathered("set")],
  ["an empty map", "%0\r\n", gathered("map")],
  [
    "a map with keys of any type, twice the same among them",
    "%3\r\n$1\r\na\r\n:1\r\n$1\r\na\r\n,2.5\r\n*1\r\n:1\r\n%1\r\n#t\r\n_\r\n",
    gathered(
      "map",
      Buffer.from("a"),
      1,
      Buffer.from("a"),
      marked("double", "2.5"),
      [1],
      gathered("map", true, null),
    ),
  ],
  ["what comes after an attribute", "|1\r\n+a\r\n+b\r\n:7\r\n", 7],
];

describe.each(cases)("%s keeps its type", (_, wire, value) => {
  test("in one piece and byte by byte", () => {
    for (const size of [wire.length, 1]) expect(decode(wire, size).replies).toEqual([value]);
  });
});

test("bytes that are no text stay as they are", () => {
  const wire = Buffer.concat([Buffer.from("+a"), Buffer.of(0xff), Buffer.from("\r\n")]);
  const { replies } = decode(wire, 2);
  expect((replies[0] as Marked).bytes).toEqual(Buffer.of(0x61, 0xff));
});

test("a long verbatim string is put together", () => {
  const text = "x".repeat(70_000);
  const { replies } = decode(`=${text.length + 4}\r\ntxt:${text}\r\n`, 1000);
  expect(replies).toEqual([marked("verbatim", text)]);
});

test("pushes keep the types of their values", () => {
  const { pushes, replies } = decode(">2\r\n+PONG\r\n~1\r\n:1\r\n:3\r\n", 3);
  expect(pushes).toEqual([[marked("status", "PONG"), gathered("set", 1)]]);
  expect(replies).toEqual([3]);
});

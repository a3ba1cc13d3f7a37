import { expect, test } from "vitest";
import { decodeReply } from "../../../src/control/reply.ts";

const wire = "*6\r\n+OK\r\n:-7\r\n$5\r\na\r\nbc\r\n$-1\r\n*0\r\n-ERR no\r\n";

test("every type, and a bulk with a line break in it", () => {
  expect(decodeReply(Buffer.from(wire))).toEqual({
    reply: ["OK", -7, "a\r\nbc", null, [], new Error("ERR no")],
    length: wire.length,
  });
});

test("an incomplete reply is undefined at every length", () => {
  for (let length = 0; length < wire.length; length++)
    expect(decodeReply(Buffer.from(wire.slice(0, length)))).toBeUndefined();
});

test("what follows is left alone", () => {
  expect(decodeReply(Buffer.from("+A\r\n+B\r\n"))).toEqual({ reply: "A", length: 4 });
});

test("something else than Redis is an error", () => {
  expect(() => decodeReply(Buffer.from("HTTP/1.1 400 Bad Request\r\n"))).toThrow(
    "does not speak the Redis protocol",
  );
});

import { PassThrough, Readable } from "node:stream";
import { RedoubtError } from "@redoubt/client";
import { expect, test } from "vitest";
import type { Invocation } from "../../src/invocation.ts";
import { Output } from "../../src/output.ts";
import { readStdin } from "../../src/stdin.ts";

function invocation(stdin: Readable, signal = new AbortController().signal): Invocation {
  const sink = { write: () => true };
  const output = new Output(sink, sink, {});
  const stderr = process.stderr;
  return {
    output,
    environment: {},
    stdin: stdin as NodeJS.ReadStream,
    stdout: process.stdout,
    stderr,
    signal,
    onSignal: () => () => {},
    exitCode: 0,
  };
}

test.each([
  ["abc", "abc"],
  ["abc\n", "abc"],
  ["abc\r\n", "abc"],
  ["abc\n\n", "abc\n"],
  ["", ""],
  ["\ufeffabc", "abc"],
])("%j is read as %j", async (text, expected) => {
  expect(await readStdin(invocation(Readable.from([Buffer.from(text)])), "text")).toBe(expected);
});

test("a character may be split between chunks", async () => {
  const bytes = Buffer.from("pä€𝄞");
  const chunks = [...bytes].map((byte) => Buffer.of(byte));
  expect(await readStdin(invocation(Readable.from(chunks)), "text")).toBe("pä€𝄞");
});

test("bytes that are not UTF-8, and too many bytes, are refused", async () => {
  for (const bytes of [Buffer.of(0x61, 0xff), Buffer.alloc(1_048_577, 0x61)])
    await expect(readStdin(invocation(Readable.from([bytes])), "text")).rejects.toMatchObject({
      code: "CONFIG_SYNTAX",
    });
});

test("an interrupt ends the waiting", async () => {
  const interrupt = new AbortController();
  const reading = readStdin(invocation(new PassThrough(), interrupt.signal), "text");
  interrupt.abort();
  await expect(reading).rejects.toBeInstanceOf(RedoubtError);
  await expect(reading).rejects.toMatchObject({ code: "CLOSED_ABORTED" });
});

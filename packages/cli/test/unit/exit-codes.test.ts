import { type ErrorCode, errorTable, RedoubtError } from "@redoubt/client";
import { expect, test } from "vitest";
import { exitCodeFor } from "../../src/exit-codes.ts";

const codes = Object.keys(errorTable) as ErrorCode[];

const expected: Record<string, number> = {
  CONFIG: 2,
  DNS: 4,
  TCP: 4,
  TIMEOUT: 4,
  TOPOLOGY: 4,
  TLS: 5,
  AUTH: 6,
  REPLY: 1,
  SERVICE: 1,
  APP: 1,
  LAB: 1,
  CLOSED: 1,
};

test.each(codes.filter((code) => code !== "CLOSED_ABORTED"))(
  "%s exits with the code of its family",
  (code) => {
    const family = code.split("_")[0] ?? "";
    expect(exitCodeFor(new RedoubtError(code, "message"))).toBe(expected[family]);
  },
);

test("what was aborted was interrupted", () => {
  expect(exitCodeFor(new RedoubtError("CLOSED_ABORTED", "message"))).toBe(130);
});

test.each([new TypeError("x is not a function"), "text", undefined])(
  "anything else is a failure: %s",
  (error) => {
    expect(exitCodeFor(error)).toBe(1);
  },
);

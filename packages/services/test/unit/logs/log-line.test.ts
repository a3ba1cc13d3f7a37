import { expect, test } from "vitest";
import { parseLine } from "../../../src/logs/log-line.ts";

test("lines of redis-server, Sentinel, Valkey and our own are read", () => {
  const local = new Date(2026, 10, 29, 23, 1, 24, 123).getTime();
  expect(parseLine("123:M 29 Nov 2026 23:01:24.123 * Ready to accept connections")).toEqual({
    time: local,
    message: "Ready to accept connections",
  });
  expect(parseLine("9:X 29 Nov 2026 23:01:24.123 # +sdown master redoubt 127.0.0.1 1")).toEqual({
    time: local,
    message: "+sdown master redoubt 127.0.0.1 1",
  });
  expect(parseLine("5:S 2026-11-29T23:01:24.123+01:00 - Accepted 127.0.0.1:1")).toEqual({
    time: Date.parse("2026-11-29T22:01:24.123Z"),
    message: "Accepted 127.0.0.1:1",
  });
  expect(parseLine("2026-11-29T23:01:24.123Z The terminator listens.")).toEqual({
    time: Date.parse("2026-11-29T23:01:24.123Z"),
    message: "The terminator listens.",
  });
});

test("other lines stay as they are, without a time", () => {
  for (const line of [
    "",
    "=== REDIS BUG REPORT START ===",
    "1:M 29 Foo 2026 23:01:24.123 * x",
    "9999-99-99T99:99:99.999Z x",
  ])
    expect(parseLine(line)).toEqual({ time: null, message: line });
});

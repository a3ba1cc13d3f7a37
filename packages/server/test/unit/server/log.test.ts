import { expect, test } from "vitest";
import { BoundedLog } from "../../../src/server/log.ts";

test("keeps the last lines, puts pieces together and tells which lines were completed", () => {
  const log = new BoundedLog(2);
  expect(log.add("one\ntw")).toEqual(["one"]);
  expect(log.add("o\nthree\nfo")).toEqual(["two", "three"]);
  expect(log.toString()).toBe("two\nthree\nfo");
});

test("a line without end does not grow without end", () => {
  const log = new BoundedLog(2);
  for (let piece = 0; piece < 100; piece++) log.add("x".repeat(1_000));
  expect(log.toString().length).toBeLessThanOrEqual(2_000);
});

test("secrets are masked, in complete lines and in the last one", () => {
  const log = new BoundedLog(5, ["hunter2", ""]);
  log.add("password is hunter2\nagain: hun");
  log.add("ter2");
  expect(log.toString()).toBe("password is *****\nagain: *****");
});

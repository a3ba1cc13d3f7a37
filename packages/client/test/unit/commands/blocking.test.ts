import { expect, test } from "vitest";
import { blockingTime } from "../../../src/commands/blocking.ts";
import * as commands from "../../../src/commands/index.ts";
import { raw } from "../../../src/commands/raw.ts";
import { families } from "./cases/all.ts";
import { call } from "./cases/call.ts";

/** They wait for their own connection, or for the whole server: nobody else may carry them out. */
const stay = new Set(["MIGRATE", "SHUTDOWN", "WAIT", "WAITAOF"]);

test("every command that waits says for how long, but those that belong to their connection", () => {
  const waiting = Object.values(families)
    .flat()
    .map(call)
    .filter(({ spec }) => spec.blocking);
  expect(new Set(waiting.map(({ spec }) => spec.name)).size).toBeGreaterThan(10);
  for (const command of waiting) {
    const expected = stay.has(command.spec.name) ? "null" : "number";
    expect(blockingTime(command) === null ? "null" : "number", command.spec.name).toBe(expected);
  }
});

test("seconds and milliseconds are told apart", () => {
  expect(blockingTime(commands.blPop(["a", "b"], 1.5))).toBe(1500);
  expect(blockingTime(commands.blmPop(2, "a", "LEFT"))).toBe(2000);
  expect(blockingTime(commands.xRead({ key: "s", id: "$" }, { BLOCK: 70 }))).toBe(70);
  expect(blockingTime(commands.xRead({ key: "s", id: "$" }))).toBeNull();
  expect(blockingTime(raw(["xread", "block", "0", "streams", "s", "$"]))).toBe(0);
  expect(blockingTime(raw(["XREAD", "STREAMS", "block", "0"]))).toBeNull();
  expect(blockingTime(commands.xReadGroup("block", "block", { key: "s", id: ">" }))).toBeNull();
  expect(blockingTime(commands.xReadGroup("block", "c", { key: "s", id: ">" }, { BLOCK: 5 }))).toBe(5);
  expect(blockingTime(commands.get("a"))).toBeNull();
});

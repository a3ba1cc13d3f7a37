import { expect, expectTypeOf, test } from "vitest";
import { type Alias, alias } from "../../../src/commands/aliases.ts";

test.each([
  ["get", "GET"],
  ["hGetAll", "HGETALL"],
  ["clientSetName", "CLIENT_SETNAME"],
  ["clientNoEvict", "CLIENT_NO-EVICT"],
  ["command", "COMMAND"],
  ["commandGetKeysAndFlags", "COMMAND_GETKEYSANDFLAGS"],
  ["zRangeWithScores", "ZRANGE_WITHSCORES"],
  ["slowlogGet", "SLOWLOG_GET"],
  ["toString", "TOSTRING"],
])("%s is also %s", (name, capitals) => {
  expect(alias(name)).toBe(capitals);
});

test("types say the same", () => {
  expectTypeOf<Alias<"hGetAll">>().toEqualTypeOf<"HGETALL">();
  expectTypeOf<Alias<"clientSetName">>().toEqualTypeOf<"CLIENT_SETNAME">();
  expectTypeOf<Alias<"command">>().toEqualTypeOf<"COMMAND">();
  expectTypeOf<Alias<"evalRo">>().toEqualTypeOf<"EVAL_RO">();
  expectTypeOf<Alias<"zRangeWithScores">>().toEqualTypeOf<"ZRANGE_WITHSCORES">();
});

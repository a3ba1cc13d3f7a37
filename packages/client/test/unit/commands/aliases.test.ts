import type { Buffer } from "node:buffer";
import { expect, expectTypeOf, test } from "vitest";
import type { BufferCommandMethods, CommandMethods } from "../../../src/client/command-methods.ts";
import type { Multi } from "../../../src/client/multi.ts";
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

test("commands of modules have types, in blocks and with Buffers, too", () => {
  type Sample = { readonly timestamp: number; readonly value: number } | null;
  expectTypeOf<CommandMethods["ts"]["get"]>().returns.resolves.toEqualTypeOf<Sample>();
  expectTypeOf<CommandMethods["topK"]["LIST"]>().returns.resolves.toEqualTypeOf<string[]>();
  expectTypeOf<BufferCommandMethods["ft"]["dictDump"]>().returns.resolves.toEqualTypeOf<Buffer[]>();
  expectTypeOf<Multi<["OK"]>["bf"]["add"]>().returns.toEqualTypeOf<Multi<["OK", boolean]>>();
});

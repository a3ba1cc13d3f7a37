import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { changesOf, questionOf } from "../../../src/cache/cacheable.ts";
import { bytesOf, copyOf } from "../../../src/cache/value.ts";
import * as commands from "../../../src/commands/index.ts";
import { raw } from "../../../src/commands/raw.ts";
import { families } from "../commands/cases/all.ts";
import { call, title } from "../commands/cases/call.ts";

const cases = Object.values(families).flat();
const asked = cases.filter((each) => questionOf(call(each), 0) !== null);

describe("questions", () => {
  test("there are many, and none of a command that writes or waits", () => {
    expect(asked.length).toBeGreaterThan(60);
    expect(asked.filter((each) => !call(each).spec.readonly || call(each).spec.blocking)).toEqual([]);
  });

  test.each(asked.map((each) => [title(each), each] as const))("%s is the same each time", (_, each) => {
    expect(questionOf(call(each), 0)?.name).toBe(questionOf(call(each), 0)?.name);
  });

  test("what is read in another way is another question", () => {
    const name = (command: Parameters<typeof questionOf>[0], mode = 0) => questionOf(command, mode)?.name;
    expect(name(commands.get("a"))).toBe(name(raw(["GET", "a"])));
    expect(name(commands.get("a"), 1)).not.toBe(name(commands.get("a")));
    expect(name(commands.zScore("z", "m"))).not.toBe(name(raw(["ZSCORE", "z", "m"])));
    expect(name(commands.hGetAll("h"))).not.toBe(name(raw(["HGETALL", "h"])));
    expect(name(commands.mGet(["a", "b"]))).not.toBe(name(commands.mGet(["a b"])));
    expect(name(commands.mGet(["1:a", "b"]))).not.toBe(name(commands.mGet(["1", "a 1:b"])));
    expect(name(commands.hGet("h", Buffer.from("f")))).not.toBe(name(commands.hGet("h", "f")));
  });

  test("know all of their keys; a key that the server would name otherwise is none", () => {
    expect(questionOf(commands.mGet(["a", "b"]), 0)?.keys).toEqual(["a", "b"]);
    expect(questionOf(commands.get(Buffer.from("a")), 0)).toBeNull();
    expect(questionOf(commands.get("\ud800"), 0)).toBeNull();
    expect(questionOf(commands.get("😀"), 0)?.keys).toEqual(["😀"]);
    expect(questionOf(commands.ttl("a"), 0)).toBeNull();
  });
});

test("a command says what it changes: keys, nothing, or anything", () => {
  expect(changesOf(commands.mSet({ a: 1, b: 2 }))).toEqual(["a", "b"]);
  expect(changesOf(commands.get("a"))).toEqual([]);
  expect(changesOf(commands.del(Buffer.from("a")))).toEqual(["a"]);
  for (const all of [commands.flushAll(), commands.flushDb(), commands.select(1), raw(["swapdb", "0", "1"])])
    expect(changesOf(all)).toBeNull();
});

test("copies share nothing that can be changed", () => {
  const inner = Object.assign(Object.create(null) as Record<string, unknown>, {
    list: ["a", Buffer.from("b")],
  });
  const value = new Map<unknown, unknown>([["k", inner]]);
  const copy = copyOf(value);
  expect(copy).toEqual(value);
  const copied = copy.get("k") as { list: unknown[] };
  expect(Object.getPrototypeOf(copied)).toBeNull();
  (copied.list[1] as Buffer).fill(0);
  copied.list[0] = "changed";
  expect((value.get("k") as typeof inner)["list"]).toEqual(["a", Buffer.from("b")]);
  expect(bytesOf(value)).toBeGreaterThan(bytesOf("a"));
  expect([copyOf(null), copyOf(5), copyOf("x")]).toEqual([null, 5, "x"]);
});

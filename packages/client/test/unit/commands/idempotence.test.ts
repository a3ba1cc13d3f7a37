import { describe, expect, test } from "vitest";
import { type Command, isIdempotent } from "../../../src/commands/command.ts";
import * as commands from "../../../src/commands/index.ts";
import { raw } from "../../../src/commands/raw.ts";

const repeatable: readonly Command<unknown>[] = [
  commands.get("k"),
  commands.ping(),
  commands.info(),
  commands.set("k", "v"),
  commands.set("k", "NX"),
  commands.set("k", "v", { EX: 5 }),
  commands.set("k", "v", { XX: true }),
  commands.del("k"),
  commands.mSet({ a: "1" }),
  commands.expire("k", 5),
  commands.expire("k", 5, "XX"),
  commands.hSet("h", "NX", "v"),
  commands.zAdd("z", { value: "a", score: 1 }),
  commands.zAdd("z", { value: "a", score: 1 }, { comparison: "GT" }),
  commands.copy("a", "b", { REPLACE: true }),
  commands.evalRo("return 1"),
  raw(["set", "k", "v"]),
];

const unrepeatable: readonly Command<unknown>[] = [
  commands.incr("k"),
  commands.append("k", "v"),
  commands.lPush("l", "a"),
  commands.lPop("l"),
  commands.setNX("k", "v"),
  commands.set("k", "v", { NX: true }),
  commands.set("k", "v", { GET: true }),
  commands.set("k", "v", { condition: "IFEQ", matchValue: "w" }),
  commands.getDel("k"),
  commands.expire("k", 5, "NX"),
  commands.zAdd("z", { value: "a", score: 1 }, { condition: "NX" }),
  commands.zAddIncr("z", { value: "a", score: 1 }),
  commands.copy("a", "b"),
  commands.restore("k", 0, "REPLACE"),
  commands.sDiffStore("a", ["b", "a"]),
  commands.eval("return 1"),
  commands.publish("c", "m"),
  commands.xAdd("x", "*", { a: "1" }),
  raw(["set", "k", "v", "nx"]),
  raw(["FUTURE.COMMAND", "k"]),
];

const titled = (made: readonly Command<unknown>[]) =>
  made.map((each) => [`${each.spec.name} ${JSON.stringify(each.args)}`, each] as const);

describe("may be repeated", () => {
  test.each(titled(repeatable))("%s", (_, each) => {
    expect(isIdempotent(each)).toBe(true);
  });
});

describe("may not be repeated", () => {
  test.each(titled(unrepeatable))("%s", (_, each) => {
    expect(isIdempotent(each)).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import { slotOf } from "../../../src/cluster/slot.ts";
import { divide } from "../../../src/cluster/split.ts";
import { del, exists, get, mGet, mSet, sInter, touch, unlink } from "../../../src/commands/index.ts";
import { transaction } from "../../../src/commands/transaction.ts";

const keys = ["foo", "bar", "{foo}2", "baz", "{bar}2", "foo"];

describe("dividing", () => {
  test("MGET: each slot gets its keys, and replies stand where their keys stood", () => {
    const { parts, join } = divide(mGet(keys));
    expect(parts.map(({ slot }) => slot)).toEqual([slotOf("foo"), slotOf("bar"), slotOf("baz")]);
    expect(parts.map(({ command }) => command.args)).toEqual([
      ["foo", "{foo}2", "foo"],
      ["bar", "{bar}2"],
      ["baz"],
    ]);
    const replies = parts.map(({ command }) => command.args.map((key) => `value of ${String(key)}`));
    expect(join(replies)).toEqual(keys.map((key) => `value of ${key}`));
  });

  test.each([
    ["DEL", del(keys)],
    ["EXISTS", exists(keys)],
    ["TOUCH", touch(keys)],
    ["UNLINK", unlink(keys)],
  ])("%s: counts are added", (name, command) => {
    const { parts, join } = divide(command);
    expect(parts.every((part) => part.command.spec.name === name)).toBe(true);
    expect(join([3, 2, 1])).toBe(6);
  });

  test("MSET: values stay with their keys", () => {
    const { parts, join } = divide(
      mSet([
        ["foo", "1"],
        ["bar", "2"],
        ["{foo}2", "3"],
      ]),
    );
    expect(parts.map(({ command }) => command.args)).toEqual([
      ["foo", "1", "{foo}2", "3"],
      ["bar", "2"],
    ]);
    expect(join(["OK", "OK"])).toBe("OK");
  });

  test("everything else is refused, naming places and no keys", () => {
    const refusal = { code: "REPLY_CROSS_SLOT", command: "SINTER" };
    expect(() => divide(sInter(["{foo}-secret", "{foo}", "bar-secret"]))).toThrow(
      expect.objectContaining(refusal),
    );
    expect(() => divide(sInter(["{foo}", "{foo}", "bar"]))).toThrow("Keys 1 and 3 of SINTER");
    expect(() => divide(sInter(["{foo}-secret", "bar-secret"]))).toThrow(/^((?!secret).)*$/);
    expect(() => divide(transaction([get("foo"), get("bar")], false, false))).toThrow(
      "Keys 1 and 2 of MULTI",
    );
  });
});

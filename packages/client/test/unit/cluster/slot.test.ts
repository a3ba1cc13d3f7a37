import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { severalSlots, slotCount, slotOf, slotOfCommand } from "../../../src/cluster/slot.ts";
import { command, newSpec } from "../../../src/commands/command.ts";
import { eval as evaluate, get, mGet, ping, set, xRead } from "../../../src/commands/index.ts";
import { keysFrom } from "../../../src/commands/keys.ts";
import { transaction } from "../../../src/commands/transaction.ts";

describe("the slot of a key", () => {
  test("is that of the specification's examples", () => {
    // CRC16("123456789") is 0x31c3 by the specification; the others were asked of a server by CLUSTER KEYSLOT.
    expect(slotOf("123456789")).toBe(0x31c3 % slotCount);
    expect([slotOf(""), slotOf("foo"), slotOf("bar")]).toEqual([0, 12182, 5061]);
  });

  test("counts the first tag that holds something, and nothing else", () => {
    expect(slotOf("{user1000}.following")).toBe(slotOf("user1000"));
    expect(slotOf("foo{{bar}}zap")).toBe(slotOf("{bar"));
    expect(slotOf("foo{bar}{zap}")).toBe(slotOf("bar"));
    expect(slotOf("foo{}{bar}")).not.toBe(slotOf("bar"));
    expect(slotOf("foo{bar")).not.toBe(slotOf("bar"));
    expect(slotOf("}foo{bar}")).toBe(slotOf("bar"));
  });

  test("is the same for text, its bytes, and a number as it is printed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(slotOf(text)).toBe(slotOf(Buffer.from(text)));
      }),
    );
    fc.assert(
      fc.property(fc.double(), (number) => {
        expect(slotOf(number)).toBe(slotOf(String(number)));
      }),
    );
  });
});

describe("the slot of a command", () => {
  test("is that of its keys, wherever they stand", () => {
    expect(slotOfCommand(get("foo"))).toBe(slotOf("foo"));
    expect(slotOfCommand(set("{foo}1", "bar"))).toBe(slotOf("foo"));
    expect(slotOfCommand(mGet(["{foo}1", "{foo}2"]))).toBe(slotOf("foo"));
    expect(slotOfCommand(evaluate("return 1", { keys: ["foo"], arguments: ["bar"] }))).toBe(slotOf("foo"));
    expect(slotOfCommand(xRead({ key: "foo", id: "0" }))).toBe(slotOf("foo"));
  });

  test("is none without keys, and none in common for keys that are apart", () => {
    expect(slotOfCommand(ping())).toBeNull();
    expect(slotOfCommand(command(newSpec("DEL", { keys: keysFrom(0) }), []))).toBeNull();
    expect(slotOfCommand(mGet(["foo", "bar"]))).toBe(severalSlots);
  });

  test("is for a transaction that of all its commands", () => {
    expect(slotOfCommand(transaction([get("{a}1"), ping(), get("{a}2")], false, false))).toBe(slotOf("a"));
    expect(slotOfCommand(transaction([get("a"), get("b")], false, false))).toBe(severalSlots);
    expect(slotOfCommand(transaction([ping()], false, false))).toBeNull();
  });
});

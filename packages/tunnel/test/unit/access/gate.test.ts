import { inspect } from "node:util";
import { Secret } from "@redoubt/client";
import { expect, test } from "vitest";
import { Gate } from "../../../src/access/gate.ts";

test("only a user's own password is taken", () => {
  const gate = new Gate({ default: "one", reader: new Secret("two") });
  expect(gate.admits("default", "one")).toBe(true);
  expect(gate.admits("reader", "two")).toBe(true);
  for (const [user, password] of [
    ["default", "two"],
    ["reader", ""],
    ["nobody", "one"],
    ["__proto__", "one"],
  ] as const)
    expect(gate.admits(user, password)).toBe(false);
  expect(inspect(gate, { depth: 9, showHidden: true })).not.toMatch(/one|two/);
});

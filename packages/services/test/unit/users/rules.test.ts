import { expect, test } from "vitest";
import { checkAccess } from "../../../src/users/access.ts";
import { policyRules } from "../../../src/users/forbidden.ts";
import { userRules } from "../../../src/users/rules.ts";

const ground = {
  policy: { commands: "all", scripts: true },
  topology: "single",
  channelsDefault: "resetchannels",
} as const;

test("the password goes in as its hash, categories come before commands, lists that are absent mean everything", () => {
  const rules = userRules(
    {
      username: "ann",
      password: "password",
      access: { commands: ["+SET", "get"], categories: ["-@all", "@admin"] },
    },
    ground,
  );
  expect(rules).toEqual([
    "reset",
    "on",
    "#5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
    "~*",
    "resetchannels",
    "-@all",
    "+@admin",
    "+set",
    "+get",
  ]);
});

test("empty lists mean nothing at all", () => {
  const access = { keys: [], channels: [], commands: [], categories: [] };
  expect(userRules({ username: "ann", password: "p", access }, ground).slice(3)).toEqual([]);
});

test("what the policy forbids comes last, and a cluster's clients may ask where slots are", () => {
  const managed = { commands: "managed", scripts: false } as const;
  const single = policyRules(managed, "single");
  expect(single).toContain("-config");
  expect(single).toContain("-cluster");
  expect(single).toContain("-eval");
  expect(single).not.toContain("+cluster|slots");
  expect(policyRules(managed, "cluster").indexOf("+cluster|slots")).toBeGreaterThan(
    policyRules(managed, "cluster").indexOf("-cluster"),
  );
  expect(policyRules({ commands: "all", scripts: true }, "single")).toEqual([]);
});

test.each([
  [{ categories: ["read"] }, "categories[0]"],
  [{ commands: ["get", "+se t"] }, "commands[1]"],
  [{ keys: ["a b"] }, "keys[0]"],
  [{ channels: [""] }, "channels[0]"],
  [{ key: ["a"] } as never, "key"],
])("refuses %j and names %s", (access, named) => {
  expect(() => checkAccess(access)).toThrow(named);
});

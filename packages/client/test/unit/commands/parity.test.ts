import { describe, expect, test } from "vitest";
import { alias } from "../../../src/commands/aliases.ts";
import type { Command, RedisArgument } from "../../../src/commands/command.ts";
import * as commands from "../../../src/commands/index.ts";
import { firstKeyOf } from "../../../src/commands/keys.ts";
import * as namespaces from "../../../src/commands/namespaces.ts";
import { families, modules } from "./cases/all.ts";
import { call, title } from "./cases/call.ts";
import { ourCases } from "./cases/ours.ts";
import { theirArguments, theirModuleNames, theirNames } from "./node-redis.ts";

/** What node-redis 6 has and we do not have here, and why. */
const leftOut: readonly (readonly [names: RegExp, why: string])[] = [
  [/^(asking|readonly|readwrite|restoreAsking)$/, "what a cluster's client and server say among themselves"],
];

function sent({ spec, args }: Command<unknown>): RedisArgument[] {
  return [...spec.name.split(" "), ...args.map((arg) => (typeof arg === "number" ? String(arg) : arg))];
}

/** Keys for node-redis only, or for us only. */
const otherKey: ReadonlySet<string> = new Set([
  // Any node knows the slot of a key: servers see no key there, node-redis does because of its prefixes.
  "clusterKeySlot",
  // The same dictionary as in the other FT.SUG… commands, where node-redis sees a key, too.
  "ft.sugLen",
]);

describe.each(Object.entries({ ...families, ...modules }))(
  "%s commands send what node-redis sends",
  (_, cases) => {
    test.each(cases.map((each) => [title(each), each] as const))("%s", (_title, each) => {
      const ours = call(each);
      const theirs = theirArguments(each);
      expect(sent(ours)).toEqual(theirs.sends);
      if (!otherKey.has(each[0])) expect(firstKeyOf(ours)).toEqual(theirs.firstKey);
    });
  },
);

describe("calls that node-redis does not have", () => {
  test.each(ourCases.map((each) => [title(each.call), each] as const))("%s", (_title, each) => {
    expect(sent(call(each.call))).toEqual(each.sends);
  });
});

const functions: Readonly<Record<string, unknown>> = namespaces;

describe("names", () => {
  const ours = Object.keys(commands);
  const whyLeftOut = (name: string) => leftOut.find(([names]) => names.test(name))?.[1];

  test("every command of node-redis is here, or left out for a reason", () => {
    expect(theirNames.size).toBeGreaterThan(350);
    const missing = [...theirNames.keys()].filter((name) => !ours.includes(name) && !whyLeftOut(name));
    expect(missing).toEqual([]);
  });

  test("nothing is both here and left out", () => {
    expect(ours.filter(whyLeftOut)).toEqual([]);
  });

  test("every export is a command with a case", () => {
    const tried = new Set(
      [...Object.values(families).flat(), ...ourCases.map((each) => each.call)].map(([name]) => name),
    );
    expect(ours.length).toBeGreaterThan(270);
    expect(ours.filter((name) => !tried.has(name as keyof typeof commands))).toEqual([]);
  });

  test("names in capitals are those of node-redis", () => {
    const shared = [...theirNames].filter(([name]) => ours.includes(name));
    expect(shared.length).toBeGreaterThan(250);
    for (const [name, capitals] of shared) {
      // node-redis has a slip of the pen there.
      expect(alias(name)).toBe(capitals === "CONFIG_RESETASTAT" ? "CONFIG_RESETSTAT" : capitals);
    }
  });

  test("no two commands share a name in capitals", () => {
    expect(new Set(ours.map((name) => alias(name))).size).toBe(ours.length);
  });

  test.each([...theirModuleNames])("every command of %s is here, with a case", (name, names) => {
    const here = Object.keys(functions[name] as object);
    expect([...names.keys()].filter((each) => !here.includes(each))).toEqual([]);
    const cases = [...Object.values(modules).flat(), ...ourCases.map((each) => each.call)];
    const tried: ReadonlySet<string> = new Set(cases.map(([path]) => path));
    expect(here.filter((each) => !tried.has(`${name}.${each}`))).toEqual([]);
    for (const [each, capitals] of names) expect(alias(each)).toBe(capitals);
  });
});

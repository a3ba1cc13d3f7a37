import { describe, expect, test } from "vitest";
import { checkModule } from "../../../src/template/check.ts";
import { call, param, ref, variable } from "../../../src/template/expr.ts";
import type { Declared, Module } from "../../../src/template/module.ts";
import { keysModule, mainModule, redisModule, rolesModule } from "./modules.ts";

const one = (part: Partial<Declared> = {}): Declared => ({
  symbol: "cache",
  type: "Microsoft.Cache/redis",
  apiVersion: "2024-11-01",
  name: "x",
  ...part,
});
const module = (part: Partial<Module>): Module => ({ params: [], resources: [], outputs: [], ...part });

test("sound modules pass", () => {
  for (const sound of [redisModule(), keysModule(), rolesModule(), mainModule()])
    expect(() => checkModule(sound, "it")).not.toThrow();
});

describe("refused", () => {
  test.each<[string, RegExp, Module]>([
    ["a symbol with a hyphen", /"a-b" may have only/, module({ resources: [one({ symbol: "a-b" })] })],
    [
      "one name for two things",
      /"cache" names a parameter and a resource/,
      module({ params: [{ name: "cache", type: "string" }], resources: [one()] }),
    ],
    ["a word of Bicep", /"true" cannot name/, module({ resources: [one({ symbol: "true" })] })],
    [
      "a name that hides a function",
      /"take" is a function/,
      module({ resources: [one({ symbol: "take", name: call("take", "x", 1) })] }),
    ],
    ["an unknown parameter", /no parameter "p"/, module({ resources: [one({ name: param("p") })] })],
    [
      "an unknown variable",
      /no variable "v"/,
      module({ outputs: [{ name: "o", type: "int", value: variable("v") }] }),
    ],
    [
      "an unknown resource",
      /no resource or module "b"/,
      module({ resources: [one({ name: ref("b", "id") })] }),
    ],
    ["an unknown parent", /no resource "b"/, module({ resources: [one({ parent: "b" })] })],
    ["an unknown dependency", /"b"/, module({ resources: [one({ dependsOn: ["b"] })] })],
    [
      "a child without parent",
      /needs 1 parents, and has 0/,
      module({ resources: [one({ type: "A.B/c/d" })] }),
    ],
    ["no type", /is no type/, module({ resources: [one({ type: "redis" })] })],
    [
      "a circle",
      /cache → b → cache/,
      module({ resources: [one({ name: ref("b", "id") }), one({ symbol: "b", dependsOn: ["cache"] })] }),
    ],
    [
      "a part of itself",
      /part of itself/,
      module({ resources: [one({ type: "A.B/c/d", parent: "cache" })] }),
    ],
    [
      "two outputs of one name",
      /two outputs "o"/,
      module({ outputs: [1, 2].map((value) => ({ name: "o", type: "int" as const, value })) }),
    ],
  ])("%s", (_, message, unsound) => {
    expect(() => checkModule(unsound, "cache.module.bicep")).toThrow(message);
    expect(() => checkModule(unsound, "cache.module.bicep")).toThrow(/^cache\.module\.bicep: /);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type CommandSpec, specNamed } from "../../../src/commands/command.ts";
import "../../../src/commands/index.ts";
import { firstKeyOf } from "../../../src/commands/keys.ts";
import "../../../src/commands/namespaces.ts";
import { raw } from "../../../src/commands/raw.ts";

interface Facts {
  readonly readonly: boolean;
  readonly keyless: boolean;
}

const corpus = new URL("../../corpus/command-names.json", import.meta.url);
const { commands, leftOut } = JSON.parse(readFileSync(corpus, "utf8")) as {
  readonly commands: Readonly<Record<string, Facts>>;
  readonly leftOut: readonly { readonly names: readonly string[] }[];
};

const offered = Object.keys(commands)
  .map((name) => [name, specNamed(name)] as const)
  .filter((each): each is [string, CommandSpec] => each[1] !== undefined);

describe("every command is what the servers' tables say", () => {
  test("they are nearly all there", () => {
    const without = leftOut.flatMap(({ names }) => names);
    expect(offered.length).toBe(Object.keys(commands).length - without.length);
    expect(offered.length).toBeGreaterThan(490);
  });

  test.each(offered)("%s", (name, { readonly, keys }) => {
    expect({ readonly, keyless: keys === null }).toEqual({
      readonly: commands[name]?.readonly,
      keyless: commands[name]?.keyless,
    });
  });
});

describe("sendCommand knows whether there are keys, also of what has no method", () => {
  test.each(leftOut.flatMap(({ names }) => names))("%s", (name) => {
    const made = raw([...name.split(" "), "a", "b", "c"]);
    expect(firstKeyOf(made) === undefined).toBe(commands[name]?.keyless);
  });
});

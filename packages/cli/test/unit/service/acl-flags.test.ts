import { Command } from "commander";
import { expect, test } from "vitest";
import { accessControlOf, addAclFlags } from "../../../src/service/acl-flags.ts";

function read(words: readonly string[]) {
  const command = addAclFlags(new Command("x"));
  command.parse(words, { from: "user" });
  return accessControlOf(command.opts());
}

test("a list that is not given is absent, an empty text is an empty list", () => {
  expect(read([])).toBeUndefined();
  expect(read(["--redis-acl-keys", "a:*  b:*", "--redis-acl-channels", ""])).toEqual({
    keys: ["a:*", "b:*"],
    channels: [],
  });
});

test("Valkey's names mean the same", () => {
  expect(read(["--valkey-acl-commands", "+get -set", "--valkey-acl-categories", "+@read"])).toEqual({
    commands: ["+get", "-set"],
    categories: ["+@read"],
  });
});

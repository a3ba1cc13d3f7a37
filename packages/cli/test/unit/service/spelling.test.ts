import { Command } from "commander";
import { expect, test } from "vitest";
import { joinWords } from "../../../src/service/spelling.ts";

const program = new Command("redoubt");
program.command("uri");
const service = program.command("service");
for (const name of ["list", "tags", "user-list", "user-set-access-control", "power-on"])
  service.command(name);

test.each([
  [
    ["service", "user", "list", "a"],
    ["service", "user-list", "a"],
  ],
  [
    ["service", "user", "set", "access", "control", "a"],
    ["service", "user-set-access-control", "a"],
  ],
  [
    ["service", "power", "on", "a"],
    ["service", "power-on", "a"],
  ],
  [["service", "user-list", "a"], null],
  [["service", "list", "list"], null],
  [["service", "tags", "list", "a"], null],
  [["service", "power", "up"], null],
  [["service"], null],
  [["uri", "user", "list"], null],
  [[], null],
])("%j", (words, joined) => expect(joinWords(program, words)).toEqual(joined ?? words));

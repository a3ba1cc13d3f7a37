import { expect, test } from "vitest";
import { checkCommands } from "../../src/commands.ts";
import { isPassed } from "../../src/outcome.ts";
import { tree } from "../tree.ts";

const list = "packages/client/test/corpus/command-names.json";
const family = "packages/client/src/commands/string.ts";

const sound = {
  [list]: {
    leftOut: [{ why: "internal", names: ["DEBUG"] }],
    commands: { GET: {}, "CLIENT ID": {}, DEBUG: {} },
  },
  [family]: 'const GET = spec("GET", { readonly: true });\nconst CLIENT_ID = spec(\n  "CLIENT ID",\n);',
};

test("a client with all commands passes", () => {
  const outcome = checkCommands(tree(sound));
  expect(outcome).toMatchObject({ looked: 3, problems: [] });
  expect(isPassed(outcome)).toBe(true);
});

test("a command that is missing", () => {
  const { problems } = checkCommands(tree({ ...sound, [family]: 'spec("GET")' }));
  expect(problems).toEqual([`packages/client/src/commands has no CLIENT ID, and ${list} does not say why`]);
});

test("a command that is there and left out", () => {
  const { problems } = checkCommands(tree({ ...sound, [`${family}x.ts`]: 'spec("DEBUG")' }));
  expect(problems).toEqual([`${list} leaves out DEBUG (internal), and packages/client/src/commands has it`]);
});

test("a command that no server has, there or left out", () => {
  const files = {
    ...sound,
    [list]: { leftOut: [{ why: "internal", names: ["DEBUG"] }], commands: { "CLIENT ID": {} } },
  };
  expect(checkCommands(tree(files)).problems).toEqual([
    `${list} leaves out DEBUG, which no server has`,
    `packages/client/src/commands has GET, which ${list} does not know`,
  ]);
});

test("an empty list proves nothing", () => {
  const outcome = checkCommands(tree({ [list]: { leftOut: [], commands: {} }, [family]: "" }));
  expect(isPassed(outcome)).toBe(false);
});

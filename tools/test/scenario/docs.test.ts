import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isOnPath } from "../../bootstrap/programs.mjs";
import { type Example, examples, type Invocation, invocations } from "../../src/docs.ts";
import type { Ended } from "../program.ts";
import { root, Workbench } from "../workbench.ts";

const all = examples(root);
const titled = (example: Example): [string, Example] => [`${example.document}:${example.line}`, example];

let server: RedisServer;
let bench: Workbench;
/** What the compiler says about all TypeScript that is run. */
let compiled: Ended;

beforeAll(async () => {
  server = await startServer();
  bench = new Workbench({ REDIS_URL: server.uri, CA_FILE: server.caFile });
  compiled = await bench.compile(all.filter(({ language }) => language === "ts"));
});

afterAll(async () => {
  bench[Symbol.dispose]();
  await server.stop();
});

test("the documentation shows something that can be run", () => {
  expect(all.filter(({ how }) => how === "run").length).toBeGreaterThan(0);
  expect(all.filter(({ how }) => how === "commands").length).toBeGreaterThan(0);
});

describe("what the documentation shows works, against a real server", () => {
  beforeEach(async () => {
    await server.command("FLUSHALL");
  });

  test.each(all.filter(({ how }) => how === "run").map(titled))("%s", async (_, example) => {
    const { code, output } = await bench.runExample(example);
    expect(code, output).toBe(0);
  });
});

test("the TypeScript that it shows has no type error", () => {
  expect(compiled.code, compiled.output).toBe(0);
});

describe("what the documentation names exists: programs and their options", () => {
  test.for(all.filter(({ how }) => how === "commands").map(titled))("%s", async ([, { text }], { skip }) => {
    const calls = invocations(text);
    expect(calls.length).toBeGreaterThan(0);
    for (const { program } of calls) {
      skip(["redis-cli", "openssl"].includes(program) && !isOnPath(program), `${program} is not installed`);
    }
    for (const call of calls) await expectToExist(call);
  });
});

/** Programs of the reader's system, or of a cloud, that need not be here: only their names are checked. */
const elsewhere = new Set(
  "az cat curl date getent git grep ip ls nc nslookup ping printenv ss ulimit".split(" "),
);

async function expectToExist({ program, words, options }: Invocation): Promise<void> {
  switch (program) {
    case "redoubt":
      return expectOptions(await help("redoubt", [...commandsOf(words), "--help"]), options);
    case "redis-cli":
      return expectOptions(await help("redis-cli", ["--help"]), options);
    case "openssl":
      return expectOptions(await help("openssl", [words[0] ?? "", "-help"]), options);
    case "npm":
      return expectScript(words);
    case "node":
      expect(existsSync(join(root, words[0] ?? "")), `node ${words[0]}`).toBe(true);
      return;
    default:
      expect(elsewhere, `a program that the documentation may name`).toContain(program);
  }
}

/** `ping 'rediss://…'` is the command `ping`; `uri check` are two. */
function commandsOf(words: readonly string[]): readonly string[] {
  const isNested = words[0] === "network" || (words[0] === "uri" && words[1] === "check");
  return words.slice(0, isNested ? 2 : 1);
}

const helps = new Map<string, string>();

async function help(program: string, args: readonly string[]): Promise<string> {
  const key = [program, ...args].join(" ");
  const known = helps.get(key);
  if (known !== undefined) return known;
  const { output } = await bench.run(program, args);
  expect(output, `${key} says nothing`).not.toBe("");
  helps.set(key, output);
  return output;
}

function expectOptions(text: string, options: readonly string[]): void {
  // OpenSSL does not list its digests: `-*  Any supported digest`.
  const digests = /^ *-\* /m.test(text) ? ["-sha256"] : [];
  const known = new Set(digests.concat(text.match(/(?<![\w-])--?[A-Za-z0-9][\w-]*/g) ?? []));
  for (const option of options) expect([...known], option).toContain(option);
}

function expectScript(words: readonly string[]): void {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const name = words[0] === "run" ? words[1] : words[0];
  expect(Object.keys(scripts), `npm ${words.join(" ")}`).toContain(name);
}

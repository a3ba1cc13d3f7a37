import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, program } from "../redoubt.ts";
import { Home } from "./home.ts";

let home: Home;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  home = await Home.make();
  folder = await mkdtemp(join(home.folder, "shell-"));
  await writeFile(join(folder, "redoubt"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
    mode: 0o755,
  });
  environment = { ...home.environment, PATH: `${folder}:${process.env["PATH"]}` };
  await home.said(["create", "my-redis"]);
}, 120_000);

afterAll(async () => {
  await home[Symbol.asyncDispose]();
}, 120_000);

interface Case {
  readonly line: string;
  readonly expected: readonly string[];
  readonly absent?: string;
}

const cases: readonly Case[] = [
  { line: "redoubt se", expected: ["service"] },
  {
    line: "redoubt service user-",
    expected: ["user-create", "user-list", "user-password-reset"],
    absent: "list",
  },
  { line: "redoubt service get ", expected: ["my-redis"] },
  { line: "redoubt service update my-redis --pl", expected: ["--plan"] },
  { line: "redoubt service update my-redis -c redis_t", expected: ["redis_timeout="] },
  { line: "redoubt service update -c redis_ssl=true ", expected: ["my-redis"] },
  { line: "redoubt service create my-redis --route ", expected: ["terminator", "direct"] },
  { line: "redoubt service connection-info my-redis node", expected: ["node-redis"], absent: "my-redis" },
  { line: "redoubt service wait my-redis ", expected: ["my-redis"] },
  { line: "redoubt service tags up", expected: ["update"] },
  { line: "redoubt uri --to stac", expected: ["stackexchange"] },
  { line: "redoubt completion ", expected: ["bash", "zsh", "fish"] },
];

describe("bash", () => {
  test.each(cases)("$line", async ({ line, expected, absent }) => {
    // As readline calls it: words of the line, the one that is being written last.
    const words = line.split(/([ =])/).filter((word) => word !== " " && word !== "");
    if (line.endsWith(" ")) words.push("");
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const script = [
      'eval "$(redoubt completion bash)"',
      `COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1}`,
      "_redoubt",
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join("\n");
    const { stdout, stderr } = await execute("bash", ["-c", script], { environment });
    const offered = stdout.split("\n");
    for (const word of expected) expect(offered, stderr).toContain(word);
    if (absent !== undefined) expect(offered).not.toContain(absent);
    expect(stderr).toBe("");
  });
});

test.each(["zsh", "fish"])("%s takes its script", async (shell) => {
  const script = await home.redoubt(["completion", shell]);
  expect(script.code).toBe(0);
  expect(script.stdout).toContain("connection-info");
  const file = join(folder, `completion.${shell}`);
  await writeFile(file, script.stdout);
  const { code, stderr } = await execute("sh", [
    "-c",
    `command -v ${shell} > /dev/null || exit 0; ${shell} -n ${file}`,
  ]);
  expect(code, stderr).toBe(0);
});

test("a shell that there is not is refused", async () => {
  expect((await home.redoubt(["completion", "tcsh"])).code).toBe(2);
});

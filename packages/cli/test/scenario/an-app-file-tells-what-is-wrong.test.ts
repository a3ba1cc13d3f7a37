import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

const folder = mkdtempSync(join(tmpdir(), "redoubt-app-file-"));
symlinkSync(
  fileURLToPath(new URL("../../../../node_modules", import.meta.url)),
  join(folder, "node_modules"),
);
afterAll(() => rmSync(folder, { recursive: true }));

const begin = 'import { createBuilder } from "@redoubt/apphost";\nconst builder = createBuilder();\n';
const end = "await builder.build().run();\n";

/** Runs a file of this text. */
async function run(name: string, text: string, words: readonly string[] = []) {
  writeFileSync(join(folder, name), text);
  return redoubt(["run", join(folder, name), ...words], {
    environment: { REDOUBT_HOME: join(folder, "home") },
  });
}

describe("redoubt run", () => {
  test.each([
    [
      "a name",
      `${begin}builder.addRedis("my_cache");\n${end}`,
      "APP_NAME",
      'has "_" at position 2',
      "addRedis at",
    ],
    [
      "a circle",
      `${begin}const a = builder.addExecutable("a", "true", ".");\na.waitFor(builder.addExecutable("b", "true", ".").waitFor(a));\n${end}`,
      "APP_MODEL",
      '"a" waits for "b" waits for "a"',
      "addExecutable at",
    ],
    [
      "a reference",
      `${begin}builder.addExecutable("a", "true", ".").withReference(builder.addExecutable("b", "true", "."));\n${end}`,
      "APP_REFERENCE",
      '"b" has neither a connection string nor an endpoint',
      "withReference at",
    ],
  ])("tells call, file and line of %s", async (what, text, code, words, call) => {
    const name = `${what.replace(/\W/g, "-")}.ts`;
    const { code: exit, stderr, stdout } = await run(name, text);
    expect([exit, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(code);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(new RegExp(`${call} \\S*${name}:3:\\d+`));
    expect(stderr).not.toContain("node:internal");
  });

  test("shows the stack of what the file itself throws", async () => {
    const { code, stderr } = await run("throws.ts", 'type A = string;\nthrow new TypeError("mine" as A);\n');
    expect(code).toBe(1);
    expect(stderr).toMatch(/TypeError: mine\n\s+at \S*throws\.ts:2:7/);
    expect(stderr).toContain("throws.ts threw an error: mine");
  });

  test("says what the last line is when a file does nothing", async () => {
    const { code, stderr } = await run("nothing.ts", `${begin}builder.addRedis("cache");\n`);
    expect(code).toBe(1);
    expect(stderr).toContain("await builder.build().run();");
  });

  test("says which files it looks for", async () => {
    const { code, stderr } = await redoubt(["run", join(folder, "home-of-nobody")]);
    expect(code).toBe(2);
    expect(stderr).toContain("There is no apphost.ts, apphost.mts, apphost.js, apphost.mjs in");
  });

  test("prints no secret of a configuration that cannot be read", async () => {
    writeFileSync(join(folder, "redoubt.json"), '{"Parameters":{"key":"tell-nobody"');
    const { code, stderr, stdout } = await run("configured.ts", begin + end);
    rmSync(join(folder, "redoubt.json"));
    expect(code).toBe(2);
    expect(stderr).toContain("redoubt.json is no JSON");
    expect(stdout + stderr).not.toContain("tell-nobody");
  });

  test("gives the file words and environment, and takes its exit code", async () => {
    const text = `${begin}console.log(builder.environment, builder.configuration.get("Parameters:a"));\nprocess.exit(7);\n`;
    const { code, stdout } = await run("words.ts", text, [
      "--environment",
      "Testing",
      "--",
      "--Parameters:a=b",
    ]);
    expect([code, stdout]).toEqual([7, "Testing b\n"]);
  });
});

import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { typeScriptFlags } from "../../../src/loader/typescript.ts";

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "redoubt-loader-"));

/** Runs a file by its name with the flags that this Node needs. */
async function run(
  name: string,
  text: string,
  variables: NodeJS.ProcessEnv = { XDG_CACHE_HOME: join(folder, "usual") },
): Promise<{ stdout: string; stderr: string; code: number }> {
  const path = join(folder, name);
  writeFileSync(path, text);
  try {
    const { stdout, stderr } = await execute(process.execPath, [...typeScriptFlags(path), path], {
      env: { ...process.env, ...variables },
    });
    return { stdout, stderr, code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { stdout, stderr, code };
  }
}

describe("a file of TypeScript runs without a build", () => {
  test.each(["plain.ts", "module.mts"])(
    "%s, with another one and a folder without package.json",
    async (name) => {
      writeFileSync(join(folder, "other.ts"), "export const twice = (n: number): number => n * 2;\n");
      const text =
        'import { twice } from "./other.ts";\ninterface A { readonly n: number }\nconst a: A = { n: 21 };\nconsole.log(twice(a.n satisfies number) as number);\n';
      expect(await run(name, text)).toEqual({ stdout: "42\n", stderr: "", code: 0 });
    },
  );

  test("may await at its top, and import built-in modules and JSON", async () => {
    writeFileSync(join(folder, "data.json"), '{"n":1}');
    const text =
      'import { readFile } from "node:fs/promises";\nimport data from "./data.json" with { type: "json" };\nawait readFile(new URL("./data.json", import.meta.url));\nconsole.log((data as { n: number }).n);\n';
    const { stdout, code } = await run("awaits.ts", text);
    expect([stdout, code]).toEqual(["1\n", 0]);
  });
});

test("lines and columns of errors are those of the file", async () => {
  const { stderr, code } = await run(
    "throws.ts",
    'type A = string;\n\nfunction fail(a: A): never {\n  throw new Error(a);\n}\nfail("here");\n',
  );
  expect(code).toBe(1);
  expect(stderr).toContain(`${pathToFileURL(join(folder, "throws.ts")).href}:4:9`);
});

test.each([
  ["enum.ts", "const n = 1;\nenum A { x }\nconsole.log(A.x);\n", "enum"],
  ["broken.ts", "const n: = 1;\n", ""],
])("what cannot be erased is refused with its place: %s", async (name, text, words) => {
  const { stderr, stdout, code } = await run(name, text);
  expect([stdout, code]).toEqual(["", 1]);
  expect(stderr).toMatch(/SyntaxError|ERR_(?:UNSUPPORTED|INVALID)_TYPESCRIPT_SYNTAX/);
  expect(stderr.toLowerCase()).toContain(words);
  expect(stderr).toContain(join(folder, name));
});

test("JavaScript needs no flags", () => {
  expect(typeScriptFlags("server.js")).toEqual([]);
  expect(typeScriptFlags("server.mjs")).toEqual([]);
});

// Node that takes types away by itself does not ask us.
describe.skipIf(typeScriptFlags("any.ts").length === 0)("what was stripped before", () => {
  const cache = join(folder, "cache");
  const kept = join(cache, "redoubt", "typescript");
  const text = "const n: number = 1;\nconsole.log(n);\n";
  const withCache = { XDG_CACHE_HOME: cache };

  test("is kept for this user alone, and taken again", async () => {
    expect(await run("cached.ts", text, withCache)).toMatchObject({ stdout: "1\n" });
    const [name = "", ...others] = readdirSync(kept);
    expect(others).toEqual([]);
    expect(statSync(kept).mode & 0o777).toBe(0o700);
    expect(statSync(join(kept, name)).mode & 0o777).toBe(0o600);
    writeFileSync(join(kept, name), "console.log('from the cache');\n");
    expect(await run("cached.ts", text, withCache)).toMatchObject({ stdout: "from the cache\n" });
    expect(await run("cached.ts", `${text}// changed\n`, withCache)).toMatchObject({ stdout: "1\n" });
  });

  test("is not taken from a folder that others can write", async () => {
    chmodSync(kept, 0o777);
    expect(await run("cached.ts", text, withCache)).toMatchObject({ stdout: "1\n" });
    chmodSync(kept, 0o700);
  });

  test("is removed when nobody has used it for long, and a folder that is none disturbs nobody", async () => {
    const [old = ""] = readdirSync(kept);
    utimesSync(join(kept, old), new Date(0), new Date(0));
    await run("cached.ts", `${text}// again\n`, withCache);
    expect(readdirSync(kept)).not.toContain(old);
    writeFileSync(join(folder, "none"), "");
    expect(await run("cached.ts", text, { XDG_CACHE_HOME: join(folder, "none") })).toMatchObject({
      stdout: "1\n",
    });
  });
});

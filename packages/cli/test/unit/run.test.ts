import { Readable } from "node:stream";
import { format, formatNames, parse } from "@redoubt/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Output } from "../../src/output.ts";
import { run } from "../../src/run.ts";

/** Runs one command line in this process, with a connection string on stdin. */
async function perform(words: string[], stdin: string) {
  let stdout = "";
  let stderr = "";
  const output = new Output(
    { write: (text) => ((stdout += text), true) },
    { write: (text) => ((stderr += text), true) },
    {},
  );
  const code = await run(words, {
    output,
    environment: {},
    stdin: Readable.from([Buffer.from(stdin)]) as NodeJS.ReadStream,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: new AbortController().signal,
    onSignal: () => () => {},
    exitCode: 0,
  });
  return { code, stdout, stderr };
}

const dialects = ["url", "servicestack", "stackexchange", "redis-cli", "env"] as const;

// The mark keeps a password from being a word that the output holds anyway.
const passwords = fc.string({ unit: "binary", maxLength: 40 }).map((text) => `x7Q${text}#k2V`);

/** The same target in a dialect; `null` where the dialect cannot hold this password. */
function written(password: string, dialect: (typeof dialects)[number]): string | null {
  const target = parse(`rediss://user:${encodeURIComponent(password)}@cache.example.com:6380/1`);
  try {
    return format(target, dialect, { reveal: true });
  } catch {
    return null;
  }
}

const commands = [
  ["uri"],
  ["uri", "--json"],
  ["uri", "check"],
  ["uri", "check", "--json"],
  ...formatNames.map((name) => ["uri", "--to", name]),
  ...formatNames.map((name) => ["uri", "--json", "--to", name]),
];

describe("any password, from any dialect", () => {
  test("stays masked in every command", async () => {
    let looked = 0;
    const cases = fc.record({
      password: passwords,
      dialect: fc.constantFrom(...dialects),
      words: fc.constantFrom(...commands),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ password, dialect, words }) => {
        const text = written(password, dialect);
        if (text === null) return;
        const { code, stdout, stderr } = await perform([...words, "--from", dialect, "-"], text);
        expect(code).toBe(0);
        looked++;
        for (const mark of ["x7Q", "k2V"]) expect(stdout + stderr).not.toContain(mark);
      }),
      { numRuns: 400 },
    );
    expect(looked).toBeGreaterThan(200);
  });

  test("comes out whole with --reveal", async () => {
    let looked = 0;
    await fc.assert(
      fc.asyncProperty(passwords, fc.constantFrom(...dialects), async (password, dialect) => {
        const text = written(password, dialect);
        if (text === null) return;
        looked++;
        const { stdout } = await perform(["uri", "--json", "--reveal", "--from", dialect, "-"], text);
        expect(JSON.parse(stdout)).toMatchObject({ password, endpoints: [{ host: "cache.example.com" }] });
      }),
      { numRuns: 300 },
    );
    expect(looked).toBeGreaterThan(150);
  });
});

describe("any text", () => {
  test("is read, or refused with a code, a hint and without an unexpected failure", async () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."redis:/@,?&=%-[] \n'\"h1".split("")) }),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { code, stdout } = await perform(["uri", "--json", "--", text], "");
        const value = JSON.parse(stdout);
        expect([0, 2]).toContain(code);
        if (code === 2) expect(value.error).toMatchObject({ code: expect.stringMatching(/^CONFIG_/) });
        else expect(value.endpoints.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000, examples: [[""], ["-"], ["--"], ["check"], ["\0"]] },
    );
  });
});

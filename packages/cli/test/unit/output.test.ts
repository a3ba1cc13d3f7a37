import { Secret } from "@redoubt/client";
import { describe, expect, test } from "vitest";
import { columns, Output } from "../../src/output.ts";

function collect({
  isTTY = false,
  environment = {},
}: {
  isTTY?: boolean;
  environment?: Record<string, string>;
} = {}) {
  const written = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => ({
    isTTY,
    write(text: string, done?: () => void) {
      written[name] += text;
      done?.();
      return true;
    },
  });
  return { written, output: new Output(sink("stdout"), sink("stderr"), environment) };
}

describe("streams", () => {
  test("data goes to stdout, talk to stderr", async () => {
    const { written, output } = collect();
    output.line("data");
    output.json({ one: 1 });
    output.note("talk");
    await output.flush();
    expect(written).toEqual({ stdout: 'data\n{\n  "one": 1\n}\n', stderr: "talk\n" });
  });

  test("exact text keeps every character and ends with one line end", () => {
    const { written, output } = collect();
    output.exact("a\u001b]b");
    output.exact("c\n");
    expect(written.stdout).toBe("a\u001b]b\nc\n");
  });
});

describe("secrets", () => {
  test("are masked in what others wrote, also percent-coded", () => {
    const { output } = collect();
    output.hide(new Secret("p@ss word"));
    expect(output.foreign("ERR args: 'p@ss word' of p%40ss%20word")).toBe("ERR args: '*****' of *****");
  });

  test("are masked in the sentences of JSON and nowhere else", () => {
    const { written, output } = collect();
    output.hide(new Secret("cache"));
    output.json({ host: "cache", error: { message: "no cache here", hint: "cache" } });
    expect(JSON.parse(written.stdout)).toEqual({
      host: "cache",
      error: { message: "no ***** here", hint: "*****" },
    });
  });

  test("a lone surrogate in a secret does no harm", () => {
    const { output } = collect();
    output.hide(new Secret("\ud800abcdef"));
    expect(output.foreign("is \ud800abcdef")).toBe("is *****");
  });
});

describe("terminal", () => {
  test("control characters are shown, not obeyed", () => {
    const { written, output } = collect();
    output.line("a\u001b[2Jb\u0007c\u009bd\re");
    expect(written.stdout).toBe("a\\x1b[2Jb\\x07c\\x9bd\\x0de\n");
  });

  test("what others wrote stays one line, without colours and in its direction", () => {
    const { output } = collect({ isTTY: true });
    const text = "a\n\u001b[32mPONG\u001b[8m\u202egpj\u2028é";
    const seen = "a\\x0a\\x1b[32mPONG\\x1b[8m\\u202egpj\\u2028é";
    expect(output.foreign(text)).toBe(seen);
    expect(columns([["name", text]])).toBe(`  name  ${seen}`);
  });

  test("styles only where a person looks and does not object", () => {
    expect(collect({ isTTY: true }).output.paint("good", "ok")).toBe("\u001b[32mok\u001b[39m");
    expect(collect({ isTTY: false }).output.paint("good", "ok")).toBe("ok");
    expect(collect({ isTTY: true, environment: { NO_COLOR: "1" } }).output.paint("good", "ok")).toBe("ok");
    expect(collect({ isTTY: true, environment: { TERM: "dumb" } }).output.paint("good", "ok")).toBe("ok");
  });

  test("styles survive being written", () => {
    const { written, output } = collect({ isTTY: true });
    output.line(output.paint("bad", "failed"));
    expect(written.stdout).toBe("\u001b[31mfailed\u001b[39m\n");
  });
});

test("columns are as wide as the widest label", () => {
  expect(
    columns([
      ["a", "one"],
      ["long", "two"],
      ["b", ""],
    ]),
  ).toBe("  a     one\n  long  two\n  b");
});

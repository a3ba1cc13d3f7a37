import { RedoubtError } from "@redoubt/client";
import { Command, CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { milliseconds, oneOf, usageError } from "../../src/usage.ts";

/** What Commander throws for these arguments, translated. */
function refusal(words: string[]): RedoubtError {
  const program = new Command("redoubt").exitOverride().configureOutput({ outputError: () => {} });
  program.command("ping [string]").option("--json").option("--password-stdin").option("--timeout <ms>");
  try {
    program.parse(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return usageError(error);
    throw error;
  }
  throw new Error("accepted");
}

describe("a command line that cannot be read", () => {
  test("names the mistyped option and the nearest known one", () => {
    const error = refusal(["ping", "--jsom"]);
    expect(error).toMatchObject({ code: "CONFIG_UNKNOWN_KEY", message: "There is no option --jsom." });
    expect(error.hint).toContain("--json");
  });

  test.each([
    ["ping", "--password=hunter2-secret"],
    ["ping", "-ahunter2-secret"],
    ["ping", "-hunter2-secret@host:6380?ssl=true"],
    ["ping", "--hunter2-secret@host:6380"],
    ["rediss://:hunter2-secret@host"],
    ["hunter2-secret"],
    ["ping", "host", "hunter2-secret"],
  ])("repeats nothing that may be secret: %s %s %s", (...words) => {
    const error = refusal(words);
    expect(error.code).toMatch(/^CONFIG_/);
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });

  test("says the nearest command", () => {
    expect(refusal(["pign"]).hint).toContain("Did you mean ping?");
  });

  test("names the option whose value is missing", () => {
    expect(refusal(["ping", "--timeout"])).toMatchObject({
      code: "CONFIG_MISSING",
      message: "--timeout <ms> needs a value.",
    });
  });
});

describe("values of options", () => {
  test("one of some words, in any case", () => {
    const read = oneOf("--to", ["url", "env"]);
    expect(read("URL")).toBe("url");
    expect(() => read("yaml")).toThrow(
      new RedoubtError("CONFIG_INVALID_VALUE", "--to takes one of: url, env."),
    );
  });

  test("milliseconds", () => {
    const read = milliseconds("--timeout");
    expect(read("1500")).toBe(1500);
    for (const text of ["", "0", "-1", "1.5", "1e3", "soon", "99999999999", " 5"])
      expect(() => read(text)).toThrow(RedoubtError);
  });
});

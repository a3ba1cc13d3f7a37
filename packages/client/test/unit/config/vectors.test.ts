import { describe, expect, test } from "vitest";
import type { ParseOptions } from "../../../src/config/parse.ts";
import type { Dialect } from "../../../src/config/target.ts";
import {
  type Case,
  type Deviation,
  deviations,
  type Outcome,
  outcomeOf,
  serviceStackCases,
  stackExchangeCases,
} from "./corpus.ts";

const libraries: readonly (readonly [Deviation["library"], Case[], number])[] = [
  ["ServiceStack.Redis", serviceStackCases, 104],
  ["StackExchange.Redis", stackExchangeCases, 125],
];

function deviationOf(library: string, input: string, mode: "named" | "recognised"): Deviation | undefined {
  return deviations.find(
    (one) => one.library === library && one.input === input && (one.only ?? mode) === mode,
  );
}

function agrees(ours: Outcome, expected: Outcome): boolean {
  if ("error" in expected) return "error" in ours;
  if ("error" in ours) return false;
  return Object.entries(expected).every(
    ([key, value]) => JSON.stringify(ours[key as keyof typeof ours]) === JSON.stringify(value),
  );
}

describe.each(libraries)("%s", (library, cases, count) => {
  test("all vectors are there", () => {
    expect(cases).toHaveLength(count);
  });

  describe.each(["named", "recognised"] as const)("dialect %s", (mode) => {
    test.each(cases)("$input", ({ input, options, expected }) => {
      const { from, ...rest } = options;
      const ours = outcomeOf(input, mode === "named" ? ({ from, ...rest } as ParseOptions) : rest);
      const deviation = deviationOf(library, input, mode);
      if (deviation === undefined) {
        if ("error" in expected) expect(ours).toHaveProperty("error");
        else expect(ours).toMatchObject(expected);
        return;
      }
      expect(ours).toMatchObject(deviation.redoubt);
      expect(agrees(ours, expected), "the deviation is listed, but there is none").toBe(false);
    });
  });
});

describe("deviations", () => {
  const claims = deviations.flatMap(({ library, input, redoubt, only }) => {
    const from: Dialect = library === "ServiceStack.Redis" ? "servicestack" : "stackexchange";
    const claim = (mode: string, options: ParseOptions) =>
      only === undefined || only === mode ? [{ mode, input, options, redoubt }] : [];
    return [...claim("named", { from }), ...claim("recognised", {})];
  });

  test.each(claims)("$input, dialect $mode", ({ input, options, redoubt }) => {
    expect(outcomeOf(input, options)).toMatchObject(redoubt);
  });
});

import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generate } from "../../../src/model/generate.ts";
import { emptyApp } from "../ground.ts";

const host = { viewpoint: "host" } as const;

describe("the value of a parameter", () => {
  test("is that of configuration, by its name, or with _ for -", async () => {
    const variables = { Parameters__plain: "one", PARAMETERS__api_key: "two" };
    const app = emptyApp("run", { variables });
    expect(await app.addParameter("plain").resolve(host)).toBe("one");
    expect(await app.addParameter("api-key").resolve(host)).toBe("two");
  });

  test("is that of another key", async () => {
    const app = emptyApp("run", { args: ["--Elsewhere:Key=three"] });
    expect(await app.addParameterFromConfiguration("far", "Elsewhere:Key").resolve(host)).toBe("three");
  });

  test("is the one of the call, before configuration", async () => {
    const app = emptyApp("run", { variables: { Parameters__a: "outside" } });
    expect(await app.addParameter("a", { value: "inside" }).resolve(host)).toBe("inside");
    expect(await app.addParameter("b", { value: () => "computed" }).resolve(host)).toBe("computed");
  });

  test("is waited for where nobody has it", async () => {
    const app = emptyApp();
    const parameter = app.addParameter("missing", { description: "The key of the API" });
    expect(parameter.read()).toBeUndefined();
    const waiting = parameter.resolve(host);
    parameter.set("typed");
    expect(await waiting).toBe("typed");
    expect(parameter.read()).toBe("typed");
    expect(parameter.description).toBe("The key of the API");
  });

  test("typed values can be kept, and forgotten", () => {
    const app = emptyApp();
    const parameter = app.addParameter("kept");
    parameter.set("typed", { keep: true });
    expect(app.configuration.get("parameters:kept")).toBe("typed");
    expect(app.configuration.origin("parameters:kept")).toBe("secrets");
    parameter.delete();
    expect(parameter.read()).toBeUndefined();
  });

  test("made-up values are the same at the next start", () => {
    const first = emptyApp();
    const made = first.addParameter("password", { secret: true, generate: { special: false } }).read();
    expect(made).toMatch(/^[A-Za-z0-9]{22}$/);
    const again = emptyApp("run", { file: first.file, home: first.stateFolder.replace(/\/apps\/.*$/, "") });
    expect(again.addParameter("password", { secret: true, generate: { special: false } }).read()).toBe(made);
  });

  test("configuration beats what is kept", () => {
    const app = emptyApp("run", { variables: { Parameters__p: "given" } });
    app.configuration.keep("Parameters:p", "kept");
    expect(app.addParameter("p").read()).toBe("given");
  });
});

describe("published", () => {
  test("it is an expression, with a default only where that is wanted", () => {
    const app = emptyApp("publish");
    expect(app.addParameter("cache-size", { value: "B0", publishValueAsDefault: true })).toMatchObject({
      published: "{cache-size.value}",
      publishedDefault: "B0",
      secret: false,
    });
    expect(app.addParameter("other", { value: "x" }).publishedDefault).toBeUndefined();
  });

  test("a secret has no default", () => {
    const app = emptyApp("publish");
    const call = () => app.addParameter("s", { secret: true, value: "hidden", publishValueAsDefault: true });
    expect(call).toThrow(/APP_PARAMETER|secret "s" cannot be published/);
    expect(call).toThrow(expect.objectContaining({ code: "APP_PARAMETER" }));
    expect(call).not.toThrow("hidden");
  });
});

test("the error for a missing value names the variable, the key and the line", () => {
  const parameter = emptyApp().addParameter("api-key");
  const error = parameter.missing();
  expect(error.message).toMatch(/"api-key" has no value \(addParameter at .*parameter\.test\.ts:\d+:\d+\)$/);
  expect(error).toMatchObject({
    code: "APP_PARAMETER",
    hint: expect.stringContaining("Parameters__api_key"),
  });
});

test("a secret is in no print", () => {
  const app = emptyApp("run", { variables: { Parameters__p: "tell-nobody" } });
  const parameter = app.addParameter("p", { secret: true });
  expect(parameter.read()).toBe("tell-nobody");
  for (const text of [inspect(parameter), inspect(app, { depth: 9 }), JSON.stringify([parameter, app])])
    expect(text).not.toContain("tell-nobody");
});

describe("made-up values", () => {
  const classes = { lower: /[a-z]/g, upper: /[A-Z]/g, numeric: /[0-9]/g, special: /[-_.{}~()*+!]/g };

  test("have the length and the least count of each class, and nothing of a class that is off", () => {
    const rule = fc.record({
      minLength: fc.integer({ min: 0, max: 64 }),
      lower: fc.boolean(),
      upper: fc.boolean(),
      numeric: fc.boolean(),
      special: fc.boolean(),
      least: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(rule, ({ minLength, least, ...on }) => {
        fc.pre(Object.values(on).some(Boolean));
        const counts = {
          minLower: on.lower ? least : 0,
          minUpper: on.upper ? least : 0,
          minNumeric: on.numeric ? least : 0,
          minSpecial: on.special ? least : 0,
        };
        const text = generate({ minLength, ...on, ...counts });
        expect(text.length).toBeGreaterThanOrEqual(minLength);
        expect(text).toMatch(/^[A-Za-z0-9_.{}~()*+!-]*$/);
        expect(text).not.toMatch(/[iloILO]/);
        for (const [name, pattern] of Object.entries(classes)) {
          const count = (text.match(pattern) ?? []).length;
          if (on[name as keyof typeof on]) expect(count).toBeGreaterThanOrEqual(least);
          else expect(count).toBe(0);
        }
      }),
    );
  });

  test("differ", () => {
    expect(new Set(Array.from({ length: 100 }, () => generate())).size).toBe(100);
  });

  test("need a class", () => {
    expect(() => generate({ lower: false, upper: false, numeric: false, special: false })).toThrow(
      RangeError,
    );
    expect(() => generate({ special: false, minSpecial: 1 })).toThrow("minSpecial");
  });
});

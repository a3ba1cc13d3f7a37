import { describe, expect, test } from "vitest";
import { Conditional, refExpr, uri } from "../../../src/model/expression.ts";
import { Literal } from "../../../src/model/value.ts";
import { allocate, emptyApp } from "../ground.ts";

const host = { viewpoint: "host" } as const;

describe("refExpr", () => {
  test("has a value and a published form", async () => {
    const app = emptyApp("run", { variables: { Parameters__pw: "p@ss, word!" } });
    const api = app.addExecutable("api", "true", ".").withHttpEndpoint();
    const pw = app.addParameter("pw", { secret: true });
    allocate([api.getEndpoint("http"), 5000]);
    const text = refExpr`${api.getEndpoint("http")}/?key=${uri(pw)}&n=${3}&t=${"x"}`;
    expect(text.published).toBe("{api.bindings.http.url}/?key={pw-uri-encoded.value}&n=3&t=x");
    expect(await text.resolve(host)).toBe("http://localhost:5000/?key=p%40ss%2C%20word%21&n=3&t=x");
    expect(text.secret).toBe(true);
    expect(text.needs).toEqual([api, pw]);
  });

  test("takes the connection string of a resource", () => {
    const app = emptyApp("publish");
    const cache = app.addRedis("cache");
    expect(refExpr`${cache},abortConnect=false`.published).toBe(
      "{cache.connectionString},abortConnect=false",
    );
  });

  test("refuses what is no value", () => {
    expect(() => refExpr`a${undefined as never}b`).toThrow("value 1 of refExpr is undefined");
    expect(() => refExpr`a${{} as never}b`).toThrow(expect.objectContaining({ code: "APP_REFERENCE" }));
  });

  test("of an absent value is absent", async () => {
    const nothing = {
      published: "{x.value}",
      secret: false,
      needs: [],
      resolve: () => Promise.resolve(undefined),
    };
    expect(await refExpr`a${nothing}b`.resolve(host)).toBeUndefined();
  });
});

describe("conditional values", () => {
  const [yes, no] = [new Literal("yes"), new Literal("no")];

  test.each([
    ["True", "yes"],
    ["true", "yes"],
    ["False", "no"],
    ["", "no"],
  ])("%j gives %s", async (condition, value) => {
    expect(await new Conditional(new Literal(condition), yes, no).resolve(host)).toBe(value);
  });

  test("are resources of the manifest, with upstream's names", () => {
    const app = emptyApp("publish");
    const tls = app.addRedis("redis").primary.property("tlsEnabled");
    const conditional = new Conditional(tls, new Literal(",ssl=true"), new Literal(""));
    expect(conditional.published).toBe("{cond-redis-bindings-tcp-tlsenabled-d148d83a.connectionString}");
  });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { Home } from "./home.ts";

let home: Home;

beforeAll(async () => {
  home = await Home.make();
  await home.said(["create", "my-redis", "-t", "redis:hobbyist"]);
});

afterAll(() => home[Symbol.asyncDispose]());

test("by its name, with its certificate and password, and no warning", async () => {
  for (const words of [
    ["-u", "my-redis"],
    ["--service", "my-redis"],
  ]) {
    const run = await home.redoubt(["cli", ...words, "SET", "greeting", "hello"]);
    expect(run).toMatchObject({ code: 0, stdout: "OK\n", stderr: "" });
  }
});

test("a tag marks it as production", async () => {
  await home.said(["tags", "update", "my-redis", "--add-tag", "environment=production"]);
  const run = await home.redoubt(["cli", "-u", "my-redis", "FLUSHALL"]);
  expect(run.stderr).toContain("CONFIG_PRODUCTION");
  expect(run).toMatchObject({ code: 2, stdout: "" });
  expect(await home.redoubt(["cli", "-u", "my-redis", "GET", "greeting"])).toMatchObject({
    stdout: "hello\n",
  });
});

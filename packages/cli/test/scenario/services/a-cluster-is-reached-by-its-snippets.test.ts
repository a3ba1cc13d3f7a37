import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { execute } from "../redoubt.ts";
import { Home } from "./home.ts";

const python = "/usr/bin/python3";
const hasRedisPy = existsSync(python) && (await execute(python, ["-c", "import redis"])).code === 0;

let home: Home;

beforeAll(async () => {
  home = await Home.make();
  await home.said(["create", "shared", "-t", "redis:cluster-3"]);
  const set = await home.said(["cli", "shared", "-c", "SET", "greeting", "hello"]);
  if (!set.endsWith("OK")) throw new Error(`the cluster does not take writes: ${set}`);
}, 120_000);

afterAll(async () => {
  await home[Symbol.asyncDispose]();
}, 120_000);

test.each([
  ["redoubt", ["--ca"]],
  ["node-redis", []],
  ["ioredis", []],
])("%s", async (form, words) => {
  const text = await home.said(["connection-info", "shared", form]);
  const { stdout, stderr } = await execute(process.execPath, ["--input-type=module", "--eval", text], {
    environment: { REDIS_URL: await home.said(["connection-info", "shared", "uri", ...words]) },
  });
  expect(stdout.trim(), stderr).toBe("hello");
});

test.skipIf(!hasRedisPy)("python", async () => {
  const { stdout, stderr } = await execute(
    python,
    ["-c", await home.said(["connection-info", "shared", "python"])],
    {
      environment: { REDIS_URL: await home.said(["connection-info", "shared", "uri"]) },
    },
  );
  expect(stdout.trim(), stderr).toBe("True");
});

test("a terminator stands before no cluster, and the plan of another topology is refused", async () => {
  for (const words of [
    ["--route", "terminator"],
    ["--plan", "startup-1"],
  ]) {
    const { code, stderr } = await home.service(["update", "shared", ...words]);
    expect([code, stderr.includes("SERVICE_UNFIT")]).toEqual([1, true]);
  }
});

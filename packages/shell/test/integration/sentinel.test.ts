import { type SentinelSet, startSentinels } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shell } from "../run-both.ts";

let set: SentinelSet;

beforeAll(async () => {
  set = await startSentinels({ sentinels: 1 });
});

afterAll(() => set.stop());

test("a string with Sentinels leads to the primary that they name", async () => {
  const { code, stdout } = await shell(["-u", set.uri, "--no-auth-warning", "ROLE"]);
  expect(stdout).toMatch(/^master\n/);
  expect(code).toBe(0);
});

import { expect, test } from "vitest";
import { bigDatabase, dangerOf } from "../../src/guard/dangers.ts";
import { Guard } from "../../src/guard/guard.ts";

const size = (keys: number) => async () => keys;

test.each([
  "FLUSHALL",
  "flushdb async",
  "Shutdown NOSAVE",
  "debug sleep 1",
  "CONFIG SET maxmemory 1",
  "config rewrite",
  "SCRIPT flush",
  "ACL DELUSER u",
  `DEL ${Array.from({ length: 10 }, (_, i) => `k${i}`).join(" ")}`,
])("%s is dangerous", async (line) => {
  expect(await dangerOf(line.split(" "), size(0))).toMatchObject({ command: expect.any(String) });
});

test.each([
  "GET flushall",
  "CONFIG GET save",
  "SCRIPT LOAD x",
  "DEL a b",
  "SET a b",
  "DEBUGGER x",
  "ACL LIST",
])("%s is not", async (line) => {
  expect(await dangerOf(line.split(" "), size(Number.MAX_SAFE_INTEGER))).toBeNull();
});

test("KEYS is where there are many keys", async () => {
  expect(await dangerOf(["keys", "*"], size(bigDatabase))).toMatchObject({ command: "KEYS" });
  expect(await dangerOf(["keys", "*"], size(bigDatabase - 1))).toBeNull();
  // Nobody can ask within a transaction.
  expect(await dangerOf(["keys", "*"], async () => null)).toMatchObject({
    does: expect.stringContaining("all keys"),
  });
});

test("the guard asks on production only, and names no argument", async () => {
  const words = ["CONFIG", "SET", "requirepass", "secret"];
  const check = (options: Partial<ConstructorParameters<typeof Guard>[0]>) =>
    new Guard({ production: true, confirmed: false, confirm: null, ...options }).check(words, "h:1", size(0));
  await check({ production: false });
  await check({ confirmed: true });
  await check({ confirm: async (_, place) => place === "h:1" });
  const refused = await check({}).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "CONFIG_PRODUCTION", address: "h:1", command: "CONFIG SET" });
  expect(JSON.stringify(refused)).not.toContain("secret");
  await expect(check({ confirm: async () => false })).rejects.toMatchObject({ code: "CONFIG_PRODUCTION" });
});

import { setTimeout as delay } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";
import { expect, test } from "vitest";
import { Load } from "../../src/subject/load.ts";
import type { Plan } from "../../src/subject/plan.ts";
import type { Commands } from "../../src/subject/worker.ts";

const plan: Plan = {
  kind: "client",
  url: "",
  clients: 1,
  workers: 2,
  keys: 3,
  valueBytes: 64,
  pauseMs: 1,
  audience: true,
};

/** Carries commands out in a Map, rightly, but for those that are replaced: what the load must notice. */
function store(wrong: (values: Map<string, string>) => Partial<Record<keyof Commands, unknown>>): Commands {
  const values = new Map<string, string>();
  const right = {
    set: async (key: string, value: string) => {
      values.set(key, value);
      return "OK";
    },
    get: async (key: string) => values.get(key) ?? null,
    mGet: async (keys: string[]) => keys.map((key) => values.get(key) ?? null),
    publish: async () => 0,
  };
  return { ...right, ...wrong(values) } as unknown as Commands;
}

/** Runs the load for a moment. */
async function accountOf(wrong: Parameters<typeof store>[0], ms = 100) {
  const load = new Load(plan, [store(wrong)]);
  load.start();
  await delay(ms);
  await load.stop(50);
  return load.account;
}

test("what is right is counted as answered, and nothing else", async () => {
  const { asked, answered, ...rest } = await accountOf(() => ({}));
  expect(answered).toBeGreaterThan(20);
  expect(answered).toBe(asked);
  expect(rest).toMatchObject({ failed: {}, pending: 0, settledTwice: 0, misdelivered: 0, lost: 0 });
  expect(rest.recoverMs).toBeLessThan(rest.ms);
});

test("the value of another key is a reply to the wrong caller", async () => {
  const { misdelivered } = await accountOf((values) => ({
    get: async (key: string) => [...values].find(([other]) => other !== key)?.[1] ?? null,
  }));
  expect(misdelivered).toBeGreaterThan(0);
});

test("the reply to another command is one to the wrong caller", async () => {
  for (const command of ["set", "mGet", "publish"])
    expect((await accountOf(() => ({ [command]: async () => "PONG" }))).misdelivered).toBeGreaterThan(0);
});

test("a value that nobody has written yet is a reply to the wrong caller", async () => {
  const { misdelivered } = await accountOf(() => ({
    get: async (key: string) => `${key}|999999|`.padEnd(64, `${key}|999999|`),
  }));
  expect(misdelivered).toBeGreaterThan(0);
});

test("a confirmed write that is not there is lost", async () => {
  const { lost, misdelivered } = await accountOf(() => ({ set: async () => "OK" }));
  expect(lost).toBeGreaterThan(0);
  expect(misdelivered).toBe(0);
});

test("rejections are counted by code, others by their text", async () => {
  const { failed } = await accountOf(() => ({
    get: () => Promise.reject(new RedoubtError("CLOSED_CONNECTION", "gone")),
    publish: () => Promise.reject(new TypeError("a mistake")),
  }));
  expect(Object.keys(failed).sort()).toEqual(["CLOSED_CONNECTION", "TypeError: a mistake"]);
});

test("a promise that nobody settles is pending, and its caller has not recovered", async () => {
  const { pending, recoverMs } = await accountOf(() => ({ get: () => new Promise(() => {}) }));
  expect(pending).toBe(plan.workers);
  expect(recoverMs).toBeGreaterThan(100);
});

test("a promise that is settled twice is noticed", async () => {
  const { settledTwice } = await accountOf(() => ({
    get: () =>
      new Promise((resolve) => {
        resolve(null);
        resolve("again");
        setImmediate(() => resolve("and again"));
      }),
  }));
  expect(settledTwice).toBeGreaterThan(0);
});

import { expect, test } from "vitest";
import { Late } from "../../../src/model/late.ts";

test("whoever waits gets the value, and so does whoever comes later", async () => {
  const late = new Late<number>();
  const waiting = late.get();
  expect(late.current).toBeUndefined();
  late.set(1);
  expect(await waiting).toBe(1);
  late.set(2);
  expect(await late.get()).toBe(2);
  expect(late.current).toBe(2);
});

test("a failure reaches those who wait and those who ask, until there is a value", async () => {
  const late = new Late<number>();
  const waiting = late.get();
  late.fail(new Error("no"));
  await expect(waiting).rejects.toThrow("no");
  await expect(late.get()).rejects.toThrow("no");
  late.set(3);
  expect(await late.get()).toBe(3);
});

test("a failure that nobody asks for disturbs nobody", async () => {
  new Late<number>().fail(new Error("unseen"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(new Late<number>().current).toBeUndefined();
});

test("what was known can become unknown again", async () => {
  const late = new Late<string>();
  late.set("old");
  late.reset();
  expect(late.current).toBeUndefined();
  const waiting = late.get();
  late.set("new");
  expect(await waiting).toBe("new");
});

test("waiting can be given up", async () => {
  const late = new Late<number>();
  const controller = new AbortController();
  const waiting = late.get(controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(late.get(controller.signal)).rejects.toThrow("enough");
  late.set(1);
  expect(await late.get(controller.signal)).toBe(1);
});

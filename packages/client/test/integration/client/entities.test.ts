import { createClient } from "@redoubt/client";
import { type RedisServer, startServer } from "@redoubt/server";
import { afterAll, beforeAll, expect, test } from "vitest";

interface Todo {
  id: number;
  content: string | null;
  order: number;
  done: boolean;
}

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const todo = (id: number, content: string | null): Todo => ({ id, content, order: 0, done: false });

test("keys and values are those of ServiceStack.Redis", async () => {
  await using client = await createClient(server.uri).connect();
  await client.flushDb();
  const todos = client.as<Todo>("Todo");
  expect(await todos.getNextSequence()).toBe(1);
  expect(await todos.getNextSequence(5)).toBe(6);
  const milk = todo(6, "milk");
  expect(await todos.store(milk)).toBe(milk);
  expect((await client.keys("*")).sort()).toEqual(["ids:Todo", "seq:Todo", "urn:todo:6"]);
  expect(await client.get("urn:todo:6")).toBe('{"id":6,"content":"milk","order":0,"done":false}');
  expect(await client.sMembers("ids:Todo")).toEqual(["6"]);
  await todos.store(todo(6, null));
  expect(await client.get("urn:todo:6")).toBe('{"id":6,"order":0,"done":false}');
});

test("what is missing is null, or left out of a list", async () => {
  await using client = await createClient(server.uri).connect();
  await client.flushDb();
  const todos = client.as<Todo>("Todo");
  expect(await todos.getById(1)).toBeNull();
  expect(await todos.getAll()).toEqual([]);
  expect(await todos.getByIds([])).toEqual([]);
  await todos.storeAll([]);
  await todos.storeAll([todo(1, "a"), todo(3, "c")]);
  expect(await todos.getByIds([3, 2, 1])).toEqual([todo(3, "c"), todo(1, "a")]);
  expect((await todos.getAll()).map(({ id }) => id).sort()).toEqual([1, 3]);
  expect(await todos.deleteById(2)).toBe(false);
  expect(await todos.deleteById(1)).toBe(true);
  expect(await todos.deleteByIds([1, 3])).toBe(1);
  expect(await client.keys("*")).toEqual([]);
});

test("replacing stores only where something is", async () => {
  await using client = await createClient(server.uri).connect();
  await client.flushDb();
  const todos = client.as<Todo>("Todo");
  expect(await todos.replace(todo(1, "a"))).toBe(false);
  expect(await client.keys("*")).toEqual([]);
  await todos.store(todo(1, "a"));
  expect(await todos.replace(todo(1, "b"))).toBe(true);
  expect(await todos.getById(1)).toEqual(todo(1, "b"));
});

test("all can be deleted, also many, and the sequence goes on", async () => {
  await using client = await createClient(server.uri).connect();
  await client.flushDb();
  const todos = client.as<Todo>("Todo");
  await todos.getNextSequence();
  await todos.storeAll(Array.from({ length: 2500 }, (_, i) => todo(i, `${i}`)));
  await todos.deleteAll();
  expect(await client.keys("*")).toEqual(["seq:Todo"]);
});

test("entities written by .NET are read when the fields are named", async () => {
  await using client = await createClient(server.uri).connect();
  await client.set("urn:todo:9", '{"Id":9,"Content":"from .NET","Order":2,"Done":true}');
  const todos = client.as<Todo>("Todo", { fields: ["id", "content", "order", "done"] });
  expect(await todos.getById(9)).toEqual({ id: 9, content: "from .NET", order: 2, done: true });
});

test("an entity without id, or a type name that would break the keys, is refused by name", async () => {
  await using client = await createClient(server.uri).connect();
  const todos = client.as<Partial<Todo>>("Todo");
  await expect(todos.store({ content: "x" })).rejects.toMatchObject({
    code: "CONFIG_INVALID_VALUE",
    message: expect.stringContaining("id"),
  });
  expect(() => client.as("a:b")).toThrow(/colon/);
});

test("a prefix and an id of another name", async () => {
  await using client = await createClient(server.uri).connect();
  await client.flushDb();
  const users = client.as<{ email: string; name: string }>("User", { id: "email", prefix: "app:" });
  await users.store({ email: "a@b", name: "A" });
  expect((await client.keys("*")).sort()).toEqual(["app:ids:User", "app:urn:user:a@b"]);
  expect(await users.getById("a@b")).toEqual({ email: "a@b", name: "A" });
});

import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Todo } from "../src/todo.ts";
import { type Ground, startGround } from "./ground.ts";

let ground: Ground;
beforeAll(async () => {
  ground = await startGround();
});
afterAll(() => ground[Symbol.asyncDispose]());
beforeEach(() => ground.redis.command("FLUSHALL"));

const ask = (method: InjectOptions["method"] & string, url: string, payload?: InjectOptions["payload"]) =>
  ground.app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
const add = async (todo: Partial<Todo>): Promise<Todo> => (await ask("POST", "/todo", todo)).json();

describe("POST /todo", () => {
  it("answers 201 with the todo and its address, ids by sequence", async () => {
    const first = await ask("POST", "/todo", { content: "bread" });
    expect(first.statusCode).toBe(201);
    expect(first.headers["location"]).toBe("/todo/1");
    expect(first.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(first.json()).toEqual({ id: 1, content: "bread", order: 1, done: false });
    expect(await add({ content: "olives", order: -7, done: true })).toEqual({
      id: 2,
      content: "olives",
      order: -7,
      done: true,
    });
  });

  it("gives the id itself, whatever the body says", async () => {
    expect(await add({ id: 99, content: "bread" })).toMatchObject({ id: 1 });
  });

  it("stores the todo as an entity that other programs can read", async () => {
    const todo = await add({ content: 'ünïcode \u0000 🫒 "quoted"' });
    const { redis } = ground;
    expect(await redis.command("GET", "urn:todo:1")).toBe(JSON.stringify(todo));
    expect(Object.keys(todo)).toEqual(["id", "content", "order", "done"]);
    expect(await redis.command("SMEMBERS", "ids:Todo")).toEqual(["1"]);
    expect(await redis.command("GET", "seq:Todo")).toBe("1");
  });

  it("shares the list with programs that write names as .NET does", async () => {
    const { redis } = ground;
    await redis.command("SET", "urn:todo:7", '{"Id":7,"Content":"bread","Order":3,"Done":true}');
    await redis.command("SADD", "ids:Todo", "7");
    const todo = { id: 7, content: "bread", order: 3, done: true };
    expect((await ask("GET", "/todo")).json()).toEqual([todo]);
    expect((await ask("GET", "/todo/7")).json()).toEqual(todo);
  });

  it("never gives an id twice", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => add({ content: `todo ${i}` })));
    const todos = (await ask("GET", "/todo")).json<Todo[]>();
    expect(todos.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    await ask("DELETE", "/todo/50");
    expect(await add({ content: "after" })).toMatchObject({ id: 51 });
  });
});

describe("GET /todo", () => {
  it("answers an empty list", async () => {
    const answer = await ask("GET", "/todo");
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual([]);
  });

  it("orders by order, then by id", async () => {
    for (const order of [5, 2, 5, -1]) await add({ content: `order ${order}`, order });
    const todos = (await ask("GET", "/todo")).json<Todo[]>();
    expect(todos.map(({ id }) => id)).toEqual([4, 2, 1, 3]);
  });
});

describe("GET, PUT, DELETE /todo/:id", () => {
  it("reads one", async () => {
    const todo = await add({ content: "bread" });
    expect((await ask("GET", "/todo/1")).json()).toEqual(todo);
  });

  it("replaces one; the id of the path wins", async () => {
    await add({ content: "bread" });
    await add({ content: "olives" });
    const answer = await ask("PUT", "/todo/1", { id: 2, content: "black bread", order: 3, done: true });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ id: 1, content: "black bread", order: 3, done: true });
    expect((await ask("GET", "/todo/1")).json()).toEqual(answer.json());
    expect((await ask("GET", "/todo/2")).json()).toMatchObject({ content: "olives" });
  });

  it("deletes one for good", async () => {
    await add({ content: "bread" });
    const answer = await ask("DELETE", "/todo/1");
    expect([answer.statusCode, answer.body]).toEqual([204, ""]);
    expect((await ask("GET", "/todo/1")).statusCode).toBe(404);
    expect(await ground.redis.command("EXISTS", "urn:todo:1", "ids:Todo")).toBe(0);
  });

  it.each(["GET", "PUT", "DELETE"] as const)(
    "%s of a missing one is 404 and changes nothing",
    async (method) => {
      await add({ content: "bread" });
      const body = method === "PUT" ? { content: "x", order: 1, done: false } : undefined;
      const answer = await ask(method, "/todo/7", body);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toEqual({
        error: { code: "NOT_FOUND", field: "id", message: "There is no todo 7." },
      });
      expect(await ground.redis.command("KEYS", "urn:todo:*")).toEqual(["urn:todo:1"]);
    },
  );

  it.each(["0", "-1", "1.5", "one", "1e3", "01", "9999999999999999", "1%00"])(
    "refuses the id %s",
    async (id) => {
      for (const method of ["GET", "PUT", "DELETE"] as const) {
        const body = method === "PUT" ? { content: "x", order: 1, done: false } : undefined;
        const answer = await ask(method, `/todo/${id}`, body);
        expect(answer.statusCode).toBe(400);
        expect(answer.json()).toMatchObject({ error: { code: "BAD_ID", field: "id" } });
      }
    },
  );
});

describe("a body that is wrong", () => {
  const long = "x".repeat(501);
  const full = { content: "x", order: 1, done: false };
  it.each([
    ["POST", {}, "MISSING", "content"],
    ["POST", { content: 1 }, "WRONG_TYPE", "content"],
    ["POST", { content: null }, "WRONG_TYPE", "content"],
    ["POST", { content: "" }, "EMPTY", "content"],
    ["POST", { content: " \n\t" }, "EMPTY", "content"],
    ["POST", { content: long }, "TOO_LONG", "content"],
    ["POST", { content: "x", order: "1" }, "WRONG_TYPE", "order"],
    ["POST", { content: "x", order: 1.5 }, "WRONG_TYPE", "order"],
    ["POST", { content: "x", order: 2 ** 31 }, "OUT_OF_RANGE", "order"],
    ["POST", { content: "x", done: "yes" }, "WRONG_TYPE", "done"],
    ["POST", { content: "x", id: "1" }, "WRONG_TYPE", "id"],
    ["POST", { content: "x", colour: "red" }, "UNKNOWN_FIELD", "colour"],
    ["POST", [], "WRONG_TYPE", "body"],
    ["PUT", { order: 1, done: true }, "MISSING", "content"],
    ["PUT", { content: "x", done: true }, "MISSING", "order"],
    ["PUT", { content: "x", order: 1 }, "MISSING", "done"],
    ["PUT", { ...full, Done: true }, "UNKNOWN_FIELD", "Done"],
  ] as const)("%s %j is 400 %s and names %s", async (method, body, code, field) => {
    await add({ content: "bread" });
    const answer = await ask(method, method === "PUT" ? "/todo/1" : "/todo", body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({ error: { code, field, message: expect.stringContaining(field) } });
    expect((await ask("GET", "/todo")).json()).toEqual([{ id: 1, content: "bread", order: 1, done: false }]);
  });

  it("takes 500 characters, however many bytes they have", async () => {
    expect((await ask("POST", "/todo", { content: "🫒".repeat(500) })).statusCode).toBe(201);
  });

  it.each([
    ["{bad", "application/json", 400, "BAD_JSON"],
    ["", "application/json", 400, "BAD_JSON"],
    ['{"content":"x"}', "text/plain", 415, "NOT_JSON"],
    ["content=x", "application/x-www-form-urlencoded", 415, "NOT_JSON"],
    [JSON.stringify({ content: "x".repeat(20_000) }), "application/json", 413, "BODY_TOO_LARGE"],
  ])("%.20s as %s is %i %s", async (payload, type, status, code) => {
    const headers = { "content-type": type };
    const answer = await ground.app.inject({ method: "POST", url: "/todo", headers, payload });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ error: { code, field: "body" } });
  });

  it.each(["/nothing", "/todo/1/2", "/page/index.html", "/..%2fpackage.json", "/todo/%zz"])(
    "has nothing at %s",
    async (url) => {
      const answer = await ask("GET", url);
      expect([400, 404]).toContain(answer.statusCode);
      expect(answer.json()).toMatchObject({ error: { field: null } });
    },
  );
});

describe("the connection", () => {
  it("is live, ready, and says how it is connected without saying the password", async () => {
    expect((await ask("GET", "/live")).statusCode).toBe(200);
    expect((await ask("GET", "/ready")).statusCode).toBe(200);
    const answer = await ask("GET", "/connection");
    const { redis, proxy } = ground;
    expect(answer.json()).toMatchObject({
      connected: true,
      address: `127.0.0.1:${proxy.port}`,
      server: expect.stringMatching(/^(redis|valkey) \d+\.\d+/),
      tls: {
        protocol: "TLSv1.3",
        verification: "full",
        verifiedName: "localhost",
        certificate: { names: expect.arrayContaining(["localhost"]) },
      },
    });
    expect(answer.json<{ uri: string }>().uri).toContain(`localhost:${proxy.port}`);
    expect(redis.password).toBeTypeOf("string");
    expect(answer.body).not.toContain(redis.password);
    expect(answer.body).not.toContain(encodeURIComponent(redis.password ?? ""));
  });
});

describe("the page", () => {
  it("comes with a strict policy and nothing inline", async () => {
    const page = await ask("GET", "/");
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'");
    expect(page.body).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*src=)/i);
    const files = [...page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
    expect(files).toEqual(["/icon.svg", "/style.css", "/list.css", "/page.js"]);
    for (const file of files) expect((await ask("GET", file)).statusCode).toBe(200);
  });
});

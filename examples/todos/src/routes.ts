import type { Client } from "@redoubt/client";
import type { FastifyInstance } from "fastify";
import { missing } from "./problem.ts";
import {
  inOrder,
  type NewTodo,
  newTodoSchema,
  type Todo,
  type TodoPath,
  type TodoUpdate,
  todoPathSchema,
  todoUpdateSchema,
} from "./todo.ts";

/**
 * `GET` and `POST /todo`, `GET`, `PUT` and `DELETE /todo/:id`. Todos are typed entities: `urn:todo:1` holds the JSON of
 * one, the set `ids:Todo` the ids in use, `seq:Todo` the last id given.
 */
export function todoRoutes(app: FastifyInstance, client: Client): void {
  // With the fields named, todos that a .NET program wrote (`{"Id":1,…}`) are read as well.
  const todos = client.as<Todo>("Todo", { fields: ["id", "content", "order", "done"] });

  app.get("/todo", async () => (await todos.getAll()).sort(inOrder));

  app.post<{ Body: NewTodo }>("/todo", { schema: { body: newTodoSchema } }, async (request, reply) => {
    const id = await todos.getNextSequence();
    // Ids only grow: with its id as its order a new todo comes last.
    const { content, order = id, done = false } = request.body;
    const todo: Todo = { id, content, order, done };
    await todos.store(todo);
    return reply.code(201).header("location", `/todo/${id}`).send(todo);
  });

  app.get<{ Params: TodoPath }>("/todo/:id", { schema: { params: todoPathSchema } }, async (request) => {
    const id = Number(request.params.id);
    const todo = await todos.getById(id);
    if (todo === null) throw missing(id);
    return todo;
  });

  app.put<{ Params: TodoPath; Body: TodoUpdate }>(
    "/todo/:id",
    { schema: { params: todoPathSchema, body: todoUpdateSchema } },
    async (request) => {
      const id = Number(request.params.id);
      const { content, order, done } = request.body;
      const todo: Todo = { id, content, order, done };
      if (!(await todos.replace(todo))) throw missing(id);
      return todo;
    },
  );

  app.delete<{ Params: TodoPath }>(
    "/todo/:id",
    { schema: { params: todoPathSchema } },
    async (request, reply) => {
      const id = Number(request.params.id);
      if (!(await todos.deleteById(id))) throw missing(id);
      return reply.code(204).send();
    },
  );
}

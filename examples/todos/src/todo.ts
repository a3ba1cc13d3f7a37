/** Something to do, as it is on the wire and in Redis (`urn:todo:<id>`). */
export interface Todo {
  /** From 1, given by the service. */
  readonly id: number;
  readonly content: string;
  /** Place in the list, lowest first. */
  readonly order: number;
  readonly done: boolean;
}

/** Longest content, in characters. */
export const contentLimit = 500;

/** What Int32 holds: programs of other languages read the same todos. */
const orderRange = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

const properties = {
  // Accepted, so that a todo that was read can be sent back; never used: the path or the sequence says the id.
  id: { type: "integer" },
  content: { type: "string", maxLength: contentLimit, pattern: "\\S" },
  order: { type: "integer", ...orderRange },
  done: { type: "boolean" },
} as const;

/** What `POST` takes. */
export type NewTodo = Pick<Todo, "content"> & Partial<Pick<Todo, "order" | "done">>;
export const newTodoSchema = {
  type: "object",
  properties,
  required: ["content"],
  additionalProperties: false,
} as const;

/** What `PUT` takes: all of it, so that nothing is reset by being forgotten. */
export type TodoUpdate = Pick<Todo, "content" | "order" | "done">;
export const todoUpdateSchema = { ...newTodoSchema, required: ["content", "order", "done"] } as const;

/** Path parameters. At most 15 digits: a JavaScript number holds each of those ids exactly. */
export interface TodoPath {
  readonly id: string;
}
export const todoPathSchema = {
  type: "object",
  properties: { id: { type: "string", pattern: "^[1-9][0-9]{0,14}$" } },
  required: ["id"],
} as const;

/** By `order`, then by `id`. */
export function inOrder(a: Todo, b: Todo): number {
  return a.order - b.order || a.id - b.id;
}

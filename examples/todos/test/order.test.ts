import fc from "fast-check";
import { expect, it } from "vitest";
import { move } from "../page/order.js";
import { inOrder, type Todo } from "../src/todo.ts";

const orders = fc.array(fc.integer({ min: -5, max: 20 }), { minLength: 1, maxLength: 12 });
const cases = orders.chain((list) => {
  const place = fc.nat(list.length - 1);
  return fc.record({ list: fc.constant(list), from: place, to: place });
});

it("puts one todo elsewhere, leaves the others as they follow each other, and names all that changed", () => {
  fc.assert(
    fc.property(cases, ({ list, from, to }) => {
      const todos = list
        .map((order, i): Todo => ({ id: i + 1, content: "", order, done: false }))
        .sort(inOrder);
      const moved = move(todos, from, to);
      const ids = moved.list.map(({ id }: Todo) => id);
      expect(ids[to]).toBe(todos[from]?.id);
      expect(ids.toSpliced(to, 1)).toEqual(todos.toSpliced(from, 1).map(({ id }) => id));
      // What the service will give back once the changed ones are saved.
      const saved = todos.map((todo) => moved.changed.find(({ id }) => id === todo.id) ?? todo).sort(inOrder);
      expect(saved).toEqual(moved.list);
    }),
  );
});

it("saves only what lies between the two places", () => {
  const todos = [1, 2, 4, 8, 9].map((order) => ({ id: order, content: "", order, done: false }));
  expect(move(todos, 1, 2).changed.map(({ id, order }) => [id, order])).toEqual([
    [4, 2],
    [2, 4],
  ]);
});

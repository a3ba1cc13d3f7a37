import { ConnectionStringReference } from "../model/connection.ts";
import { Conditional, Expression } from "../model/expression.ts";
import type { Value } from "../model/value.ts";

/** The values that a value is put together from, and that are not put together themselves: outputs, parameters, addresses. */
export function* leavesOf(value: Value): Generator<Value> {
  if (value instanceof Expression) {
    for (const part of value.parts) if (typeof part !== "string") yield* leavesOf(part.value);
  } else if (value instanceof Conditional) {
    for (const part of [value.condition, value.whenTrue, value.whenFalse]) yield* leavesOf(part);
  } else if (value instanceof ConnectionStringReference) {
    yield* leavesOf(value.resource.connectionString());
  } else yield value;
}

import type { Conditional } from "../model/expression.ts";
import type { Value } from "../model/value.ts";

/** How long a condition may take to be known while publishing, ms. It is known at once or never. */
const patience = 1000;

/** The branch of a value with a condition that holds for what is published. */
export async function branchOf(value: Conditional, signal?: AbortSignal): Promise<Value> {
  const { condition, match, whenTrue, whenFalse } = value;
  const ending = AbortSignal.any([AbortSignal.timeout(patience), ...(signal === undefined ? [] : [signal])]);
  const text = await condition.resolve({ viewpoint: "container", signal: ending });
  return text?.toLowerCase() === match.toLowerCase() ? whenTrue : whenFalse;
}

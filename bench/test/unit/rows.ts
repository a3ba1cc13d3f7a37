import type { Row, Summary } from "../../src/comparison.ts";
import { shapes } from "../../src/shapes/table.ts";

/** What a client made of a row. */
export const made = (contender: string, value: number, rest: Partial<Summary> = {}): Summary => ({
  contender,
  version: "1.0.0",
  value,
  spread: 0,
  ...rest,
});

/** A row of the table with these figures. */
export function rowOf(name: string, all: readonly Summary[], node: string | null = null): Row {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`there is no shape ${name}`);
  return { name, shape, transport: "tls", node, all };
}

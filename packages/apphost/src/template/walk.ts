import type { Expr } from "./expr.ts";
import { toExpr } from "./expr.ts";
import type { Declared, Module, ModuleUse } from "./module.ts";

/** The expressions directly inside one. */
export function inside(expr: Expr): readonly Expr[] {
  const node = expr.node;
  switch (node.kind) {
    case "literal":
    case "parameter":
    case "variable":
    case "declared":
      return [];
    case "member":
    case "not":
      return [node.of];
    case "index":
      return [node.of, node.index];
    case "call":
      return node.args;
    case "method":
      return [node.of, ...node.args];
    case "interpolated":
      return node.parts.filter((part) => typeof part !== "string");
    case "object":
      return node.members.flatMap(([name, value]) => (typeof name === "string" ? [value] : [name, value]));
    case "array":
      return node.items;
    case "conditional":
      return [node.condition, node.yes, node.no];
    case "binary":
      return [node.left, node.right];
  }
}

/** An expression and all in it, outermost first. */
export function* everyIn(expr: Expr): Generator<Expr> {
  yield expr;
  for (const part of inside(expr)) yield* everyIn(part);
}

/** The expressions of a resource or of the use of a module, but for its `parent` and `dependsOn`, which are symbols. */
export function expressionsOf(declared: Declared | ModuleUse): readonly Expr[] {
  const of: Expr[] = [toExpr(declared.name)];
  if (declared.scope !== undefined) of.push(declared.scope);
  if ("path" in declared) return [...of, ...declared.params.map(([, value]) => toExpr(value))];
  if (declared.condition !== undefined) of.push(declared.condition);
  return [...of, toExpr(declared.body ?? {})];
}

/** All expressions that stand anywhere in a module. */
export function* everyOf(module: Module): Generator<Expr> {
  for (const { default: value } of module.params) if (value !== undefined) yield* everyIn(toExpr(value));
  for (const { value } of module.variables ?? []) yield* everyIn(toExpr(value));
  for (const declared of [...module.resources, ...(module.modules ?? [])])
    for (const expr of expressionsOf(declared)) yield* everyIn(expr);
  for (const { value } of module.outputs) yield* everyIn(toExpr(value));
}

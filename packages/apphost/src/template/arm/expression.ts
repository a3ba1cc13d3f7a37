import { RedoubtError } from "@redoubt/client";
import { type Expr, type ExprNode, type Operator, toExpr } from "../expr.ts";
import type { Module } from "../module.ts";
import { declaredAs } from "../order.ts";
import { armId, deploymentsApiVersion } from "./identity.ts";
import { armFormatted, armLiteral, armQuoted, type Json } from "./text.ts";

const functions: Readonly<Record<Operator, (left: string, right: string) => string>> = {
  "==": (left, right) => `equals(${left}, ${right})`,
  "!=": (left, right) => `not(equals(${left}, ${right}))`,
  "&&": (left, right) => `and(${left}, ${right})`,
  "||": (left, right) => `or(${left}, ${right})`,
  "??": (left, right) => `coalesce(${left}, ${right})`,
  "<": (left, right) => `less(${left}, ${right})`,
  "<=": (left, right) => `lessOrEquals(${left}, ${right})`,
  ">": (left, right) => `greater(${left}, ${right})`,
  ">=": (left, right) => `greaterOrEquals(${left}, ${right})`,
  "+": (left, right) => `add(${left}, ${right})`,
  "-": (left, right) => `sub(${left}, ${right})`,
};

/** An expression as a JSON value: literals, objects and arrays as themselves, all else as text in `[…]`. */
export function armValue(module: Module, expr: Expr): Json {
  const { node } = named(module, expr);
  if (node.kind === "literal") return typeof node.value === "string" ? armLiteral(node.value) : node.value;
  if (node.kind === "array") return node.items.map((item) => armValue(module, item));
  if (node.kind === "object")
    return Object.fromEntries(
      node.members.map(
        ([name, value]) =>
          [
            typeof name === "string" ? armLiteral(name) : `[${armExpression(module, name)}]`,
            armValue(module, value),
          ] as const,
      ),
    );
  return `[${armExpression(module, expr)}]`;
}

/** `cache.name` is what the declaration says; anything else is itself. */
function named(module: Module, expr: Expr): Expr {
  const { node } = expr;
  if (node.kind !== "member" || node.name !== "name" || node.of.node.kind !== "declared") return expr;
  const declared = declaredAs(module, node.of.node.symbol);
  return declared === undefined ? expr : toExpr(declared.name);
}

/**
 * An expression in ARM's own language, without the brackets around it. Functions have the names that they have in Bicep; what
 * is said about a resource becomes its name, its id, `reference(…)` or `listKeys(…)`.
 */
export function armExpression(module: Module, expr: Expr): string {
  const node = expr.node;
  const write = (part: Expr) => armExpression(module, part);
  switch (node.kind) {
    case "literal":
      if (typeof node.value === "string") return armQuoted(node.value);
      if (typeof node.value === "number") return String(node.value);
      return `${node.value}()`;
    case "parameter":
      return `parameters(${armQuoted(node.name)})`;
    case "variable":
      return `variables(${armQuoted(node.name)})`;
    case "declared":
      return armFull(module, node.symbol);
    case "member":
      return armMember(module, node);
    case "index":
      return `${write(node.of)}[${write(node.index)}]`;
    case "call":
      return `${node.name}(${node.args.map(write).join(", ")})`;
    case "method":
      return armMethod(module, node);
    case "interpolated": {
      const values: string[] = [];
      const format = node.parts.map((part) =>
        typeof part === "string" ? armFormatted(part) : `{${values.push(write(part)) - 1}}`,
      );
      return `format(${[armQuoted(format.join("")), ...values].join(", ")})`;
    }
    case "object":
      return `createObject(${node.members.map(([name, value]) => `${typeof name === "string" ? armQuoted(name) : write(name)}, ${write(value)}`).join(", ")})`;
    case "array":
      return `createArray(${node.items.map(write).join(", ")})`;
    case "conditional":
      return `if(${write(node.condition)}, ${write(node.yes)}, ${write(node.no)})`;
    case "binary":
      return functions[node.operator](write(node.left), write(node.right));
    case "not":
      return `not(${write(node.of)})`;
  }
}

function armMember(module: Module, node: Extract<ExprNode, { kind: "member" }>): string {
  const write = (part: Expr) => armExpression(module, part);
  const of = node.of.node;
  if (of.kind === "declared") {
    const declared = declaredAs(module, of.symbol);
    if (declared !== undefined && "type" in declared) {
      const id = armId(module, declared, write);
      if (node.name === "id") return id;
      if (node.name === "name") return write(toExpr(declared.name));
      if (node.name === "type") return armQuoted(declared.type);
      if (node.name === "apiVersion") return armQuoted(declared.apiVersion);
      if (node.name === "properties") return `reference(${id}, ${armQuoted(declared.apiVersion)})`;
    } else if (declared !== undefined) {
      if (node.name === "name") return write(toExpr(declared.name));
      if (node.name === "outputs")
        return `reference(${armId(module, declared, write)}, ${armQuoted(deploymentsApiVersion)}).outputs`;
    }
  }
  const text = `${write(node.of)}${memberText(node.name)}`;
  return isOutput(module, node) ? `${text}.value` : text;
}

/** `cache.outputs.hostName`: an output of a module, which a deployment tells as `{ "type": …, "value": … }`. */
function isOutput(module: Module, node: Extract<ExprNode, { kind: "member" }>): boolean {
  const of = node.of.node;
  if (of.kind !== "member" || of.name !== "outputs" || of.of.node.kind !== "declared") return false;
  const declared = declaredAs(module, of.of.node.symbol);
  return declared !== undefined && !("type" in declared);
}

function armMethod(module: Module, node: Extract<ExprNode, { kind: "method" }>): string {
  const of = node.of.node;
  const declared = of.kind === "declared" ? declaredAs(module, of.symbol) : undefined;
  if (declared === undefined || !("type" in declared) || !node.name.startsWith("list"))
    throw new RedoubtError(
      "APP_PUBLISH",
      `${node.name} is no function of a resource that ARM JSON can call.`,
    );
  const write = (part: Expr) => armExpression(module, part);
  const [apiVersion = armQuoted(declared.apiVersion), ...rest] = node.args.map(write);
  return `${node.name}(${[armId(module, declared, write), apiVersion, ...rest].join(", ")})`;
}

/** A resource as a whole, with location, tags and all. */
function armFull(module: Module, symbol: string): string {
  const declared = declaredAs(module, symbol);
  if (declared === undefined || !("type" in declared))
    throw new RedoubtError(
      "APP_PUBLISH",
      `"${symbol}" is a module; an expression can only name its outputs.`,
    );
  const id = armId(module, declared, (part) => armExpression(module, part));
  return `reference(${id}, ${armQuoted(declared.apiVersion)}, 'full')`;
}

function memberText(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${armQuoted(name)}]`;
}

import { RedoubtError } from "@redoubt/client";
import { type Expr, toExpr } from "../expr.ts";
import type { Declared, Module, ModuleUse } from "../module.ts";
import { declaredAs } from "../order.ts";
import { armQuoted } from "./text.ts";

/** API version of the deployments that modules become. */
export const deploymentsApiVersion = "2025-04-01";

const deployments = "Microsoft.Resources/deployments";

/** Writes an expression as the inside of `[…]`. */
export type Write = (expr: Expr) => string;

/** The names of a resource and of its parents, outermost first, each as the inside of an expression. */
export function armNames(module: Module, resource: Declared, write: Write): readonly string[] {
  const own = write(toExpr(resource.name));
  const parent = resource.parent === undefined ? undefined : declaredAs(module, resource.parent);
  return parent !== undefined && "type" in parent ? [...armNames(module, parent, write), own] : [own];
}

/** The id of what a symbol stands for, as the inside of an expression: `resourceId('Microsoft.Cache/redisEnterprise', …)`. */
export function armId(module: Module, declared: Declared | ModuleUse, write: Write): string {
  if (!("type" in declared)) {
    return scopedId(module, declared.scope, deployments, [write(toExpr(declared.name))], write);
  }
  let top: Declared = declared;
  while (top.parent !== undefined) {
    const parent = declaredAs(module, top.parent);
    if (parent === undefined || !("type" in parent)) break;
    top = parent;
  }
  return scopedId(module, top.scope, declared.type, armNames(module, declared, write), write);
}

function scopedId(
  module: Module,
  scope: Expr | undefined,
  type: string,
  names: readonly string[],
  write: Write,
): string {
  const rest = [armQuoted(type), ...names].join(", ");
  const place = scope === undefined ? undefined : scopeOf(module, scope, write);
  switch (place?.kind) {
    case undefined:
      if (module.targetScope === "subscription") return `subscriptionResourceId(${rest})`;
      return module.targetScope === "tenant" ? `tenantResourceId(${rest})` : `resourceId(${rest})`;
    case "tenant":
      return `tenantResourceId(${rest})`;
    case "subscription":
      return `subscriptionResourceId(${place.subscription ?? "subscription().subscriptionId"}, ${rest})`;
    case "group":
      return `extensionResourceId(format('/subscriptions/{0}/resourceGroups/{1}', ${
        place.subscription ?? "subscription().subscriptionId"
      }, ${place.group}), ${rest})`;
    case "resource":
      return `extensionResourceId(${place.id}, ${rest})`;
  }
}

/** A `scope`, understood. Texts are insides of expressions; without `subscription` it is that of the deployment. */
export type Place =
  | { readonly kind: "tenant" }
  | { readonly kind: "subscription"; readonly subscription?: string }
  | { readonly kind: "group"; readonly subscription?: string; readonly group: string }
  | { readonly kind: "resource"; readonly id: string };

/**
 * Reads `scope: …`: a resource of the template, a resource group of it, or `resourceGroup(…)`, `subscription(…)`,
 * `tenant()`.
 *
 * @throws RedoubtError `APP_PUBLISH` for any other expression
 */
export function scopeOf(module: Module, scope: Expr, write: Write): Place {
  const node = scope.node;
  if (node.kind === "declared") {
    const declared = declaredAs(module, node.symbol);
    if (declared !== undefined && "type" in declared) {
      if (declared.type !== "Microsoft.Resources/resourceGroups")
        return { kind: "resource", id: armId(module, declared, write) };
      return { kind: "group", group: write(toExpr(declared.name)) };
    }
  }
  if (node.kind === "call") {
    const args = node.args.map(write);
    const [first, second] = args;
    if (node.name === "tenant" && args.length === 0) return { kind: "tenant" };
    if (node.name === "subscription")
      return { kind: "subscription", ...(first === undefined ? {} : { subscription: first }) };
    if (node.name === "resourceGroup" && first !== undefined)
      return second === undefined
        ? { kind: "group", group: first }
        : { kind: "group", subscription: first, group: second };
    if (node.name === "resourceGroup") return { kind: "group", group: "resourceGroup().name" };
  }
  throw new RedoubtError(
    "APP_PUBLISH",
    "A scope must be a resource of the template, or resourceGroup(…), subscription(…) or tenant().",
  );
}

import { Expr } from "../../template/expr.ts";

/** A setting of Azure: its value, or an expression of the template that gives it when the template is deployed. */
export type Setting<T> = T | Expr;

/** The value of a setting; `undefined` where it is not set, or an expression, whose value nobody knows before it is deployed. */
export function known<T>(setting: Setting<T> | undefined): T | undefined {
  return setting instanceof Expr ? undefined : setting;
}

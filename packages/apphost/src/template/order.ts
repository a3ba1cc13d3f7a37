import type { Declared, Module, ModuleUse } from "./module.ts";
import { everyIn, expressionsOf } from "./walk.ts";

/** The resource or use of a module that a symbol names. */
export function declaredAs(module: Module, symbol: string): Declared | ModuleUse | undefined {
  return (
    module.resources.find((resource) => resource.symbol === symbol) ??
    module.modules?.find((use) => use.symbol === symbol)
  );
}

/** Symbols that a declaration speaks about itself, in the order of first mention. */
export function neededBy(module: Module, symbol: string): readonly string[] {
  const declared = declaredAs(module, symbol);
  if (declared === undefined) return [];
  const symbols = new Set<string>(declared.dependsOn);
  if ("type" in declared && declared.parent !== undefined) symbols.add(declared.parent);
  for (const expr of expressionsOf(declared))
    for (const { node } of everyIn(expr)) if (node.kind === "declared") symbols.add(node.symbol);
  return [...symbols];
}

/**
 * What must be deployed before a declaration, sorted by symbol as the Bicep compiler does. An existing resource needs no
 * deployment; what it speaks about does.
 */
export function deployedBefore(module: Module, symbol: string): readonly (Declared | ModuleUse)[] {
  const found = new Map<string, Declared | ModuleUse>();
  const seen = new Set<string>();
  const visit = (one: string): void => {
    for (const needed of neededBy(module, one)) {
      if (seen.has(needed)) continue;
      seen.add(needed);
      const declared = declaredAs(module, needed);
      if (declared === undefined) continue;
      if ("type" in declared && declared.existing === true) visit(needed);
      else found.set(needed, declared);
    }
  };
  visit(symbol);
  return [...found.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

import { RedoubtError } from "@redoubt/client";
import type { Declared, Module, ModuleUse } from "./module.ts";
import { neededBy } from "./order.ts";
import { everyOf, expressionsOf } from "./walk.ts";

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that Bicep reads as values, and its two namespaces. */
const taken: ReadonlySet<string> = new Set(["true", "false", "null", "sys", "az"]);

/**
 * Refuses what would be no valid template: a name that is no identifier or stands for two things, an expression about
 * something that is not declared, parts whose type and parents disagree, circles.
 *
 * @param what how errors call the template, for example `cache.module.bicep`
 * @throws RedoubtError `APP_PUBLISH` naming template, symbol and fix
 */
export function checkModule(module: Module, what: string): void {
  const fail = (text: string): never => {
    throw new RedoubtError("APP_PUBLISH", `${what}: ${text}`);
  };
  const declared: readonly (Declared | ModuleUse)[] = [...module.resources, ...(module.modules ?? [])];
  const kinds = new Map<string, string>();
  const declare = (name: string, kind: string) => {
    if (!identifier.test(name)) fail(`the ${kind} "${name}" may have only letters, digits and _ in its name`);
    const other = kinds.get(name);
    if (other !== undefined)
      fail(`"${name}" names a ${other} and a ${kind}; rename the resource of the app that it comes from`);
    if (taken.has(name))
      fail(`"${name}" cannot name a ${kind}, because Bicep uses the word; take another name`);
    kinds.set(name, kind);
  };
  for (const { name } of module.params) declare(name, "parameter");
  for (const { name } of module.variables ?? []) declare(name, "variable");
  for (const { symbol } of module.resources) declare(symbol, "resource");
  for (const { symbol } of module.modules ?? []) declare(symbol, "module");
  const outputs = new Set<string>();
  for (const { name } of module.outputs) {
    if (!identifier.test(name)) fail(`the output "${name}" may have only letters, digits and _ in its name`);
    if (outputs.has(name)) fail(`there are two outputs "${name}"`);
    outputs.add(name);
  }
  const known = (name: string, ...of: string[]) => {
    if (!of.includes(kinds.get(name) ?? "")) fail(`there is no ${of.join(" or ")} "${name}" in it`);
  };
  for (const { node } of everyOf(module)) {
    if (node.kind === "parameter") known(node.name, "parameter");
    if (node.kind === "variable") known(node.name, "variable");
    if (node.kind === "declared") known(node.symbol, "resource", "module");
    // A symbol hides the function of its name, and Bicep would not compile the call.
    if (node.kind === "call" && kinds.has(node.name))
      fail(`"${node.name}" is a function of Bicep that the template needs; rename the resource of that name`);
  }
  for (const one of declared) {
    if ("type" in one && one.parent !== undefined) known(one.parent, "resource");
    for (const symbol of one.dependsOn ?? []) known(symbol, "resource", "module");
  }
  for (const one of module.resources) checkParts(module, one, fail);
  checkCircles(module, declared, fail);
}

function checkParts(module: Module, resource: Declared, fail: (text: string) => never): void {
  const parents = new Set<string>([resource.symbol]);
  let parent = resource.parent;
  while (parent !== undefined) {
    if (parents.has(parent)) fail(`"${resource.symbol}" is a part of itself`);
    parents.add(parent);
    parent = module.resources.find(({ symbol }) => symbol === parent)?.parent;
  }
  const parts = resource.type.split("/").length - 1;
  if (parts < 1)
    fail(`"${resource.type}" is no type of a resource; they look like Microsoft.Cache/redisEnterprise`);
  if (parts !== parents.size)
    fail(
      `"${resource.symbol}" is of type ${resource.type}, which needs ${parts - 1} parents, and has ${parents.size - 1}`,
    );
}

function checkCircles(
  module: Module,
  declared: readonly (Declared | ModuleUse)[],
  fail: (text: string) => never,
): void {
  const done = new Set<string>();
  const visit = (symbol: string, path: readonly string[]): void => {
    if (path.includes(symbol)) fail(`these need each other: ${[...path, symbol].join(" → ")}`);
    if (done.has(symbol)) return;
    for (const next of neededBy(module, symbol)) visit(next, [...path, symbol]);
    done.add(symbol);
  };
  for (const one of declared) if (expressionsOf(one).length > 0) visit(one.symbol, []);
}

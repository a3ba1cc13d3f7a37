import { bicepExpression, bicepText } from "./bicep/expression.ts";
import { type Input, toExpr } from "./expr.ts";
import type { Declared, Module, ModuleUse, OutputDeclaration, Param, Variable } from "./module.ts";

/**
 * A module as Bicep text: two blanks of indent, one empty line between statements, no newline at the end. Order and layout
 * are those of upstream's generator (Azure.Provisioning), so that texts can be compared byte for byte.
 *
 * The module is taken to be sound; `checkModule` says whether it is.
 */
export function bicep(module: Module): string {
  return [
    ...(module.targetScope === undefined ? [] : [`targetScope = ${bicepText(module.targetScope)}`]),
    ...module.params.map(paramStatement),
    ...(module.variables ?? []).map(variableStatement),
    ...module.resources.map(resourceStatement),
    ...(module.modules ?? []).map(moduleStatement),
    ...module.outputs.map(outputStatement),
  ].join("\n\n");
}

function paramStatement({ name, type, description, secure, default: value }: Param): string {
  const lines = [];
  if (description !== undefined) lines.push(`@description(${bicepText(description)})`);
  if (secure === true) lines.push("@secure()");
  lines.push(`param ${name} ${type}${value === undefined ? "" : ` = ${written(value)}`}`);
  return lines.join("\n");
}

function variableStatement({ name, value }: Variable): string {
  return `var ${name} = ${written(value)}`;
}

function resourceStatement(resource: Declared): string {
  const { symbol, type, apiVersion, existing, name, body, scope, parent, dependsOn, condition } = resource;
  const members: [string, Input][] = [["name", name], ...Object.entries(body ?? {})];
  if (scope !== undefined) members.push(["scope", scope]);
  const after: string[] = [];
  if (parent !== undefined) after.push(`parent: ${parent}`);
  if (dependsOn !== undefined && dependsOn.length > 0) after.push(`dependsOn: ${symbols(dependsOn)}`);
  const head = `resource ${symbol} ${bicepText(`${type}@${apiVersion}`)}${existing === true ? " existing" : ""} = `;
  return `${head}${condition === undefined ? "" : `if (${bicepExpression(condition)}) `}${block(members, after)}`;
}

function moduleStatement({ symbol, path, name, scope, params, dependsOn }: ModuleUse): string {
  const members: [string, Input][] = [
    ["name", name],
    ["scope", scope],
  ];
  if (params.length > 0) members.push(["params", Object.fromEntries(params)]);
  const after = dependsOn !== undefined && dependsOn.length > 0 ? [`dependsOn: ${symbols(dependsOn)}`] : [];
  return `module ${symbol} ${bicepText(path)} = ${block(members, after)}`;
}

function outputStatement({ name, type, value }: OutputDeclaration): string {
  return `output ${name} ${type} = ${written(value)}`;
}

/** An object whose last members are not values but symbols, already written. */
function block(members: readonly (readonly [string, Input])[], after: readonly string[]): string {
  const values = written(Object.fromEntries(members));
  if (after.length === 0) return values;
  return `${values.slice(0, -2)}\n${after.map((line) => `  ${line}`).join("\n")}\n}`;
}

function symbols(names: readonly string[]): string {
  return `[\n${names.map((name) => `    ${name}`).join("\n")}\n  ]`;
}

function written(value: Input): string {
  return bicepExpression(toExpr(value));
}

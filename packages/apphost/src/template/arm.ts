import { RedoubtError } from "@redoubt/client";
import { armExpression, armValue } from "./arm/expression.ts";
import { armId, armNames, deploymentsApiVersion, type Place, scopeOf, type Write } from "./arm/identity.ts";
import type { Json } from "./arm/text.ts";
import { type Input, toExpr } from "./expr.ts";
import type { Declared, Module, ModuleUse, TargetScope, ValueType } from "./module.ts";
import { deployedBefore } from "./order.ts";

/** A template as Azure Resource Manager takes it. */
export interface ArmTemplate {
  readonly $schema: string;
  readonly contentVersion: "1.0.0.0";
  readonly parameters?: Readonly<Record<string, ArmParameter>>;
  readonly variables?: Readonly<Record<string, Json>>;
  readonly resources: readonly ArmResource[];
  readonly outputs?: Readonly<Record<string, { readonly type: string; readonly value: Json }>>;
}

/** A parameter of an {@link ArmTemplate}. */
export interface ArmParameter {
  readonly type: "string" | "securestring" | "int" | "bool" | "object" | "secureobject" | "array";
  readonly defaultValue?: Json;
  readonly metadata?: { readonly description: string };
}

/** A resource of an {@link ArmTemplate}. */
export interface ArmResource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly condition?: Json;
  readonly scope?: string;
  readonly dependsOn?: readonly string[];
  readonly [member: string]: Json | undefined;
}

const schemas: Readonly<Record<TargetScope, string>> = {
  resourceGroup: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  subscription: "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
  tenant: "https://schema.management.azure.com/schemas/2019-08-01/tenantDeploymentTemplate.json#",
};

/**
 * A module as ARM JSON: what the Bicep compiler makes of `bicep(module)`, without its `metadata`. Existing resources have no
 * place in it, uses of modules become deployments inside it, and what a resource speaks about becomes its `dependsOn`.
 *
 * The module is taken to be sound; `checkModule` says whether it is.
 *
 * @throws RedoubtError `APP_PUBLISH` for an expression that ARM JSON does not know
 */
export function arm(module: Module): ArmTemplate {
  const { params, variables = [], resources, modules = [], outputs } = module;
  return {
    $schema: schemas[module.targetScope ?? "resourceGroup"],
    contentVersion: "1.0.0.0",
    ...(params.length > 0 && {
      parameters: Object.fromEntries(
        params.map(({ name, type, secure, default: value, description }) => [
          name,
          {
            type: armType(type, secure === true, name),
            ...(value !== undefined && { defaultValue: json(module, value) }),
            ...(description !== undefined && { metadata: { description } }),
          },
        ]),
      ),
    }),
    ...(variables.length > 0 && {
      variables: Object.fromEntries(variables.map(({ name, value }) => [name, json(module, value)])),
    }),
    resources: [
      ...resources.filter(({ existing }) => existing !== true).map((one) => resource(module, one)),
      ...modules.map((use) => deployment(module, use)),
    ],
    ...(outputs.length > 0 && {
      outputs: Object.fromEntries(
        outputs.map(({ name, type, value }) => [name, { type, value: json(module, value) }]),
      ),
    }),
  };
}

function resource(module: Module, declared: Declared): ArmResource {
  const { type, apiVersion, body = {}, scope, condition } = declared;
  const write = writer(module);
  const names = armNames(module, declared, write);
  const place = scope === undefined ? undefined : scopeOf(module, scope, write);
  return {
    ...(condition !== undefined && { condition: armValue(module, condition) }),
    type,
    apiVersion,
    ...(place !== undefined && { scope: elsewhere(place, declared.symbol) }),
    name:
      names.length === 1
        ? (json(module, declared.name) as string)
        : `[format('${names.map((_, index) => `{${index}}`).join("/")}', ${names.join(", ")})]`,
    ...Object.fromEntries(
      Object.entries(body)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, json(module, value)]),
    ),
    ...dependsOn(module, declared.symbol),
  };
}

/** What is created may be a part of another resource; what lies in another group needs a module that is deployed there. */
function elsewhere(place: Place, symbol: string): string {
  if (place.kind === "resource") return `[${place.id}]`;
  if (place.kind === "tenant") return "/";
  throw new RedoubtError(
    "APP_PUBLISH",
    `"${symbol}" would be created in another scope than its template; it must be existing, or in a module of its own.`,
  );
}

function deployment(module: Module, use: ModuleUse): ArmResource {
  const place = scopeOf(module, use.scope, writer(module));
  return {
    type: "Microsoft.Resources/deployments",
    apiVersion: deploymentsApiVersion,
    ...(place.kind === "tenant" && { scope: "/" }),
    name: json(module, use.name) as string,
    ...("subscription" in place && { subscriptionId: bracketed(place.subscription) }),
    ...(place.kind === "group" && { resourceGroup: bracketed(place.group) }),
    ...(place.kind !== "group" && { location: "[deployment().location]" }),
    properties: {
      expressionEvaluationOptions: { scope: "inner" },
      mode: "Incremental",
      ...(use.params.length > 0 && {
        parameters: Object.fromEntries(
          use.params.map(([name, value]) => [name, { value: json(module, value) }]),
        ),
      }),
      template: arm(use.module) as unknown as Json,
    },
    ...dependsOn(module, use.symbol),
  };
}

function dependsOn(module: Module, symbol: string): { dependsOn?: readonly string[] } {
  const before = deployedBefore(module, symbol);
  return before.length === 0
    ? {}
    : { dependsOn: before.map((one) => `[${armId(module, one, writer(module))}]`) };
}

function armType(type: ValueType, secure: boolean, name: string): ArmParameter["type"] {
  if (!secure) return type;
  if (type === "string") return "securestring";
  if (type === "object") return "secureobject";
  throw new RedoubtError(
    "APP_PUBLISH",
    `The parameter "${name}" is secure, and of type ${type}; only string and object can be.`,
  );
}

/** The inside of an expression as a JSON value; a literal needs no brackets. */
function bracketed(text: string | undefined): string {
  const literal = /^'((?:[^']|'')*)'$/.exec(text ?? "")?.[1];
  return literal !== undefined && !literal.startsWith("[") ? literal.replaceAll("''", "'") : `[${text}]`;
}

function json(module: Module, value: Input): Json {
  return armValue(module, toExpr(value));
}

function writer(module: Module): Write {
  return (expr) => armExpression(module, expr);
}

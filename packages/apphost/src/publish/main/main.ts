import type { Output } from "../../model/output.ts";
import type { Value } from "../../model/value.ts";
import { bicepSymbol } from "../../names/symbol.ts";
import type { AzureResource } from "../../resources/azure/azure-resource.ts";
import type { AzureName } from "../../resources/azure/existing.ts";
import type { ModuleParameter } from "../../resources/azure/infrastructure.ts";
import { call, type Expr, lit, param, ref } from "../../template/expr.ts";
import type { Module, ModuleUse, Param } from "../../template/module.ts";
import { type MainParameter, MainValues } from "./values.ts";

/** The template that deploys all of an app's modules, and what has to be told to it. */
export interface Main {
  readonly module: Module;
  /** Parameters of the app among those of the template. */
  readonly parameters: readonly MainParameter[];
}

const resourceGroup = "rg";

/**
 * `main.bicep` of upstream's layout: a resource group, then a module for each Azure resource, in the model's order, in that
 * group or where the existing resource is.
 *
 * @param outputs what programs outside of it need to be told, each becomes an output `{resource}_{name}`
 */
export function mainOf(resources: readonly AzureResource[], outputs: readonly Output[]): Main {
  const values = new MainValues();
  const given = new Map(resources.map((resource) => [resource, resource.moduleParameters()]));
  // Parameters stand in the order in which upstream comes across them: places of existing resources, then what modules need.
  for (const resource of resources) {
    for (const name of [
      resource.existing?.resourceGroup,
      resource.existing?.subscription,
      resource.existing?.name,
    ])
      if (typeof name === "object") values.use(name);
    for (const [, value] of given.get(resource) ?? []) if (typeof value === "object") values.use(value);
  }
  const modules = resources.map((resource) => moduleUse(resource, given.get(resource) ?? [], values));
  const known = [...given.values()].flat().map(([, value]) => value);
  const params: Param[] = ["resourceGroupName", "location", "principalId"].map(parameter);
  for (const name of ["principalType", "principalName"] as const)
    if (known.includes(name)) params.push(parameter(name));
  return {
    module: {
      targetScope: "subscription",
      params: [...params, ...values.parameters.map((one) => one.param)],
      resources: [
        {
          symbol: resourceGroup,
          type: "Microsoft.Resources/resourceGroups",
          apiVersion: "2023-07-01",
          name: param("resourceGroupName"),
          body: { location: param("location") },
        },
      ],
      modules,
      outputs: outputs.map((output) => ({
        name: bicepSymbol(`${output.owner.name}_${output.name}`),
        type: "string",
        value: values.use(output),
      })),
    },
    parameters: values.parameters,
  };
}

function moduleUse(
  resource: AzureResource,
  given: readonly ModuleParameter[],
  values: MainValues,
): ModuleUse {
  return {
    symbol: bicepSymbol(resource.name),
    path: `${resource.name}/${resource.name}.bicep`,
    module: resource.infrastructure(),
    name: resource.name,
    scope: scopeOf(resource, values),
    params: [
      ["location", param("location")],
      ...given
        .filter(([name]) => name !== "location")
        .map(([name, value]) => [name, known(value, values)] as const),
    ],
  };
}

function known(value: Value | string, values: MainValues): Expr {
  if (typeof value !== "string") return values.use(value);
  return param(value === "userPrincipalId" ? "principalId" : value);
}

function scopeOf(resource: AzureResource, values: MainValues): Expr {
  const { scope } = resource;
  const named = (name: AzureName) => (typeof name === "string" ? lit(name) : values.use(name));
  if (scope === undefined) return ref(resourceGroup);
  if (scope.tenant === true) return call("tenant");
  if (scope.resourceGroup === undefined)
    return scope.subscription === undefined
      ? ref(resourceGroup)
      : call("subscription", named(scope.subscription));
  return scope.subscription === undefined
    ? call("resourceGroup", named(scope.resourceGroup))
    : call("resourceGroup", named(scope.subscription), named(scope.resourceGroup));
}

function parameter(name: string): Param {
  return { name, type: "string" };
}

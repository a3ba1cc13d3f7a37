import type { Value } from "../../model/value.ts";
import type { AzureResource } from "../../resources/azure/azure-resource.ts";
import type { AzureName } from "../../resources/azure/existing.ts";
import type { ModuleParameter } from "../../resources/azure/infrastructure.ts";
import type { ManifestEntry } from "./entry.ts";

/**
 * A module of infrastructure. What whoever deploys fills in by himself (`principalId`, `principalType`…) is written as `""`.
 * `azure.bicep.v1` is the same with a place of its own.
 */
export function azureEntry(
  resource: AzureResource,
  connectionString: string | undefined,
  published: (value: Value) => string,
): ManifestEntry {
  const params = paramsOf(resource.moduleParameters(), published);
  const { scope } = resource;
  const named = (name: AzureName) => (typeof name === "string" ? name : published(name));
  return {
    type: scope === undefined ? "azure.bicep.v0" : "azure.bicep.v1",
    ...(connectionString !== undefined && { connectionString }),
    path: moduleFile(resource.name),
    ...params,
    ...(scope !== undefined && {
      scope: {
        ...(scope.resourceGroup !== undefined && { resourceGroup: named(scope.resourceGroup) }),
        ...(scope.subscription !== undefined && { subscription: named(scope.subscription) }),
        ...(scope.tenant === true && { tenant: "current" }),
      },
    }),
  };
}

/** How a program is deployed: by a module, in place of whatever a reader would make up. */
export function deploymentEntry(
  name: string,
  given: readonly ModuleParameter[],
  published: (value: Value) => string,
): ManifestEntry {
  return { type: "azure.bicep.v0", path: deploymentFile(name), ...paramsOf(given, published) };
}

function paramsOf(
  given: readonly ModuleParameter[],
  published: (value: Value) => string,
): { params?: Readonly<Record<string, string>> } {
  if (given.length === 0) return {};
  return {
    params: Object.fromEntries(
      given.map(([name, value]) => [name, typeof value === "string" ? "" : published(value)]),
    ),
  };
}

/** The Bicep file of a program that the manifest names, in the manifest's folder. */
export function deploymentFile(name: string): string {
  return `${name}-containerapp.module.bicep`;
}

/** The Bicep file that the manifest names, in the manifest's folder. */
export function moduleFile(name: string): string {
  return `${name}.module.bicep`;
}

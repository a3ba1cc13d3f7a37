import type { Value } from "../../model/value.ts";
import type { AzureResource } from "../../resources/azure/azure-resource.ts";
import type { AzureName } from "../../resources/azure/existing.ts";
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
  const params = resource
    .moduleParameters()
    .map(([name, value]) => [name, typeof value === "string" ? "" : published(value)] as const);
  const { scope } = resource;
  const named = (name: AzureName) => (typeof name === "string" ? name : published(name));
  return {
    type: scope === undefined ? "azure.bicep.v0" : "azure.bicep.v1",
    ...(connectionString !== undefined && { connectionString }),
    path: moduleFile(resource.name),
    ...(params.length > 0 && { params: Object.fromEntries(params) }),
    ...(scope !== undefined && {
      scope: {
        ...(scope.resourceGroup !== undefined && { resourceGroup: named(scope.resourceGroup) }),
        ...(scope.subscription !== undefined && { subscription: named(scope.subscription) }),
        ...(scope.tenant === true && { tenant: "current" }),
      },
    }),
  };
}

/** The Bicep file that the manifest names, in the manifest's folder. */
export function moduleFile(name: string): string {
  return `${name}.module.bicep`;
}

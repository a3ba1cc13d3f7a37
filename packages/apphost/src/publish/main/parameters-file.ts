import type { Configuration } from "../../model/configuration.ts";
import type { Main } from "./main.ts";

/** A parameter that whoever deploys `main` has to know of. */
export interface PublishedParameter {
  /** In `main.bicep` and `main.parameters.json`. */
  readonly name: string;
  readonly secret: boolean;
  /** Whether its value must be given: neither the template nor the file has one. */
  readonly needed: boolean;
  /** What it is for. */
  readonly description: string | undefined;
}

/** A file of parameters for `main.json`, as `az deployment sub create --parameters` takes it. */
export interface ParametersFile {
  readonly $schema: string;
  readonly contentVersion: "1.0.0.0";
  readonly parameters: Readonly<Record<string, { readonly value: string }>>;
}

const own: Readonly<Record<string, readonly [key: string | undefined, description: string]>> = {
  resourceGroupName: ["Azure:ResourceGroup", "The resource group that is made for the app."],
  location: ["Azure:Location", "The region, for example westeurope."],
  principalId: [undefined, "Object id of whoever deploys, for access of his own."],
  principalType: [undefined, "User or ServicePrincipal: what principalId is."],
  principalName: [undefined, "Name of whoever deploys."],
};

/**
 * The parameters of `main` and the file with those that are known: from configuration (group, region) or from the app's file
 * (`publishValueAsDefault`). A secret never gets into the file; what is missing is given with the deployment.
 */
export function parametersOf(
  main: Main,
  configuration: Configuration,
): { readonly file: ParametersFile; readonly parameters: readonly PublishedParameter[] } {
  const values: [string, { value: string }][] = [];
  const parameters = main.module.params.map(({ name, secure = false }): PublishedParameter => {
    const [key, about] = own[name] ?? [];
    const source = main.parameters.find(({ param }) => param.name === name)?.source;
    const value = key === undefined ? source?.publishedDefault : configuration.get(key);
    if (value !== undefined && !secure) values.push([name, { value }]);
    return {
      name,
      secret: secure,
      needed: value === undefined || secure,
      description: source?.description ?? about,
    };
  });
  return {
    file: {
      $schema: "https://schema.management.azure.com/schemas/2015-01-01/deploymentParameters.json#",
      contentVersion: "1.0.0.0",
      parameters: Object.fromEntries(values),
    },
    parameters,
  };
}

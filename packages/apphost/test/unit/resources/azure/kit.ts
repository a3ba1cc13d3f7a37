import { type Builder, createBuilder } from "../../../../src/builder.ts";
import type { ResolveContext, Value } from "../../../../src/model/value.ts";
import { AzureResource } from "../../../../src/resources/azure/azure-resource.ts";
import { addAzureAccess } from "../../../../src/resources/azure/compute/access.ts";
import { bicep } from "../../../../src/template/bicep.ts";
import { checkModule } from "../../../../src/template/check.ts";

/** An app of which nothing is read or written: no configuration, no state. */
export function appFor(operation: "run" | "publish"): Builder {
  return createBuilder({
    operation,
    file: "/nowhere/apphost.ts",
    home: "/nowhere/home",
    variables: {},
    args: [],
  });
}

/** The Bicep text of a resource, and what is given for its parameters, in the manifest's form. */
export function published(resource: AzureResource): { bicep: string; params: Record<string, string> } {
  const module = resource.infrastructure();
  checkModule(module, resource.name);
  return {
    bicep: bicep(module),
    params: Object.fromEntries(
      resource
        .moduleParameters()
        .map(([name, value]) => [name, typeof value === "string" ? "" : value.published]),
    ),
  };
}

/** Everything that is added when all else is said. */
export async function withAccess(app: Builder): Promise<Builder> {
  await addAzureAccess(app);
  return app;
}

/** A resource in Azure by its name; a test that does not find it fails. */
export function azure(app: Builder, name: string): AzureResource {
  const found = app.find(name);
  if (found instanceof AzureResource) return found;
  throw new Error(`There is no ${name} in Azure, only ${app.resources.map((one) => one.name).join(", ")}.`);
}

/** The value that a program of this machine reads. */
export function read(value: Value | undefined): Promise<string | undefined> {
  const context: ResolveContext = { viewpoint: "host", signal: AbortSignal.timeout(1_000) };
  return value === undefined ? Promise.resolve(undefined) : value.resolve(context);
}

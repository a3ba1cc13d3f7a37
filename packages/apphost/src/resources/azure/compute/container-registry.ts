import { call, interpolate, ref } from "../../../template/expr.ts";
import { AzureModule } from "../azure-module.ts";
import { Infrastructure } from "../infrastructure.ts";

/** A registry for the images of an environment's apps. */
export class AzureContainerRegistry extends AzureModule {
  readonly type = "azure-container-registry";
  readonly azure = { type: "Microsoft.ContainerRegistry/registries", apiVersion: "2025-04-01" };

  protected create(): Infrastructure {
    return new Infrastructure(this.name);
  }

  protected declare(infrastructure: Infrastructure): void {
    const { symbol, name } = this;
    this.declareMain(infrastructure, plainName(symbol, 50), {
      location: infrastructure.location,
      sku: { name: "Basic" },
      tags: { "aspire-resource-name": name },
    });
    infrastructure.output("name", ref(symbol, "name"));
    infrastructure.output("loginServer", ref(symbol, "properties.loginServer"));
  }
}

/** Name of a resource whose names have letters and digits only. */
export function plainName(symbol: string, longest: number): ReturnType<typeof call> {
  const hash = call("uniqueString", call("resourceGroup").get("id"));
  return call("take", interpolate`${symbol.replaceAll("_", "")}${hash}`, longest);
}

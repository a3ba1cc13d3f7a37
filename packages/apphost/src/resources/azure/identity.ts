import type { App } from "../../model/app.ts";
import type { Output } from "../../model/output.ts";
import { ref } from "../../template/expr.ts";
import { AzureModule } from "./azure-module.ts";
import { azureName, Infrastructure } from "./infrastructure.ts";

/**
 * An identity that apps have in Azure, and by which they are let in. One is made for each app that refers to something in Azure,
 * called `{app}-identity`; with `withAzureUserAssignedIdentity` apps have one of their own choice, or share one.
 */
export class AzureUserAssignedIdentity extends AzureModule {
  readonly type = "azure-identity";
  readonly azure = { type: "Microsoft.ManagedIdentity/userAssignedIdentities", apiVersion: "2024-11-30" };

  constructor(app: App, name: string) {
    super(app, name);
    this.icon = "Key";
  }

  /** By which programs choose it: `AZURE_CLIENT_ID`. */
  clientId(): Output {
    return this.output("clientId");
  }

  /** By which it is let in. */
  principalId(): Output {
    return this.output("principalId");
  }

  /** Its name, which the classic cache wants as well. */
  principalName(): Output {
    return this.output("principalName");
  }

  protected create(): Infrastructure {
    return new Infrastructure(this.name);
  }

  protected declare(infrastructure: Infrastructure): void {
    const { symbol } = this;
    this.declareMain(infrastructure, azureName(symbol, 128, true), { location: infrastructure.location });
    infrastructure.output("id", ref(symbol, "id"));
    infrastructure.output("clientId", ref(symbol, "properties.clientId"));
    infrastructure.output("principalId", ref(symbol, "properties.principalId"));
    infrastructure.output("principalName", ref(symbol, "name"));
    infrastructure.output("name", ref(symbol, "name"));
  }
}

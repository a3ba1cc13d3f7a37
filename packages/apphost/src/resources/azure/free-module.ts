import { fault } from "../../model/fault.ts";
import type { Expr } from "../../template/expr.ts";
import { AzureModule } from "./azure-module.ts";
import { Infrastructure } from "./infrastructure.ts";

/**
 * A module that the app writes by itself, for what there is no kind for: everything in it comes from `configureInfrastructure`, and
 * others read its outputs.
 */
export class AzureFreeModule extends AzureModule {
  readonly type = "azure-module";
  /** Of the deployment, because nobody knows what is in it. */
  readonly azure = { type: "Microsoft.Resources/deployments", apiVersion: "2022-09-01" };

  /** @throws RedoubtError `APP_MODEL`: a module is nothing that another one could speak of */
  override declareIn(): Expr {
    throw fault("APP_MODEL", `"${this.name}" is a module, and no resource that another one can refer to`, {
      at: this.madeAt,
      hint: "Read its outputs: output(name).",
    });
  }

  protected create(): Infrastructure {
    return new Infrastructure(this.name);
  }

  /** Nothing of its own. */
  protected declare(): void {}
}

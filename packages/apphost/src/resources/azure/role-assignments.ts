import type { App } from "../../model/app.ts";
import { bicepSymbol } from "../../names/symbol.ts";
import { call } from "../../template/expr.ts";
import { AzureModule } from "./azure-module.ts";
import type { AzureResource } from "./azure-resource.ts";
import type { DeploymentScope } from "./existing.ts";
import type { AzureUserAssignedIdentity } from "./identity.ts";
import { Infrastructure } from "./infrastructure.ts";
import type { Principal, Role } from "./principal.ts";

/**
 * Who is given access to a resource: a module of its own, deployed after the resource and where that is. Without identities, it is
 * whoever deploys.
 */
export class AzureRoleAssignments extends AzureModule {
  readonly type = "azure-role-assignments";
  /** What access is given to. It counts as running only when this is done. */
  readonly target: AzureResource;
  readonly azure;
  /** The identities that are given access, by the names of their apps; empty: whoever deploys. */
  readonly identities: ReadonlyMap<string, AzureUserAssignedIdentity>;
  readonly #roles: readonly Role[];

  constructor(
    app: App,
    name: string,
    target: AzureResource,
    roles: readonly Role[],
    identities: ReadonlyMap<string, AzureUserAssignedIdentity> = new Map(),
  ) {
    super(app, name);
    this.target = target;
    this.azure = target.azure;
    this.identities = identities;
    this.#roles = roles;
    this.parent = target;
  }

  override get scope(): DeploymentScope | undefined {
    return this.target.roleScope;
  }

  protected create(): Infrastructure {
    return new Infrastructure(this.name);
  }

  protected declare(infrastructure: Infrastructure): void {
    this.target.assignRoles(infrastructure, this.#principals(infrastructure), this.#roles);
  }

  #principals(infrastructure: Infrastructure): Principal[] {
    if (this.identities.size === 0)
      return [
        {
          suffix: "",
          id: () => infrastructure.known("principalId"),
          type: () => infrastructure.known("principalType"),
          name: () => infrastructure.known("principalName"),
        },
      ];
    const single = this.identities.size === 1;
    return [...this.identities].map(([app, identity]) => ({
      suffix: single ? "" : `_${bicepSymbol(app)}`,
      id: () => infrastructure.use(identity.principalId(), single ? { as: "principalId" } : {}),
      type: () => "ServicePrincipal",
      name: () => infrastructure.use(identity.principalName(), single ? { as: "principalName" } : {}),
    }));
  }
}

/** Gives principals built-in roles on a resource. */
export function assignBuiltInRoles(
  target: AzureResource,
  infrastructure: Infrastructure,
  principals: readonly Principal[],
  roles: readonly Role[],
): void {
  const resource = target.declareIn(infrastructure, target.roleScope);
  for (const principal of principals)
    for (const role of roles) {
      const type = principal.type();
      const principalId = principal.id();
      const definition = call("subscriptionResourceId", "Microsoft.Authorization/roleDefinitions", role.id);
      infrastructure.add({
        symbol: bicepSymbol(`${target.symbol}_${role.name}${principal.suffix}`),
        type: "Microsoft.Authorization/roleAssignments",
        apiVersion: "2022-04-01",
        name: call("guid", resource.get("id"), principalId, definition),
        body: { properties: { principalId, roleDefinitionId: definition, principalType: type } },
        scope: resource,
      });
    }
}

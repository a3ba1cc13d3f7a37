import type { App } from "../../../model/app.ts";
import type { Output } from "../../../model/output.ts";
import { call, param, ref } from "../../../template/expr.ts";
import { AzureModule } from "../azure-module.ts";
import { type DeploymentScope, nameIn, placeIn } from "../existing.ts";
import { azureName, Infrastructure } from "../infrastructure.ts";
import type { Setting } from "../setting.ts";
import { AzureContainerRegistry, plainName } from "./container-registry.ts";

const acrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

/** Settings of an environment. Source: the schema of `Microsoft.App/managedEnvironments@2025-07-01`. */
export interface ContainerAppEnvironmentSettings {
  readonly symbol: string;
  name: Setting<string>;
  location: Setting<string>;
  /** Whether its replicas are spread over zones; needs a subnet. Azure's default is false. */
  zoneRedundant?: Setting<boolean>;
  /** Id of a subnet that is delegated to `Microsoft.App/environments`. Default: none. */
  infrastructureSubnetId?: Setting<string>;
}

/** What `configureInfrastructure` of an environment gets. */
export class ContainerAppEnvironmentInfrastructure extends Infrastructure {
  readonly environment: ContainerAppEnvironmentSettings;

  constructor(name: string) {
    super(name);
    this.environment = {
      symbol: this.symbol,
      name: plainName(this.symbol, 24),
      location: this.location,
    };
  }
}

/**
 * Where the app's programs run in Azure: a Container Apps environment with a registry (`{name}-acr`), an identity that may pull from
 * it, and a workspace for logs. With one, each program that refers to something in Azure has an identity of its own, and by it the
 * access that it needs.
 */
export class AzureContainerAppEnvironment extends AzureModule<ContainerAppEnvironmentInfrastructure> {
  readonly type = "azure-container-app-environment";
  readonly azure = { type: "Microsoft.App/managedEnvironments", apiVersion: "2025-07-01" };
  readonly registry: AzureContainerRegistry;

  constructor(app: App, name: string) {
    super(app, name);
    this.icon = "CloudBox";
    this.registry = new AzureContainerRegistry(app, `${name}-acr`);
    this.registry.parent = this;
  }

  /** Id of the environment, which its apps name. */
  environmentId(): Output {
    return this.output("AZURE_CONTAINER_APPS_ENVIRONMENT_ID");
  }

  /** What the names of its apps end in. */
  defaultDomain(): Output {
    return this.output("AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN");
  }

  /** Address of the registry. */
  registryEndpoint(): Output {
    return this.output("AZURE_CONTAINER_REGISTRY_ENDPOINT");
  }

  /** Id of the identity that may pull from the registry. */
  registryIdentityId(): Output {
    return this.output("AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID");
  }

  /** Of one that exists, only the identity is made, in the app's own group. */
  override get scope(): DeploymentScope | undefined {
    return undefined;
  }

  protected create(): ContainerAppEnvironmentInfrastructure {
    const infrastructure = new ContainerAppEnvironmentInfrastructure(this.name);
    infrastructure.known("userPrincipalId", "");
    infrastructure.parameter("tags", { type: "object", default: {} });
    if (this.existing !== undefined) nameIn(infrastructure, this.existing.name);
    return infrastructure;
  }

  protected declare(infrastructure: ContainerAppEnvironmentInfrastructure): void {
    const { symbol } = this;
    const tags = param("tags");
    if (this.existing !== undefined) this.#declareExisting(infrastructure);
    const identity = `${symbol}_mi`;
    infrastructure.add({
      symbol: identity,
      type: "Microsoft.ManagedIdentity/userAssignedIdentities",
      apiVersion: "2024-11-30",
      name: azureName(identity, 128, true),
      body: { location: infrastructure.location, tags },
    });
    const acr = this.registry.declareIn(infrastructure, undefined);
    const role = call("subscriptionResourceId", "Microsoft.Authorization/roleDefinitions", acrPull);
    infrastructure.add({
      symbol: `${this.registry.symbol}_${identity}_AcrPull`,
      type: "Microsoft.Authorization/roleAssignments",
      apiVersion: "2022-04-01",
      name: call("guid", acr.get("id"), ref(identity, "id"), role),
      body: {
        properties: {
          principalId: ref(identity, "properties.principalId"),
          roleDefinitionId: role,
          principalType: "ServicePrincipal",
        },
      },
      scope: acr,
    });
    if (this.existing === undefined) this.#declareNew(infrastructure);
    infrastructure.output("AZURE_CONTAINER_REGISTRY_NAME", acr.get("name"));
    infrastructure.output("AZURE_CONTAINER_REGISTRY_ENDPOINT", acr.get("properties.loginServer"));
    infrastructure.output("AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID", ref(identity, "id"));
    infrastructure.output("AZURE_CONTAINER_APPS_ENVIRONMENT_NAME", ref(symbol, "name"));
    infrastructure.output("AZURE_CONTAINER_APPS_ENVIRONMENT_ID", ref(symbol, "id"));
    infrastructure.output(
      "AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN",
      ref(symbol, "properties.defaultDomain"),
    );
  }

  #declareNew(infrastructure: ContainerAppEnvironmentInfrastructure): void {
    const { environment } = infrastructure;
    const workspace = `${this.symbol}_law`;
    const tags = param("tags");
    infrastructure.add({
      symbol: workspace,
      type: "Microsoft.OperationalInsights/workspaces",
      apiVersion: "2025-02-01",
      name: azureName(workspace, 63),
      body: { location: infrastructure.location, properties: { sku: { name: "PerGB2018" } }, tags },
    });
    infrastructure.add({
      symbol: this.symbol,
      ...this.azure,
      name: environment.name,
      body: {
        location: environment.location,
        properties: {
          appLogsConfiguration: {
            destination: "log-analytics",
            logAnalyticsConfiguration: {
              customerId: ref(workspace, "properties.customerId"),
              sharedKey: ref(workspace).invoke("listKeys").get("primarySharedKey"),
            },
          },
          vnetConfiguration:
            environment.infrastructureSubnetId === undefined
              ? undefined
              : { infrastructureSubnetId: environment.infrastructureSubnetId },
          workloadProfiles: [{ name: "consumption", workloadProfileType: "Consumption" }],
          zoneRedundant: environment.zoneRedundant,
        },
        tags,
      },
    });
    infrastructure.output("AZURE_LOG_ANALYTICS_WORKSPACE_NAME", ref(workspace, "name"));
    infrastructure.output("AZURE_LOG_ANALYTICS_WORKSPACE_ID", ref(workspace, "id"));
  }

  #declareExisting(infrastructure: Infrastructure): void {
    const { symbol, azure, existing } = this;
    if (existing === undefined) return;
    infrastructure.add({
      symbol,
      ...azure,
      existing: true,
      name: nameIn(infrastructure, existing.name),
      scope: placeIn(infrastructure, existing, undefined),
    });
  }
}

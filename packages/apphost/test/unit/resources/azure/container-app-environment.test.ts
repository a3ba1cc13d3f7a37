import { expect, test } from "vitest";
import { appFor, azure, published } from "./kit.ts";

const location = `@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location`;
const text = (...statements: string[]) => [location, ...statements].join("\n\n");

test("the environment, its registry, the identity that pulls, and logs", () => {
  const app = appFor("publish");
  const environment = app.addAzureContainerAppEnvironment("env");
  expect(published(environment)).toEqual({
    bicep: text(
      "param userPrincipalId string = ''",
      "param tags object = { }",
      "param env_acr_outputs_name string",
      `resource env_mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('env_mi-\${uniqueString(resourceGroup().id)}', 128)
  location: location
  tags: tags
}`,
      `resource env_acr 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = {
  name: env_acr_outputs_name
}`,
      `resource env_acr_env_mi_AcrPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(env_acr.id, env_mi.id, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d'))
  properties: {
    principalId: env_mi.properties.principalId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
    principalType: 'ServicePrincipal'
  }
  scope: env_acr
}`,
      `resource env_law 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: take('envlaw-\${uniqueString(resourceGroup().id)}', 63)
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
  }
  tags: tags
}`,
      `resource env 'Microsoft.App/managedEnvironments@2025-07-01' = {
  name: take('env\${uniqueString(resourceGroup().id)}', 24)
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: env_law.properties.customerId
        sharedKey: env_law.listKeys().primarySharedKey
      }
    }
    workloadProfiles: [
      {
        name: 'consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
  tags: tags
}`,
      "output AZURE_LOG_ANALYTICS_WORKSPACE_NAME string = env_law.name",
      "output AZURE_LOG_ANALYTICS_WORKSPACE_ID string = env_law.id",
      "output AZURE_CONTAINER_REGISTRY_NAME string = env_acr.name",
      "output AZURE_CONTAINER_REGISTRY_ENDPOINT string = env_acr.properties.loginServer",
      "output AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = env_mi.id",
      "output AZURE_CONTAINER_APPS_ENVIRONMENT_NAME string = env.name",
      "output AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = env.id",
      "output AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = env.properties.defaultDomain",
    ),
    params: { userPrincipalId: "", env_acr_outputs_name: "{env-acr.outputs.name}" },
  });
  expect(published(azure(app, "env-acr")).bicep).toBe(
    text(
      `resource env_acr 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: take('envacr\${uniqueString(resourceGroup().id)}', 50)
  location: location
  sku: {
    name: 'Basic'
  }
  tags: {
    'aspire-resource-name': 'env-acr'
  }
}`,
      "output name string = env_acr.name",
      "output loginServer string = env_acr.properties.loginServer",
    ),
  );
});

test("of one that exists, only the identity that pulls is made", () => {
  const app = appFor("publish");
  const group = app.addParameter("sharedRg");
  const environment = app.addAzureContainerAppEnvironment("env").asExisting("theirs", group);
  const { bicep, params } = published(environment);
  expect(bicep).toContain(`resource env 'Microsoft.App/managedEnvironments@2025-07-01' existing = {
  name: 'theirs'
  scope: resourceGroup(sharedRg)
}`);
  expect(bicep).not.toContain("env_law");
  expect(params).toEqual({
    userPrincipalId: "",
    sharedRg: "{sharedRg.value}",
    env_acr_outputs_name: "{env-acr.outputs.name}",
  });
  expect(environment.scope).toBeUndefined();
  expect(environment.judge()).toEqual([]);
});

test("when the app runs here, nothing of it is made", () => {
  const app = appFor("run");
  app.addAzureContainerAppEnvironment("env");
  expect(app.resources).toEqual([]);
});

test("settings: zones and a subnet", () => {
  const app = appFor("publish");
  const subnet = app.addAzureVirtualNetwork("vnet").addSubnet("apps", "10.0.0.0/23");
  const environment = app.addAzureContainerAppEnvironment("env").configureInfrastructure((infra) => {
    infra.environment.zoneRedundant = true;
    infra.environment.infrastructureSubnetId = infra.use(subnet.id());
  });
  expect(published(environment).bicep).toContain(`    vnetConfiguration: {
      infrastructureSubnetId: vnet_outputs_apps_id
    }
    workloadProfiles: [
      {
        name: 'consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    zoneRedundant: true`);
});

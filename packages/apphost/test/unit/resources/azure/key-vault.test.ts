import { expect, test } from "vitest";
import { refExpr } from "../../../../src/model/expression.ts";
import { keyVaultRoles } from "../../../../src/resources/azure/key-vault.ts";
import { appFor, azure, published, withAccess } from "./kit.ts";

const location = `@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location`;
const text = (...statements: string[]) => [location, ...statements].join("\n\n");

const vault = (
  symbol: string,
  plain: string,
  name: string,
) => `resource ${symbol} 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: take('${plain}-\${uniqueString(resourceGroup().id)}', 24)
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
  }
  tags: {
    'aspire-resource-name': '${name}'
  }
}`;

test("the vault and what it tells", () => {
  const kv = appFor("publish").addAzureKeyVault("cache-kv");
  expect(published(kv)).toEqual({
    bicep: text(
      vault("cache_kv", "cachekv", "cache-kv"),
      "output vaultUri string = cache_kv.properties.vaultUri",
      "output name string = cache_kv.name",
      "output id string = cache_kv.id",
    ),
    params: {},
  });
  expect(kv.connectionString().published).toBe("{cache-kv.outputs.vaultUri}");
  expect(kv.connectionProperties().map(([name]) => name)).toEqual(["Uri"]);
});

test("secrets of the app are written into it, as secure parameters", () => {
  const app = appFor("publish");
  const plain = app.addParameter("plain");
  const kv = app
    .addAzureKeyVault("mykv")
    .addSecret("my-secret", plain)
    .addSecret("both", refExpr`a=${plain};b`);
  expect(published(kv).bicep).toBe(
    text(
      "@secure()\nparam plain string",
      "@secure()\nparam a_plain_value_b string",
      vault("mykv", "mykv", "mykv"),
      `resource secret_my_secret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  name: 'my-secret'
  properties: {
    value: plain
  }
  parent: mykv
}`,
      `resource secret_both 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  name: 'both'
  properties: {
    value: a_plain_value_b
  }
  parent: mykv
}`,
      "output vaultUri string = mykv.properties.vaultUri",
      "output name string = mykv.name",
      "output id string = mykv.id",
    ),
  );
  expect(() => kv.addSecret("a_b", plain)).toThrow(/"a_b" is no name of a secret/);
});

const roles = (type: string) => `resource mykv 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: mykv_outputs_name
}

resource mykv_KeyVaultSecretsUser 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(mykv.id, principalId, subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6'))
  properties: {
    principalId: principalId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
    principalType: ${type}
  }
  scope: mykv
}`;

test("whoever runs the app may read secrets", async () => {
  const app = appFor("run");
  app.addAzureKeyVault("mykv");
  await withAccess(app);
  expect(published(azure(app, "mykv-roles"))).toEqual({
    bicep: text(
      "param mykv_outputs_name string",
      "param principalType string",
      "param principalId string",
      roles("principalType"),
    ),
    params: { mykv_outputs_name: "{mykv.outputs.name}", principalType: "", principalId: "" },
  });
});

test("a program that uses a cache with keys may read the vault's secrets, and nothing is said about the cache", async () => {
  const app = appFor("publish");
  app.addAzureContainerAppEnvironment("env");
  const kv = app.addAzureKeyVault("mykv");
  const cache = app.addAzureManagedRedis("cache").withAccessKeyAuthentication(kv);
  app.addContainer("api", "image").withReference(cache);
  await withAccess(app);
  expect(published(azure(app, "api-roles-mykv")).bicep).toBe(
    text("param mykv_outputs_name string", "param principalId string", roles("'ServicePrincipal'")),
  );
  expect(app.find("api-roles-cache")).toBeUndefined();
});

test("roles of one's own replace the default one", async () => {
  const app = appFor("publish");
  app.addAzureContainerAppEnvironment("env");
  const kv = app.addAzureKeyVault("mykv");
  app.addContainer("api", "image").withReference(kv).withRoleAssignments(kv, keyVaultRoles.secretsOfficer);
  await withAccess(app);
  const { bicep } = published(azure(app, "api-roles-mykv"));
  expect(bicep).toContain("mykv_KeyVaultSecretsOfficer");
  expect(bicep).not.toContain("KeyVaultSecretsUser");
});

test("settings that Azure would refuse", () => {
  const kv = appFor("publish")
    .addAzureKeyVault("kv")
    .configureInfrastructure(({ vault: settings }) => {
      settings.name = "1kv";
      settings.softDeleteRetentionInDays = 5;
    });
  expect(kv.judge().map(({ key }) => key)).toEqual(["vault.name", "vault.softDeleteRetentionInDays"]);
});

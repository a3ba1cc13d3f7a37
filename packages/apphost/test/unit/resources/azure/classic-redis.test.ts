import { expect, test, vi } from "vitest";
import { appFor, azure, published, withAccess } from "./kit.ts";

const location = `@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location`;
const text = (...statements: string[]) => [location, ...statements].join("\n\n");

const cache = (keys: boolean) => `resource redis_cache 'Microsoft.Cache/redis@2024-11-01' = {
  name: take('rediscache-\${uniqueString(resourceGroup().id)}', 63)
  location: location
  properties: {
    sku: {
      name: 'Basic'
      family: 'C'
      capacity: 1
    }
    enableNonSslPort: false
${keys ? "" : "    disableAccessKeyAuthentication: true\n"}    minimumTlsVersion: '1.2'
${keys ? "" : "    redisConfiguration: {\n      'aad-enabled': 'true'\n    }\n"}  }
  tags: {
    'aspire-resource-name': 'redis-cache'
  }
}`;

test("with Microsoft Entra ID: keys are off", () => {
  expect(published(appFor("publish").addAzureRedis("redis-cache")).bicep).toBe(
    text(
      cache(false),
      "output connectionString string = '${redis_cache.properties.hostName},ssl=true'",
      "output name string = redis_cache.name",
      "output hostName string = redis_cache.properties.hostName",
    ),
  );
});

test("with access keys: upstream's one secret, and a second one once somebody uses the key by itself", () => {
  const app = appFor("publish");
  const redis = app
    .addAzureRedis("redis-cache")
    .withAccessKeyAuthentication(app.addAzureKeyVault("mykeyvault"));
  const first = published(redis).bicep;
  expect(first).toBe(
    text(
      "param mykeyvault_outputs_name string",
      cache(true),
      `resource keyVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: mykeyvault_outputs_name
}`,
      `resource connectionString 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  name: 'connectionstrings--redis-cache'
  properties: {
    value: '\${redis_cache.properties.hostName},ssl=true,password=\${redis_cache.listKeys().primaryKey}'
  }
  parent: keyVault
}`,
      "output name string = redis_cache.name",
      "output hostName string = redis_cache.properties.hostName",
    ),
  );
  expect(redis.connectionProperties().map(([name, value]) => [name, value.published])).toEqual([
    ["Host", "{redis-cache.outputs.hostName}"],
    ["Port", "6380"],
    [
      "Uri",
      "rediss://:{mykeyvault-secrets-primaryaccesskey--redis-cache-uri-encoded.value}@{redis-cache.outputs.hostName}:6380",
    ],
    ["Password", "{mykeyvault.secrets.primaryaccesskey--redis-cache}"],
  ]);
  expect(published(redis).bicep).toContain("name: 'primaryaccesskey--redis-cache'");
});

test("roles: the policy wants the principal's name as well, and programs wait for each other", async () => {
  const app = appFor("publish");
  app.addAzureContainerAppEnvironment("env");
  const redis = app.addAzureRedis("redis-cache");
  app.addContainer("a", "image").withReference(redis);
  await withAccess(app);
  expect(published(azure(app, "a-roles-redis-cache"))).toEqual({
    bicep: text(
      "param redis_cache_outputs_name string",
      "param principalId string",
      "param principalName string",
      `resource redis_cache 'Microsoft.Cache/redis@2024-11-01' existing = {
  name: redis_cache_outputs_name
}`,
      `resource redis_cache_contributor 'Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01' = {
  name: guid(redis_cache.id, principalId, 'Data Contributor')
  properties: {
    accessPolicyName: 'Data Contributor'
    objectId: principalId
    objectIdAlias: principalName
  }
  parent: redis_cache
}`,
    ),
    params: {
      redis_cache_outputs_name: "{redis-cache.outputs.name}",
      principalId: "{a-identity.outputs.principalId}",
      principalName: "{a-identity.outputs.principalName}",
    },
  });
  const two = appFor("publish");
  two.addAzureContainerAppEnvironment("env");
  const shared = two.addAzureRedis("redis-cache");
  two.addContainer("a", "image").withReference(shared);
  two.addContainer("b", "image").withReference(shared);
  await withAccess(two);
  expect(published(azure(two, "redis-cache-roles")).bicep).toContain(
    "  dependsOn: [\n    redis_cache_contributor_a\n  ]",
  );
});

test("one that exists is not changed", () => {
  const app = appFor("publish");
  const redis = app.addAzureRedis("cache").asExisting("mine");
  expect(published(redis).bicep).toContain(`resource cache 'Microsoft.Cache/redis@2024-11-01' existing = {
  name: 'mine'
}`);
});

test("that it retires is said on stderr", () => {
  const said = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  appFor("publish").addAzureRedis("cache");
  expect(said.mock.calls[0]?.[0]).toMatch(
    /cache: Azure Cache for Redis retires on 2028-09-30.*addAzureManagedRedis/,
  );
  said.mockRestore();
});

test("every setting, by configureInfrastructure", () => {
  const app = appFor("publish");
  const storage = app.addParameter("storage", { secret: true });
  const redis = app
    .addAzureRedis("cache", { tier: "Premium", capacity: 2, shards: 3 })
    .configureInfrastructure((infra) => {
      const { cache: settings } = infra;
      settings.replicasPerPrimary = 2;
      settings.enableNonSslPort = true;
      settings.redisVersion = "6";
      settings.updateChannel = "Preview";
      settings.zonalAllocationPolicy = "UserDefined";
      settings.zones.push("1", "2");
      settings.redisConfiguration["maxmemory-policy"] = "allkeys-lru";
      settings.redisConfiguration["rdb-backup-enabled"] = "true";
      settings.redisConfiguration["rdb-backup-frequency"] = "60";
      settings.redisConfiguration["rdb-storage-connection-string"] = infra.use(storage);
      settings.tags["team"] = "a";
    });
  expect(redis.judge()).toEqual([]);
  expect(published(redis).bicep).toContain(`@secure()
param storage string

resource cache 'Microsoft.Cache/redis@2024-11-01' = {
  name: take('cache-\${uniqueString(resourceGroup().id)}', 63)
  location: location
  properties: {
    sku: {
      name: 'Premium'
      family: 'P'
      capacity: 2
    }
    enableNonSslPort: true
    disableAccessKeyAuthentication: true
    minimumTlsVersion: '1.2'
    redisConfiguration: {
      'aad-enabled': 'true'
      'maxmemory-policy': 'allkeys-lru'
      'rdb-backup-enabled': 'true'
      'rdb-backup-frequency': '60'
      'rdb-storage-connection-string': storage
    }
    redisVersion: '6'
    replicasPerPrimary: 2
    shardCount: 3
    updateChannel: 'Preview'
    zonalAllocationPolicy: 'UserDefined'
  }
  tags: {
    'aspire-resource-name': 'cache'
    team: 'a'
  }
  zones: [
    '1'
    '2'
  ]
}`);
});

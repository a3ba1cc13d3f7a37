import { describe, expect, test } from "vitest";
import { appFor, azure, published, withAccess } from "./kit.ts";

const location = `@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location`;

const cluster = (
  symbol: string,
  plain: string,
  access = "Enabled",
) => `resource ${symbol} 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: take('${plain}-\${uniqueString(resourceGroup().id)}', 60)
  location: location
  sku: {
    name: 'Balanced_B0'
  }
  properties: {
    minimumTlsVersion: '1.2'
    publicNetworkAccess: '${access}'
  }
}`;

const database = (
  symbol: string,
  keys: "Enabled" | "Disabled",
) => `resource ${symbol}_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  name: 'default'
  properties: {
    accessKeysAuthentication: '${keys}'
    port: 10000
  }
  parent: ${symbol}
}`;

const outputs = (symbol: string) => `output name string = ${symbol}.name

output id string = ${symbol}.id

output hostName string = ${symbol}.properties.hostName`;

const vaultOf = (name: string) => `resource keyVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: ${name}
}`;

const secrets = (
  symbol: string,
  name: string,
) => `resource connectionString 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  name: 'connectionstrings--${name}'
  properties: {
    value: '\${${symbol}.properties.hostName}:10000,ssl=true,password=\${${symbol}_default.listKeys().primaryKey}'
  }
  parent: keyVault
}

resource primaryAccessKey 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  name: 'primaryaccesskey--${name}'
  properties: {
    value: ${symbol}_default.listKeys().primaryKey
  }
  parent: keyVault
}`;

const text = (...statements: string[]) => [location, ...statements].join("\n\n");

describe("the seed's calls and what they publish", () => {
  test("addAzureRedisEnterprise: Microsoft Entra ID", () => {
    const cache = appFor("publish").addAzureRedisEnterprise("azredisent");
    expect(published(cache)).toEqual({
      bicep: text(
        cluster("azredisent", "azredisent"),
        database("azredisent", "Disabled"),
        "output connectionString string = '${azredisent.properties.hostName}:10000,ssl=true'",
        outputs("azredisent"),
      ),
      params: {},
    });
  });

  test("addAzureManagedRedis is the same, with hyphens out of symbols and names", () => {
    const cache = appFor("publish").addAzureManagedRedis("redis-cache");
    expect(published(cache).bicep).toBe(
      text(
        cluster("redis_cache", "rediscache"),
        database("redis_cache", "Disabled"),
        "output connectionString string = '${redis_cache.properties.hostName}:10000,ssl=true'",
        outputs("redis_cache"),
      ),
    );
  });

  test("asExisting with parameters: nothing is changed, and the module goes where the resource is", () => {
    const app = appFor("publish");
    const name = app.addParameter("existingRedisName");
    const group = app.addParameter("existingRedisResourceGroup");
    const cache = app.addAzureRedisEnterprise("azredisent").asExisting(name, group);
    expect(published(cache)).toEqual({
      bicep: text(
        "param existingRedisName string",
        `resource azredisent 'Microsoft.Cache/redisEnterprise@2025-07-01' existing = {
  name: existingRedisName
}`,
        "output connectionString string = '${azredisent.properties.hostName}:10000,ssl=true'",
        outputs("azredisent"),
      ),
      params: { existingRedisName: "{existingRedisName.value}" },
    });
    expect(cache.scope).toEqual({ resourceGroup: group, subscription: undefined, tenant: undefined });
  });

  test("withAccessKeyAuthentication: key and connection string are secrets of a vault", () => {
    const app = appFor("publish");
    const cache = app.addAzureRedisEnterprise("azredisent").withAccessKeyAuthentication();
    expect(published(cache)).toEqual({
      bicep: text(
        "param azredisent_kv_outputs_name string",
        cluster("azredisent", "azredisent"),
        database("azredisent", "Enabled"),
        vaultOf("azredisent_kv_outputs_name"),
        secrets("azredisent", "azredisent"),
        outputs("azredisent"),
      ),
      params: { azredisent_kv_outputs_name: "{azredisent-kv.outputs.name}" },
    });
    expect(azure(app, "azredisent-kv").parent).toBe(cache);
  });
});

describe("access keys", () => {
  test("in a vault of the app's own", () => {
    const app = appFor("publish");
    const cache = app
      .addAzureManagedRedis("redis-cache")
      .withAccessKeyAuthentication(app.addAzureKeyVault("mykeyvault"));
    const { bicep, params } = published(cache);
    expect(bicep).toContain(
      `${vaultOf("mykeyvault_outputs_name")}\n\n${secrets("redis_cache", "redis-cache")}`,
    );
    expect(params).toEqual({ mykeyvault_outputs_name: "{mykeyvault.outputs.name}" });
    expect(app.find("redis-cache-kv")).toBeUndefined();
  });

  test("called again, the last vault counts, and one that was made for the first call is gone", () => {
    const app = appFor("publish");
    const vault = app.addAzureKeyVault("other");
    const cache = app.addAzureManagedRedis("cache").withAccessKeyAuthentication();
    expect(app.find("cache-kv")).toBeDefined();
    cache.withAccessKeyAuthentication({ keyVaultBuilder: vault });
    expect(app.find("cache-kv")).toBeUndefined();
    expect(published(cache).params).toEqual({ other_outputs_name: "{other.outputs.name}" });
  });

  test("of a cache that exists: cluster and database stay as they are, only the secrets are new", () => {
    const app = appFor("publish");
    const cache = app.addAzureManagedRedis("cache").asExisting("myredis").withAccessKeyAuthentication();
    expect(published(cache).bicep).toBe(
      text(
        "param cache_kv_outputs_name string",
        `resource cache 'Microsoft.Cache/redisEnterprise@2025-07-01' existing = {
  name: 'myredis'
}`,
        vaultOf("cache_kv_outputs_name"),
        `resource cache_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' existing = {
  name: 'default'
  parent: cache
}`,
        secrets("cache", "cache"),
        outputs("cache"),
      ),
    );
    expect(cache.scope).toBeUndefined();
  });

  test("of a cache in another group: the module goes where the vault is, and says where the cache is", () => {
    const app = appFor("publish");
    const cache = app
      .addAzureManagedRedis("cache")
      .asExistingInResourceGroup("myredis", "their-group", "their-subscription")
      .withAccessKeyAuthentication();
    expect(
      published(cache).bicep,
    ).toContain(`resource cache 'Microsoft.Cache/redisEnterprise@2025-07-01' existing = {
  name: 'myredis'
  scope: resourceGroup('their-subscription', 'their-group')
}`);
    expect(cache.scope).toBeUndefined();
  });

  test("nobody is given access by identity, but to the vault", async () => {
    const app = appFor("publish");
    app.addAzureManagedRedis("cache").withAccessKeyAuthentication();
    await withAccess(app);
    expect(app.resources.map(({ name }) => name)).toEqual(["cache", "cache-kv", "cache-kv-roles"]);
  });
});

describe("existing ones", () => {
  test("runAsExisting and publishAsExisting each count in their mode", () => {
    for (const mode of ["run", "publish"] as const) {
      const app = appFor(mode);
      const cache = app
        .addAzureManagedRedis("cache")
        .runAsExisting("here")
        .publishAsExisting("there", "group");
      expect(cache.existing).toEqual(
        mode === "run" ? { name: "here" } : { name: "there", resourceGroup: "group" },
      );
    }
  });

  test("scopes of every kind, and the last call counts", () => {
    const app = appFor("publish");
    const cache = app
      .addAzureManagedRedis("cache")
      .asExisting("a", { resourceGroup: "g", subscription: "s" });
    expect(cache.scope).toMatchObject({ resourceGroup: "g", subscription: "s" });
    cache.asExistingInSubscription("a", "s");
    expect(cache.infrastructure().targetScope).toBe("subscription");
    cache.asExistingInTenant("a");
    expect(cache.infrastructure().targetScope).toBe("tenant");
    expect(cache.judge().map(({ key }) => key)).toEqual(["existing"]);
    cache.asExisting("a");
    expect(cache.scope).toBeUndefined();
    expect(cache.judge()).toEqual([]);
  });

  test("settings of one that exists would have no effect, and are refused", () => {
    const app = appFor("publish");
    const cache = app
      .addAzureManagedRedis("cache")
      .asExisting("a")
      .configureInfrastructure(({ cluster: settings }) => {
        settings.sku.name = "Balanced_B5";
      });
    expect(cache.judge()).toMatchObject([{ resource: "cache", key: "cluster.sku", severity: "error" }]);
  });
});

describe("configureInfrastructure", () => {
  test("changes every setting, and adds parameters, tags, outputs and resources behind its own", () => {
    const app = appFor("publish");
    const team = app.addParameter("team-name");
    const cache = app.addAzureManagedRedis("cache").configureInfrastructure((infra) => {
      const { cluster: settings, database: data } = infra;
      const size = infra.parameter("size", { description: "How large", default: "Balanced_B3" });
      settings.sku.name = size;
      settings.name = "my-cache";
      settings.highAvailability = "Disabled";
      settings.tags["team"] = infra.use(team);
      settings.zones.push("1", "2");
      settings.identities.push(
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i",
      );
      settings.encryption = {
        keyEncryptionKeyUrl: "https://v.vault.azure.net/keys/k/1",
        userAssignedIdentityResourceId:
          "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i",
      };
      data.clusteringPolicy = "EnterpriseCluster";
      data.evictionPolicy = "NoEviction";
      data.clientProtocol = "Encrypted";
      data.deferUpgrade = "Deferred";
      data.modules.push({ name: "RediSearch" }, { name: "RedisBloom", args: "ERROR_RATE 0.01" });
      data.persistence = { rdbEnabled: true, rdbFrequency: "6h" };
      infra.output("size", size);
      infra.output("name", "another");
    });
    expect(cache.judge()).toEqual([]);
    expect(published(cache)).toEqual({
      params: { team_name: "{team-name.value}" },
      bicep: text(
        "@description('How large')\nparam size string = 'Balanced_B3'",
        "param team_name string",
        `resource cache 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: 'my-cache'
  location: location
  sku: {
    name: size
  }
  properties: {
    encryption: {
      customerManagedKeyEncryption: {
        keyEncryptionKeyIdentity: {
          identityType: 'userAssignedIdentity'
          userAssignedIdentityResourceId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i'
        }
        keyEncryptionKeyUrl: 'https://v.vault.azure.net/keys/k/1'
      }
    }
    highAvailability: 'Disabled'
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i': { }
    }
  }
  tags: {
    team: team_name
  }
  zones: [
    '1'
    '2'
  ]
}`,
        `resource cache_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  name: 'default'
  properties: {
    accessKeysAuthentication: 'Disabled'
    clientProtocol: 'Encrypted'
    clusteringPolicy: 'EnterpriseCluster'
    deferUpgrade: 'Deferred'
    evictionPolicy: 'NoEviction'
    modules: [
      {
        name: 'RediSearch'
      }
      {
        name: 'RedisBloom'
        args: 'ERROR_RATE 0.01'
      }
    ]
    persistence: {
      rdbEnabled: true
      rdbFrequency: '6h'
    }
    port: 10000
  }
  parent: cache
}`,
        "output connectionString string = '${cache.properties.hostName}:10000,ssl=true'",
        "output name string = 'another'",
        "output id string = cache.id",
        "output hostName string = cache.properties.hostName",
        "output size string = size",
      ),
    });
  });

  test("an identity of the app reads the key that encrypts it", () => {
    const app = appFor("publish");
    const identity = app.addAzureUserAssignedIdentity("reader");
    const cache = app.addAzureManagedRedis("cache").configureInfrastructure((infra) => {
      const id = infra.use(identity.id());
      infra.cluster.identities.push(id);
      infra.cluster.encryption = {
        keyEncryptionKeyUrl: "https://v.vault.azure.net/keys/k/1",
        userAssignedIdentityResourceId: id,
      };
    });
    expect(cache.judge()).toEqual([]);
    expect(published(cache).bicep).toContain(`    userAssignedIdentities: {
      '\${reader_outputs_id}': { }
    }`);
  });

  test("what does not exist is an error of the compiler", () => {
    const cache = appFor("publish")
      .addAzureManagedRedis("cache")
      .configureInfrastructure(({ cluster: settings, database: data }) => {
        // @ts-expect-error there is no such size
        settings.sku.name = "Balanced_B2";
        // @ts-expect-error nor such a policy
        data.clusteringPolicy = "Cluster";
        // @ts-expect-error the port is Azure's
        data.port = 6379;
        // @ts-expect-error nor such a module
        data.modules.push({ name: "RedisGraph" });
      });
    expect(cache.name).toBe("cache");
  });

  test("plain text with keys: the string and the address say so", () => {
    const app = appFor("publish");
    const cache = app
      .addAzureManagedRedis("cache")
      .withAccessKeyAuthentication()
      .configureInfrastructure(({ database: data }) => {
        data.clientProtocol = "Plaintext";
      });
    expect(cache.judge()).toEqual([]);
    expect(cache.uri.published).toMatch(/^redis:/);
    expect(published(cache).bicep).toContain(":10000,ssl=false,password=");
  });

  test("a parameter of a name that is there is refused, with the name of the resource", () => {
    const cache = appFor("publish").addAzureManagedRedis("cache");
    cache.configureInfrastructure((infra) => infra.parameter("location"));
    expect(() => cache.infrastructure()).toThrow(/cache: the parameter "location" is there already/);
  });

  test("an output that nobody declares is found before anything is written", () => {
    const cache = appFor("publish").addAzureManagedRedis("cache");
    cache.output("sslPort");
    expect(cache.judge()).toMatchObject([{ key: "outputs.sslPort" }]);
  });
});

import { describe, expect, test } from "vitest";
import { bicep } from "../../../src/template/bicep.ts";
import { binary, call, conditional, not, param, ref } from "../../../src/template/expr.ts";
import type { Module } from "../../../src/template/module.ts";
import { keysModule, location, mainModule, redisModule, rolesModule } from "./modules.ts";

const head = `@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location`;
const redis = (keys: string) => `resource redis_cache 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: take('rediscache-\${uniqueString(resourceGroup().id)}', 60)
  location: location
  sku: {
    name: 'Balanced_B0'
  }
  properties: {
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

resource redis_cache_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  name: 'default'
  properties: {
    accessKeysAuthentication: '${keys}'
    port: 10000
  }
  parent: redis_cache
}`;

/** One statement of a module with nothing else in it. */
function only(part: Partial<Module>): string {
  return bicep({ params: [], resources: [], outputs: [], ...part });
}

describe("modules of upstream's layout", () => {
  test("a managed Redis", () => {
    expect(bicep(redisModule())).toBe(`${head}

${redis("Disabled")}

output connectionString string = '\${redis_cache.properties.hostName}:10000,ssl=true'

output name string = redis_cache.name

output id string = redis_cache.id`);
  });

  test("with its key in a vault", () => {
    expect(bicep(keysModule())).toBe(`${head}

param kv_outputs_name string

${redis("Enabled")}

resource keyVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: kv_outputs_name
}

resource connectionString 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  name: 'connectionstrings--redis-cache'
  properties: {
    value: '\${redis_cache.properties.hostName}:10000,ssl=true,password=\${redis_cache_default.listKeys().primaryKey}'
  }
  parent: keyVault
}

output name string = redis_cache.name

output id string = redis_cache.id`);
  });

  test("assignments one after the other", () => {
    expect(bicep(rolesModule()).split("\n\n").slice(-1)).toEqual([
      `resource second 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01' = {
  name: guid(redis_cache_default.id, secondId, 'default')
  properties: {
    accessPolicyName: 'default'
    user: {
      objectId: secondId
    }
  }
  parent: redis_cache_default
  dependsOn: [
    first
  ]
}`,
    ]);
  });

  test("main, with a group and modules", () => {
    expect(bicep(mainModule())).toBe(`targetScope = 'subscription'

param resourceGroupName string

param location string

param principalId string

@secure()
param pass_word string

resource rg 'Microsoft.Resources/resourceGroups@2023-07-01' = {
  name: resourceGroupName
  location: location
}

module redis_cache 'redis-cache/redis-cache.bicep' = {
  name: 'redis-cache'
  scope: rg
  params: {
    location: location
  }
}

module redis_cache_roles 'redis-cache-roles/redis-cache-roles.bicep' = {
  name: 'redis-cache-roles'
  scope: resourceGroup('other-sub', 'other')
  params: {
    location: location
    redis_cache_outputs_name: redis_cache.outputs.name
    principalId: principalId
    secondId: 'me'
  }
}

output redis_cache_name string = redis_cache.outputs.name`);
  });
});

describe("statements", () => {
  test("a parameter with everything", () => {
    const given = { ...location, name: "a", secure: true, default: "it's" };
    expect(only({ params: [given] })).toBe(
      `@description('The location for the resource(s) to be deployed.')\n@secure()\nparam a string = 'it\\'s'`,
    );
  });

  test("a variable, and expressions of every kind", () => {
    const value = {
      empty: {},
      none: [],
      gone: undefined,
      "aspire-resource-name": "x",
      list: ["a", 1, true, null, { b: ["c"] }],
      chosen: conditional(binary(param("p"), "==", "a"), "yes", not(false)),
      deep: conditional(conditional(true, false, true), 1, 2),
      member: ref("r", "tags").get("own-name"),
      index: ref("r", "zones").at(0),
    };
    expect(only({ variables: [{ name: "v", value }] })).toBe(`var v = {
  empty: { }
  none: []
  'aspire-resource-name': 'x'
  list: [
    'a'
    1
    true
    null
    {
      b: [
        'c'
      ]
    }
  ]
  chosen: (p == 'a') ? 'yes' : !false
  deep: (true ? false : true) ? 1 : 2
  member: r.tags['own-name']
  index: r.zones[0]
}`);
  });

  test("a resource on another, under a condition", () => {
    const resource = {
      symbol: "role",
      type: "Microsoft.Authorization/roleAssignments",
      apiVersion: "2022-04-01",
      name: call("guid", ref("vault", "id")),
      scope: ref("vault"),
      condition: param("wanted"),
      body: { properties: {} },
    };
    expect(only({ resources: [resource] })).toBe(
      `resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (wanted) {
  name: guid(vault.id)
  properties: { }
  scope: vault
}`,
    );
  });

  test("nothing at all", () => {
    expect(only({})).toBe("");
  });
});

import { describe, expect, test } from "vitest";
import { arm } from "../../../src/template/arm.ts";
import {
  binary,
  call,
  conditional,
  type Input,
  interpolate,
  not,
  param,
  ref,
} from "../../../src/template/expr.ts";
import type { Declared, Module } from "../../../src/template/module.ts";
import { keysModule, mainModule, redisModule, rolesModule } from "./modules.ts";

const named = "take(format('rediscache-{0}', uniqueString(resourceGroup().id)), 60)";
const cluster = `resourceId('Microsoft.Cache/redisEnterprise', ${named})`;
const database = `resourceId('Microsoft.Cache/redisEnterprise/databases', ${named}, 'default')`;

/** What a value becomes. */
function written(value: Input, part: Partial<Module> = {}): unknown {
  const template = arm({
    params: [],
    resources: [],
    ...part,
    outputs: [{ name: "o", type: "string", value }],
  });
  return template.outputs?.["o"]?.value;
}

describe("what the Bicep compiler makes of it", () => {
  test("a managed Redis", () => {
    expect(arm(redisModule())).toEqual({
      $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      contentVersion: "1.0.0.0",
      parameters: {
        location: {
          type: "string",
          defaultValue: "[resourceGroup().location]",
          metadata: { description: "The location for the resource(s) to be deployed." },
        },
      },
      resources: [
        {
          type: "Microsoft.Cache/redisEnterprise",
          apiVersion: "2025-07-01",
          name: `[${named}]`,
          location: "[parameters('location')]",
          sku: { name: "Balanced_B0" },
          properties: { minimumTlsVersion: "1.2", publicNetworkAccess: "Enabled" },
        },
        {
          type: "Microsoft.Cache/redisEnterprise/databases",
          apiVersion: "2025-07-01",
          name: `[format('{0}/{1}', ${named}, 'default')]`,
          properties: { accessKeysAuthentication: "Disabled", port: 10000 },
          dependsOn: [`[${cluster}]`],
        },
      ],
      outputs: {
        connectionString: {
          type: "string",
          value: `[format('{0}:10000,ssl=true', reference(${cluster}, '2025-07-01').hostName)]`,
        },
        name: { type: "string", value: `[${named}]` },
        id: { type: "string", value: `[${cluster}]` },
      },
    });
  });

  test("a secret in an existing vault waits for what it tells", () => {
    const secret = arm(keysModule()).resources.at(-1);
    expect(secret).toEqual({
      type: "Microsoft.KeyVault/vaults/secrets",
      apiVersion: "2024-11-01",
      name: "[format('{0}/{1}', parameters('kv_outputs_name'), 'connectionstrings--redis-cache')]",
      properties: {
        value: `[format('{0}:10000,ssl=true,password={1}', reference(${cluster}, '2025-07-01').hostName, listKeys(${database}, '2025-07-01').primaryKey)]`,
      },
      dependsOn: [`[${cluster}]`, `[${database}]`],
    });
    expect(arm(keysModule()).resources).toHaveLength(3);
  });

  test("existing resources are not deployed, and nothing waits for them", () => {
    const [first, second, ...more] = arm(rolesModule()).resources;
    const id = (principal: string) =>
      `guid(resourceId('Microsoft.Cache/redisEnterprise/databases', parameters('redis_cache_outputs_name'), 'default'), parameters('${principal}'), 'default')`;
    expect(first).toEqual({
      type: "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments",
      apiVersion: "2025-07-01",
      name: `[format('{0}/{1}/{2}', parameters('redis_cache_outputs_name'), 'default', ${id("principalId")})]`,
      properties: { accessPolicyName: "default", user: { objectId: "[parameters('principalId')]" } },
    });
    expect(second?.dependsOn).toEqual([
      `[resourceId('Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments', parameters('redis_cache_outputs_name'), 'default', ${id("principalId")})]`,
    ]);
    expect(more).toEqual([]);
  });

  test("main: modules are deployments inside it", () => {
    const template = arm(mainModule());
    const group =
      "subscriptionResourceId('Microsoft.Resources/resourceGroups', parameters('resourceGroupName'))";
    const deployed =
      "extensionResourceId(format('/subscriptions/{0}/resourceGroups/{1}', subscription().subscriptionId, parameters('resourceGroupName')), 'Microsoft.Resources/deployments', 'redis-cache')";
    expect(template.$schema).toContain("subscriptionDeploymentTemplate");
    expect(template.parameters?.["pass_word"]).toEqual({ type: "securestring" });
    expect(template.resources.map(({ name }) => name)).toEqual([
      "[parameters('resourceGroupName')]",
      "redis-cache",
      "redis-cache-roles",
    ]);
    const [, redis, roles] = template.resources;
    expect(redis).toEqual({
      type: "Microsoft.Resources/deployments",
      apiVersion: "2025-04-01",
      name: "redis-cache",
      resourceGroup: "[parameters('resourceGroupName')]",
      properties: {
        expressionEvaluationOptions: { scope: "inner" },
        mode: "Incremental",
        parameters: { location: { value: "[parameters('location')]" } },
        template: arm(redisModule()),
      },
      dependsOn: [`[${group}]`],
    });
    expect(roles).toMatchObject({
      subscriptionId: "other-sub",
      resourceGroup: "other",
      properties: {
        parameters: {
          redis_cache_outputs_name: { value: `[reference(${deployed}, '2025-04-01').outputs.name.value]` },
          secondId: { value: "me" },
        },
      },
      dependsOn: [`[${deployed}]`],
    });
  });
});

describe("values", () => {
  test.each<[Input, unknown]>([
    ["plain", "plain"],
    ["[looks like an expression]", "[[looks like an expression]"],
    ["[[twice]", "[[[twice]"],
    ["[open", "[open"],
    [7, 7],
    [true, true],
    [null, null],
    [{ a: undefined, b: [1, "[x]"] }, { b: [1, "[[x]"] }],
    [call("toLower", "it's"), "[toLower('it''s')]"],
    [interpolate`a{b}'${param("p")}`, "[format('a{{b}}''{0}', parameters('p'))]"],
    [interpolate`a${"b"}${1}`, "ab1"],
    [
      conditional(binary(param("p"), "==", true), { a: [null] }, -1),
      "[if(equals(parameters('p'), true()), createObject('a', createArray(null())), -1)]",
    ],
    [not(binary(1, "!=", 2)), "[not(not(equals(1, 2)))]"],
    [call("subscription").get("own-name"), "[subscription()['own-name']]"],
    [call("split", "a,b", ",").at(0), "[split('a,b', ',')[0]]"],
  ])("%j", (value, expected) => {
    expect(written(value)).toEqual(expected);
  });
});

describe("what is said about a resource", () => {
  const vault = (scope?: Declared["scope"]): Declared => ({
    symbol: "vault",
    type: "Microsoft.KeyVault/vaults",
    apiVersion: "2024-11-01",
    existing: true,
    name: "kv",
    scope,
  });
  const of = (path: string, scope?: Declared["scope"]) =>
    written(ref("vault", path), { resources: [vault(scope)] });

  test.each<[string, string, Declared["scope"]]>([
    ["[resourceId('Microsoft.KeyVault/vaults', 'kv')]", "id", undefined],
    ["kv", "name", undefined],
    [
      "[reference(resourceId('Microsoft.KeyVault/vaults', 'kv'), '2024-11-01').vaultUri]",
      "properties.vaultUri",
      undefined,
    ],
    [
      "[reference(resourceId('Microsoft.KeyVault/vaults', 'kv'), '2024-11-01', 'full').location]",
      "location",
      undefined,
    ],
    [
      "[extensionResourceId(format('/subscriptions/{0}/resourceGroups/{1}', subscription().subscriptionId, parameters('g')), 'Microsoft.KeyVault/vaults', 'kv')]",
      "id",
      call("resourceGroup", param("g")),
    ],
    [
      "[extensionResourceId(format('/subscriptions/{0}/resourceGroups/{1}', 's', 'g'), 'Microsoft.KeyVault/vaults', 'kv')]",
      "id",
      call("resourceGroup", "s", "g"),
    ],
    ["[subscriptionResourceId('s', 'Microsoft.KeyVault/vaults', 'kv')]", "id", call("subscription", "s")],
    ["[tenantResourceId('Microsoft.KeyVault/vaults', 'kv')]", "id", call("tenant")],
  ])("%s", (expected, path, scope) => {
    expect(of(path, scope)).toBe(expected);
  });

  test("a resource on another one", () => {
    const role: Declared = {
      symbol: "role",
      type: "Microsoft.Authorization/roleAssignments",
      apiVersion: "2022-04-01",
      name: call("guid", ref("vault", "id")),
      scope: ref("vault"),
      body: { properties: {} },
    };
    const template = arm({ params: [], resources: [vault(), role], outputs: [] });
    expect(template.resources).toEqual([
      {
        type: "Microsoft.Authorization/roleAssignments",
        apiVersion: "2022-04-01",
        scope: "[resourceId('Microsoft.KeyVault/vaults', 'kv')]",
        name: "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv'))]",
        properties: {},
      },
    ]);
  });

  test("what ARM JSON cannot say is refused", () => {
    expect(() => written(ref("vault").invoke("getSecret", "x"), { resources: [vault()] })).toThrow(
      /getSecret/,
    );
    expect(() => of("id", param("g"))).toThrow(/scope/);
  });
});

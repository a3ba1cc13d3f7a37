import type { Template, Unit, UnitParameter } from "../../src/provision/unit.ts";

const header = {
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
} as const;

const version = "2025-07-01";
const cluster = "take(format('cache-{0}', uniqueString(resourceGroup().id)), 60)";
const location = { type: "string", defaultValue: "[resourceGroup().location]" };

/** A managed Redis as the model writes it: cluster, database, outputs. */
export const cacheTemplate = (sku = "Balanced_B0", accessKeys = "Disabled"): Template => ({
  ...header,
  parameters: { location },
  resources: [
    {
      type: "Microsoft.Cache/redisEnterprise",
      apiVersion: version,
      name: `[${cluster}]`,
      location: "[parameters('location')]",
      sku: { name: sku },
      properties: { minimumTlsVersion: "1.2", publicNetworkAccess: "Enabled" },
    },
    {
      type: "Microsoft.Cache/redisEnterprise/databases",
      apiVersion: version,
      name: `[format('{0}/{1}', ${cluster}, 'default')]`,
      properties: { accessKeysAuthentication: accessKeys, port: 10000 },
      dependsOn: [`[resourceId('Microsoft.Cache/redisEnterprise', ${cluster})]`],
    },
  ],
  outputs: {
    connectionString: {
      type: "string",
      value: `[format('{0}:10000,ssl=true', reference(resourceId('Microsoft.Cache/redisEnterprise', ${cluster}), '${version}').hostName)]`,
    },
    name: { type: "string", value: `[${cluster}]` },
    id: { type: "string", value: `[resourceId('Microsoft.Cache/redisEnterprise', ${cluster})]` },
    hostName: {
      type: "string",
      value: `[reference(resourceId('Microsoft.Cache/redisEnterprise', ${cluster}), '${version}').hostName]`,
    },
  },
});

/** Lets a principal in. */
export const rolesTemplate: Template = {
  ...header,
  parameters: { cache_outputs_name: { type: "string" }, principalId: { type: "string" } },
  resources: [
    {
      type: "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments",
      apiVersion: version,
      name: "[format('{0}/{1}/{2}', parameters('cache_outputs_name'), 'default', guid(resourceId('Microsoft.Cache/redisEnterprise/databases', parameters('cache_outputs_name'), 'default'), parameters('principalId'), 'default'))]",
      properties: { accessPolicyName: "default", user: { objectId: "[parameters('principalId')]" } },
    },
  ],
};

/** A vault. */
export const vaultTemplate: Template = {
  ...header,
  parameters: { location },
  resources: [
    {
      type: "Microsoft.KeyVault/vaults",
      apiVersion: "2024-11-01",
      name: "[take(format('kv-{0}', uniqueString(resourceGroup().id)), 24)]",
      location: "[parameters('location')]",
      properties: {
        tenantId: "[tenant().tenantId]",
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    },
  ],
  outputs: {
    vaultUri: {
      type: "string",
      value:
        "[reference(resourceId('Microsoft.KeyVault/vaults', take(format('kv-{0}', uniqueString(resourceGroup().id)), 24)), '2024-11-01').vaultUri]",
    },
    name: { type: "string", value: "[take(format('kv-{0}', uniqueString(resourceGroup().id)), 24)]" },
  },
};

/** Lets a principal read the secrets of a vault. */
export const vaultRolesTemplate: Template = {
  ...header,
  parameters: {
    kv_outputs_name: { type: "string" },
    principalId: { type: "string" },
    principalType: { type: "string" },
  },
  resources: [
    {
      type: "Microsoft.Authorization/roleAssignments",
      apiVersion: "2022-04-01",
      scope: "[resourceId('Microsoft.KeyVault/vaults', parameters('kv_outputs_name'))]",
      name: "[guid(parameters('kv_outputs_name'), parameters('principalId'))]",
      properties: {
        principalId: "[parameters('principalId')]",
        principalType: "[parameters('principalType')]",
        roleDefinitionId:
          "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]",
      },
    },
  ],
};

/** A cache with keys, which puts them into a vault, with a secret of its own. */
export const keyedTemplate = (): Template => {
  const base = cacheTemplate("Balanced_B0", "Enabled");
  const database = `resourceId('Microsoft.Cache/redisEnterprise/databases', ${cluster}, 'default')`;
  const { connectionString: _, ...outputs } = base["outputs"] as Record<string, unknown>;
  return {
    ...base,
    parameters: { location, kv_outputs_name: { type: "string" }, password: { type: "securestring" } },
    resources: [
      ...(base["resources"] as unknown[]),
      secret(
        "connectionstrings--cache",
        `[format('{0}:10000,ssl=true,password={1}', reference(resourceId('Microsoft.Cache/redisEnterprise', ${cluster}), '${version}').hostName, listKeys(${database}, '${version}').primaryKey)]`,
        database,
      ),
      secret("own--cache", "[parameters('password')]", database),
    ],
    outputs,
  };
};

const secret = (name: string, value: string, after: string) => ({
  type: "Microsoft.KeyVault/vaults/secrets",
  apiVersion: "2024-11-01",
  name: `[format('{0}/{1}', parameters('kv_outputs_name'), '${name}')]`,
  properties: { value },
  dependsOn: [`[${after}]`],
});

/** Takes up a value that is known later, and gives it out again. */
export class Box<T> {
  readonly promise: Promise<T>;
  readonly set: (value: T) => void;
  readonly fail: (error: Error) => void;

  constructor() {
    let set = (_: T): void => {};
    let fail = (_: Error): void => {};
    this.promise = new Promise<T>((resolve, reject) => {
      set = resolve;
      fail = reject;
    });
    this.promise.catch(() => {});
    this.set = set;
    this.fail = fail;
  }
}

/** A parameter with a fixed value. */
export const fixed = (name: string, value: unknown, secret = false): UnitParameter => ({
  name,
  secret,
  resolve: () => Promise.resolve(value),
});

/** An output of another unit as a parameter. */
export const from = (
  name: string,
  box: Box<Readonly<Record<string, unknown>>>,
  output: string,
): UnitParameter => ({
  name,
  secret: false,
  resolve: async () => (await box.promise)[output],
});

/** A cache by a name, with its outputs in a box. */
export function cacheUnit(
  name = "cache",
  template = cacheTemplate(),
): { readonly unit: Unit; readonly outputs: Box<Readonly<Record<string, unknown>>> } {
  const outputs = new Box<Readonly<Record<string, unknown>>>();
  const renamed = JSON.parse(JSON.stringify(template).replaceAll("'cache-{0}'", `'${name}-{0}'`)) as Template;
  const unit: Unit = {
    name,
    type: "azure-managed-redis",
    template: renamed,
    parameters: [{ name: "location", known: "location" }],
    scope: { kind: "group" },
    needs: [],
    settled: outputs.set,
    failed: outputs.fail,
  };
  return { unit, outputs };
}

/** Roles of a cache, for somebody. */
export function rolesUnit(name: string, cache: ReturnType<typeof cacheUnit>, principal: UnitParameter): Unit {
  return {
    name,
    type: "azure-roles",
    template: rolesTemplate,
    parameters: [from("cache_outputs_name", cache.outputs, "name"), principal],
    scope: { kind: "group" },
    needs: [cache.unit.name],
    rolesOf: cache.unit.name,
  };
}

import { describe, expect, test } from "vitest";
import { appFor, azure, published, withAccess } from "./kit.ts";

const location = `@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location`;

const text = (...statements: string[]) => [location, ...statements].join("\n\n");

describe("roles", () => {
  const assignment = (
    suffix = "",
    principal = "principalId",
    after = "",
  ) => `resource redis_cache_default_contributor${suffix} 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01' = {
  name: guid(redis_cache_default.id, ${principal}, 'default')
  properties: {
    accessPolicyName: 'default'
    user: {
      objectId: ${principal}
    }
  }
  parent: redis_cache_default${after}
}`;
  const existing = `resource redis_cache 'Microsoft.Cache/redisEnterprise@2025-07-01' existing = {
  name: redis_cache_outputs_name
}

resource redis_cache_default 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' existing = {
  name: 'default'
  parent: redis_cache
}`;

  test("in run mode it is whoever runs the app", async () => {
    const app = appFor("run");
    const cache = app.addAzureManagedRedis("redis-cache");
    await withAccess(app);
    const roles = azure(app, "redis-cache-roles");
    expect(roles.parent).toBe(cache);
    expect(published(roles)).toEqual({
      bicep: text(
        "param redis_cache_outputs_name string",
        "param principalId string",
        existing,
        assignment(),
      ),
      params: { redis_cache_outputs_name: "{redis-cache.outputs.name}", principalId: "" },
    });
  });

  test("of one that exists by a text: no parameter for its name, and the module goes there", async () => {
    const app = appFor("run");
    app.addAzureManagedRedis("redis").asExisting("myredis", "group");
    await withAccess(app);
    const roles = azure(app, "redis-roles");
    expect(published(roles).bicep).toContain(`param principalId string

resource redis 'Microsoft.Cache/redisEnterprise@2025-07-01' existing = {
  name: 'myredis'
}`);
    expect(roles.scope).toMatchObject({ resourceGroup: "group" });
  });

  test("one program in an environment: an identity, and a module for it alone", async () => {
    const app = appFor("publish");
    app.addAzureContainerAppEnvironment("env");
    const cache = app.addAzureManagedRedis("redis-cache");
    app.addContainer("api", "myimage").withReference(cache);
    app.addContainer("stranger", "myimage");
    await withAccess(app);
    expect(published(azure(app, "api-roles-redis-cache"))).toEqual({
      bicep: text(
        "param redis_cache_outputs_name string",
        "param principalId string",
        existing,
        assignment(),
      ),
      params: {
        redis_cache_outputs_name: "{redis-cache.outputs.name}",
        principalId: "{api-identity.outputs.principalId}",
      },
    });
    expect(published(azure(app, "api-identity")).bicep).toBe(
      text(
        `resource api_identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: take('api_identity-\${uniqueString(resourceGroup().id)}', 128)
  location: location
}`,
        "output id string = api_identity.id",
        "output clientId string = api_identity.properties.clientId",
        "output principalId string = api_identity.properties.principalId",
        "output principalName string = api_identity.name",
        "output name string = api_identity.name",
      ),
    );
    expect(app.find("stranger-identity")).toBeUndefined();
  });

  test("two programs: one module in which the second waits for the first", async () => {
    const app = appFor("publish");
    app.addAzureContainerAppEnvironment("env");
    const cache = app.addAzureManagedRedis("redis-cache");
    app.addContainer("api", "myimage").withReference(cache);
    app.addContainer("job-1", "myimage").withEnvironment("HOST_OF_CACHE", cache.host);
    await withAccess(app);
    expect(published(azure(app, "redis-cache-roles"))).toEqual({
      bicep: text(
        "param redis_cache_outputs_name string",
        "param api_identity_outputs_principalid string",
        "param job_1_identity_outputs_principalid string",
        existing,
        assignment("_api", "api_identity_outputs_principalid"),
        assignment(
          "_job_1",
          "job_1_identity_outputs_principalid",
          "\n  dependsOn: [\n    redis_cache_default_contributor_api\n  ]",
        ),
      ),
      params: {
        redis_cache_outputs_name: "{redis-cache.outputs.name}",
        api_identity_outputs_principalid: "{api-identity.outputs.principalId}",
        job_1_identity_outputs_principalid: "{job-1-identity.outputs.principalId}",
      },
    });
    expect(app.find("api-roles-redis-cache")).toBeUndefined();
  });

  test("programs that share an identity are one principal", async () => {
    const app = appFor("publish");
    app.addAzureContainerAppEnvironment("env");
    const cache = app.addAzureManagedRedis("cache");
    const shared = app.addAzureUserAssignedIdentity("shared");
    app.addContainer("api", "myimage").withReference(cache).withAzureUserAssignedIdentity(shared);
    app.addContainer("job", "myimage").withReference(cache).withAzureUserAssignedIdentity(shared);
    await withAccess(app);
    expect(published(azure(app, "api-roles-cache")).params).toMatchObject({
      principalId: "{shared.outputs.principalId}",
    });
    expect(app.resources.filter(({ name }) => name.includes("roles")).length).toBe(1);
  });

  test("without an environment: whoever deploys names the principal, and identities of programs are refused", async () => {
    const app = appFor("publish");
    const cache = app.addAzureManagedRedis("cache");
    const api = app.addContainer("api", "myimage").withReference(cache);
    await withAccess(app);
    expect(published(azure(app, "cache-roles")).params).toMatchObject({ principalId: "" });
    expect(app.find("api-identity")).toBeUndefined();
    api.withAzureUserAssignedIdentity(app.addAzureUserAssignedIdentity("mine"));
    await expect(withAccess(app)).rejects.toThrow(/"api" is given an identity/);
  });

  test("clearDefaultRoleAssignments: nobody is given anything", async () => {
    const app = appFor("run");
    app.addAzureManagedRedis("cache").clearDefaultRoleAssignments();
    await withAccess(app);
    expect(app.resources.map(({ name }) => name)).toEqual(["cache"]);
  });

  test("what was added once is not added again", async () => {
    const app = appFor("publish");
    app.addAzureContainerAppEnvironment("env");
    app.addContainer("api", "myimage").withReference(app.addAzureManagedRedis("cache"));
    await withAccess(app);
    const before = [...app.resources];
    await withAccess(app);
    expect(app.resources).toEqual(before);
  });
});

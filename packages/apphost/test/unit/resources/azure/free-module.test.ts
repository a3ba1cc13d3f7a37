import { expect, test } from "vitest";
import { ref } from "../../../../src/template/expr.ts";
import { appFor, published } from "./kit.ts";

const location = `@description('The location for the resource(s) to be deployed.')
param location string = resourceGroup().location`;

test("a module of the app's own speaks of what exists elsewhere, with its place", () => {
  const app = appFor("publish");
  const name = app.addParameter("existing-redis-name");
  const group = app.addParameter("existing-redis-rg");
  const redis = app.addAzureManagedRedis("test-redis").asExisting(name, group);
  const module = app.addAzureInfrastructure("mymodule", (infra) => {
    redis.declareIn(infra, undefined);
    redis.declareIn(infra, undefined);
    infra.output("host", ref("test_redis", "properties.hostName"));
  });
  expect(published(module)).toEqual({
    bicep: [
      location,
      "param existing_redis_name string",
      "param existing_redis_rg string",
      `resource test_redis 'Microsoft.Cache/redisEnterprise@2025-07-01' existing = {
  name: existing_redis_name
  scope: resourceGroup(existing_redis_rg)
}`,
      "output host string = test_redis.properties.hostName",
    ].join("\n\n"),
    params: {
      existing_redis_name: "{existing-redis-name.value}",
      existing_redis_rg: "{existing-redis-rg.value}",
    },
  });
  expect(module.judge()).toEqual([]);
  expect(module.output("host").published).toBe("{mymodule.outputs.host}");
});

test("nobody can refer to it as to a resource, and symbols are there once", () => {
  const app = appFor("publish");
  const module = app.addAzureInfrastructure("one", (infra) => {
    const type = { type: "Microsoft.Network/publicIPAddresses", apiVersion: "2025-05-01" };
    infra.add({ symbol: "ip", ...type, name: "a", body: { location: infra.location } });
    infra.add({ symbol: "ip", ...type, name: "b", body: { location: infra.location } });
  });
  expect(() => module.declareIn()).toThrow(/"one" is a module/);
  expect(() => module.infrastructure()).toThrow(/one: there are two resources with the symbol "ip"/);
});

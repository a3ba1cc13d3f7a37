import { call, type Expr, interpolate, param, ref, uniqueName } from "../../../src/template/expr.ts";
import type { Module, Param } from "../../../src/template/module.ts";

const cluster = "Microsoft.Cache/redisEnterprise";
const database = `${cluster}/databases`;
const apiVersion = "2025-07-01";

export const location: Param = {
  name: "location",
  type: "string",
  description: "The location for the resource(s) to be deployed.",
  default: call("resourceGroup").get("location"),
};

/** A managed Redis as the app model makes it, without keys. */
export function redisModule(keys: "Disabled" | "Enabled" = "Disabled"): Module {
  return {
    params: [location],
    resources: [
      {
        symbol: "redis_cache",
        type: cluster,
        apiVersion,
        name: uniqueName("rediscache", 60),
        body: {
          location: param("location"),
          sku: { name: "Balanced_B0" },
          properties: { minimumTlsVersion: "1.2", publicNetworkAccess: "Enabled" },
        },
      },
      {
        symbol: "redis_cache_default",
        type: database,
        apiVersion,
        name: "default",
        parent: "redis_cache",
        body: { properties: { accessKeysAuthentication: keys, port: 10000 } },
      },
    ],
    outputs: [
      {
        name: "connectionString",
        type: "string",
        value: interpolate`${ref("redis_cache", "properties.hostName")}:10000,ssl=true`,
      },
      { name: "name", type: "string", value: ref("redis_cache", "name") },
      { name: "id", type: "string", value: ref("redis_cache", "id") },
    ],
  };
}

/** The same with its key in a vault that exists. */
export function keysModule(): Module {
  const module = redisModule("Enabled");
  const vault = "Microsoft.KeyVault/vaults";
  const key: Expr = ref("redis_cache_default").invoke("listKeys").get("primaryKey");
  return {
    ...module,
    params: [location, { name: "kv_outputs_name", type: "string" }],
    resources: [
      ...module.resources,
      {
        symbol: "keyVault",
        type: vault,
        apiVersion: "2024-11-01",
        existing: true,
        name: param("kv_outputs_name"),
      },
      {
        symbol: "connectionString",
        type: `${vault}/secrets`,
        apiVersion: "2024-11-01",
        name: "connectionstrings--redis-cache",
        parent: "keyVault",
        body: {
          properties: {
            value: interpolate`${ref("redis_cache", "properties.hostName")}:10000,ssl=true,password=${key}`,
          },
        },
      },
    ],
    outputs: module.outputs.slice(1),
  };
}

/** Who may use it: two principals, one after the other. */
export function rolesModule(): Module {
  const assignment = (symbol: string, principal: string, dependsOn: string[] = []) => ({
    symbol,
    type: `${database}/accessPolicyAssignments`,
    apiVersion,
    name: call("guid", ref("redis_cache_default", "id"), param(principal), "default"),
    parent: "redis_cache_default",
    dependsOn,
    body: { properties: { accessPolicyName: "default", user: { objectId: param(principal) } } },
  });
  return {
    params: [
      location,
      { name: "redis_cache_outputs_name", type: "string" },
      { name: "principalId", type: "string" },
      { name: "secondId", type: "string" },
    ],
    resources: [
      {
        symbol: "redis_cache",
        type: cluster,
        apiVersion,
        existing: true,
        name: param("redis_cache_outputs_name"),
      },
      {
        symbol: "redis_cache_default",
        type: database,
        apiVersion,
        existing: true,
        name: "default",
        parent: "redis_cache",
      },
      assignment("first", "principalId"),
      assignment("second", "secondId", ["first"]),
    ],
    outputs: [],
  };
}

/** Both in one resource group that is made for them. */
export function mainModule(): Module {
  return {
    targetScope: "subscription",
    params: [
      { name: "resourceGroupName", type: "string" },
      { name: "location", type: "string" },
      { name: "principalId", type: "string" },
      { name: "pass_word", type: "string", secure: true },
    ],
    resources: [
      {
        symbol: "rg",
        type: "Microsoft.Resources/resourceGroups",
        apiVersion: "2023-07-01",
        name: param("resourceGroupName"),
        body: { location: param("location") },
      },
    ],
    modules: [
      {
        symbol: "redis_cache",
        path: "redis-cache/redis-cache.bicep",
        module: redisModule(),
        name: "redis-cache",
        scope: ref("rg"),
        params: [["location", param("location")]],
      },
      {
        symbol: "redis_cache_roles",
        path: "redis-cache-roles/redis-cache-roles.bicep",
        module: rolesModule(),
        name: "redis-cache-roles",
        scope: call("resourceGroup", "other-sub", "other"),
        params: [
          ["location", param("location")],
          ["redis_cache_outputs_name", ref("redis_cache", "outputs.name")],
          ["principalId", param("principalId")],
          ["secondId", "me"],
        ],
      },
    ],
    outputs: [{ name: "redis_cache_name", type: "string", value: ref("redis_cache", "outputs.name") }],
  };
}

import { describe, expect, test } from "vitest";
import { judgeShape, shapes } from "../../../src/publish/shapes/judge.ts";
import { call, type Input, param } from "../../../src/template/expr.ts";
import type { Declared } from "../../../src/template/module.ts";
import { keysModule, redisModule, rolesModule } from "../template/modules.ts";

const resource = (type: string, apiVersion: string, body: { [name: string]: Input }): Declared => ({
  symbol: "it",
  type,
  apiVersion,
  name: "it",
  body,
});
const cluster = (body: { [name: string]: Input }) =>
  resource("Microsoft.Cache/redisEnterprise", "2025-07-01", body);
const sound = {
  location: param("location"),
  sku: { name: "Balanced_B5" },
  properties: { minimumTlsVersion: "1.2", publicNetworkAccess: "Enabled" },
};

test("what the app model makes is of the right shape", () => {
  const declared = [redisModule(), keysModule(), rolesModule()].flatMap(({ resources }) => resources);
  expect(declared).toHaveLength(10);
  for (const one of declared) expect([one.symbol, judgeShape(one)]).toEqual([one.symbol, []]);
});

test("an expression stands for any value, also a whole object", () => {
  expect(judgeShape(cluster({ ...sound, sku: param("sku"), tags: call("union", {}, {}) }))).toEqual([]);
  expect(judgeShape(cluster({ ...sound, sku: { name: param("sku") } }))).toEqual([]);
});

describe("faults", () => {
  test.each<[string, { [name: string]: Input }, string, RegExp]>([
    ["an unknown member", { ...sound, skus: {} }, "skus", /no "skus" here/],
    [
      "an unknown member inside",
      { ...sound, properties: { ...sound.properties, persistance: 1 } },
      "properties.persistance",
      /no "persistance"/,
    ],
    [
      "a missing member",
      { location: "westeurope", sku: { name: "Balanced_B0" }, properties: {} },
      "properties.publicNetworkAccess",
      /missing/,
    ],
    ["a SKU that is none", { ...sound, sku: { name: "Balanced_X5" } }, "sku.name", /./],
    ["a number for a text", { ...sound, location: 7 }, "location", /expected string/],
    [
      "a word that is none",
      { ...sound, properties: { ...sound.properties, minimumTlsVersion: "1.4" } },
      "properties.minimumTlsVersion",
      /1\.2/,
    ],
    ["a list for a text, in a list", { ...sound, zones: ["1", ["2"]] }, "zones.1", /string/],
    ["a tag that is none", { ...sound, tags: { a: 1 } }, "tags.a", /string/],
  ])("%s", (_, body, key, message) => {
    const found = judgeShape(cluster(body));
    expect(found).toMatchObject([{ key }]);
    expect((found as readonly { message: string }[])[0]?.message).toMatch(message);
  });

  test("several at once", () => {
    expect(judgeShape(cluster({ sku: { name: "x" }, properties: { a: 1 } }))).toHaveLength(4);
  });
});

test("another API version is not known, and said so", () => {
  expect(judgeShape(resource("Microsoft.Cache/redisEnterprise", "2021-01-01", {}))).toBe("unknown");
  expect(Object.keys(shapes).length).toBeGreaterThan(18);
});

test.each([
  [
    "Microsoft.Cache/redis",
    "2024-11-01",
    {
      location: "x",
      properties: {
        sku: { name: "Basic", family: "C", capacity: 1 },
        enableNonSslPort: false,
        minimumTlsVersion: "1.2",
        disableAccessKeyAuthentication: true,
        redisConfiguration: { "aad-enabled": "true" },
      },
    },
  ],
  [
    "Microsoft.KeyVault/vaults",
    "2024-11-01",
    {
      location: "x",
      properties: {
        tenantId: call("tenant").get("tenantId"),
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
      tags: { "aspire-resource-name": "kv" },
    },
  ],
  [
    "Microsoft.Network/privateEndpoints",
    "2025-05-01",
    {
      location: "x",
      properties: {
        privateLinkServiceConnections: [
          { properties: { privateLinkServiceId: param("id"), groupIds: ["redisEnterprise"] }, name: "n" },
        ],
        subnet: { id: param("subnet") },
      },
    },
  ],
  [
    "Microsoft.Network/networkSecurityGroups",
    "2025-05-01",
    {
      location: "x",
      properties: {
        securityRules: [
          {
            name: "a",
            properties: {
              access: "Allow",
              direction: "Inbound",
              priority: 100,
              protocol: "Tcp",
              sourceAddressPrefix: "*",
              sourcePortRange: "*",
              destinationAddressPrefix: "*",
              destinationPortRanges: ["6379-6380"],
            },
          },
        ],
      },
    },
  ],
] as const)("%s", (type, apiVersion, body) => {
  expect(judgeShape(resource(type, apiVersion, body))).toEqual([]);
});

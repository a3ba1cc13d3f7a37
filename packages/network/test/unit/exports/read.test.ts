import { describe, expect, test } from "vitest";
import { readExports } from "../../../src/exports/read.ts";
import {
  cache,
  exported,
  nsg,
  nsgId,
  peering,
  provider,
  rule,
  subnet,
  subnetId,
  vnet,
  vnetId,
} from "../exported.ts";

const file = (text: string | Uint8Array, name = "a.json") => ({
  name,
  bytes: typeof text === "string" ? Buffer.from(text) : text,
});
const net = vnet("vnet", "10.0.0.0/16", [subnet("vnet", "redis", "10.0.1.0/27", { nsg: "redis-nsg" })], {
  virtualNetworkPeerings: [peering("other")],
});
const group = nsg("redis-nsg", [
  rule(100, "Inbound", "Deny", "Tcp", "10.0.2.0/24", "*", ["6379-6380", "8500"]),
]);

/** Every field of a resource below `properties`, but for those that stay outside. */
function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested);
  if (typeof value !== "object" || value === null) return value;
  const outside = ["id", "name", "type", "location", "sku", "zones"];
  const entries = Object.entries(value).map(([key, one]) => [key, nested(one)] as const);
  if (!entries.some(([key]) => key === "id" || key === "name")) return Object.fromEntries(entries);
  return {
    ...Object.fromEntries(entries.filter(([key]) => outside.includes(key))),
    properties: Object.fromEntries(entries.filter(([key]) => !outside.includes(key))),
  };
}

/** Keys with capitals. */
function capitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitals);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.charAt(0).toUpperCase() + key.slice(1), capitals(one)]),
  );
}

describe("the same network, however it was exported", () => {
  const expected = exported(net, group, cache("one")).network;

  test.each<[string, () => ReturnType<typeof readExports>]>([
    ["as one list", () => exported([net, group, cache("one")])],
    ["as pages of ARM", () => exported({ value: [net, group], nextLink: null }, { value: [cache("one")] })],
    ["of Resource Graph", () => exported({ count: 3, data: [net, group, cache("one")], total_records: 3 })],
    ["with properties", () => exported(nested([net, group, cache("one")]))],
    ["of PowerShell", () => exported(capitals([net, group, cache("one")]))],
    [
      "as documents behind each other",
      () =>
        readExports([file([net, group, cache("one")].map((one) => JSON.stringify(one, null, 2)).join("\n"))]),
    ],
    [
      "with a mark of UTF-8",
      () => readExports([file(`\ufeff${JSON.stringify([net, group, cache("one")])}`)]),
    ],
    [
      "in UTF-16",
      () =>
        readExports([file(Buffer.from(`\ufeff${JSON.stringify([net, group, cache("one")])}`, "utf16le"))]),
    ],
    [
      "in UTF-16, the other way round",
      () =>
        readExports([
          file(Buffer.from(`\ufeff${JSON.stringify([net, group, cache("one")])}`, "utf16le").swap16()),
        ]),
    ],
    ["twice", () => exported(net, group, cache("one"), net, group, cache("one"))],
  ])("%s", (_, read) => {
    const { vnets, nsgs, caches } = read().network;
    expect({ vnets, nsgs, caches }).toEqual({
      vnets: expected.vnets,
      nsgs: expected.nsgs,
      caches: expected.caches,
    });
  });

  test("in parts: subnets, peerings and rules by themselves", () => {
    const { subnets, virtualNetworkPeerings, ...bare } = net;
    const rules = (group["securityRules"] as Record<string, unknown>[]).map((one) => ({
      ...one,
      id: `${nsgId("redis-nsg")}/securityRules/${String(one["name"])}`,
    }));
    const links = (virtualNetworkPeerings as Record<string, unknown>[]).map((one) => ({
      ...one,
      id: `${vnetId("vnet")}/virtualNetworkPeerings/x`,
    }));
    const { network } = exported(bare, subnets, links, rules);
    expect(network.vnets).toEqual(expected.vnets);
    expect(network.nsgs[0]?.rules).toEqual(expected.nsgs[0]?.rules);
  });
});

test("rules in force are read where the group itself was not exported", () => {
  const effective = {
    value: [
      {
        association: { subnet: { id: subnetId("vnet", "redis") }, networkInterface: null },
        networkSecurityGroup: { id: nsgId("redis-nsg") },
        effectiveSecurityRules: [
          {
            name: "securityRules/no",
            priority: 100,
            direction: "Inbound",
            access: "Deny",
            protocol: "All",
            sourceAddressPrefix: "*",
            destinationAddressPrefix: "*",
            sourcePortRange: "0-65535",
            destinationPortRange: "0-65535",
            expandedSourceAddressPrefix: null,
          },
        ],
        tagMap: {},
      },
    ],
    nextLink: null,
  };
  const { network } = exported(effective);
  expect(network.nsgs).toHaveLength(1);
  expect(network.nsgs[0]).toMatchObject({ id: nsgId("redis-nsg"), subnetIds: [subnetId("vnet", "redis")] });
  expect(network.nsgs[0]?.rules[0]).toMatchObject({
    name: "no",
    protocol: "All",
    destinationPorts: ["0-65535"],
  });
});

test("effective and learned routes, service tags", () => {
  const { network } = exported(
    {
      value: [
        {
          name: null,
          source: "VirtualNetworkGateway",
          state: "Active",
          addressPrefix: ["0.0.0.0/0"],
          nextHopType: "VirtualNetworkGateway",
          nextHopIpAddress: ["10.0.255.4"],
        },
        {
          source: "Default",
          state: "Invalid",
          addressPrefix: ["1.0.0.0/8"],
          nextHopType: "Internet",
          nextHopIpAddress: [],
        },
      ],
    },
    {
      name: "Public",
      type: "Microsoft.Network/serviceTags",
      values: [
        {
          name: "AzureMonitor",
          id: "AzureMonitor",
          properties: { changeNumber: 1, systemService: "", addressPrefixes: ["20.1.0.0/16"] },
        },
      ],
    },
  );
  expect(network.effectiveRoutes[0]?.routes).toEqual([
    expect.objectContaining({ prefix: "0.0.0.0/0", source: "Gateway" }),
  ]);
  expect(network.serviceTags.get("AzureMonitor")).toEqual(["20.1.0.0/16"]);
});

test("what does not matter is passed over and said; what has no details is said, too", () => {
  const { notes } = exported(
    { id: `${provider}/Microsoft.Storage/storageAccounts/s`, name: "s" },
    [{ id: vnetId("vnet"), name: "vnet", type: "Microsoft.Network/virtualNetworks" }],
    {},
    [],
  );
  expect(notes.map(({ says }) => says)).toEqual([
    "microsoft.storage/storageaccounts does not matter here, and was passed over",
    "vnet has no details: export it with its own command, not with az resource list",
    "a document of an unknown kind was passed over",
    "there is no resource in it",
  ]);
});

test("fields of wrong types, nulls and nonsense are nothing, not a failure", () => {
  const { network } = exported(
    {
      id: vnetId("vnet"),
      name: 7,
      addressSpace: "x",
      subnets: [null, 3, { name: null, addressPrefix: 9 }],
      virtualNetworkPeerings: { a: 1 },
      dhcpOptions: [],
    },
    {
      id: nsgId("n"),
      securityRules: [
        { name: "half", priority: "100", direction: "INBOUND", access: "deny" },
        { priority: 1 },
        "no",
      ],
    },
    {
      id: `${provider}/Microsoft.Cache/Redis/one`,
      sku: [],
      shardCount: "2",
      subnetId: 4,
      zones: {},
      linkedServers: "x",
    },
  );
  expect(network.vnets).toHaveLength(1);
  expect(network.nsgs[0]?.rules[0]).toMatchObject({
    name: "half",
    direction: "Inbound",
    access: "Deny",
    sources: ["?"],
  });
  expect(network.caches[0]).toMatchObject({ shards: 2, subnetId: null });
});

test("what is no JSON is refused with its place", () => {
  expect(() => readExports([file("{\n oops }", "b.json")])).toThrow("b.json:2:2: this is not JSON");
  expect(readExports([file("  ")]).notes[0]?.says).toContain("empty");
});

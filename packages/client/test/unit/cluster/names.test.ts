import { expect, test } from "vitest";
import { type NodeIdentity, verifiableNames } from "../../../src/cluster/names.ts";

const node: NodeIdentity = {
  endpoint: { host: "10.0.0.7", port: 6380 },
  mapped: null,
  hostname: null,
  seed: "cache.example.com",
  provider: null,
};

test.each<[string, Partial<NodeIdentity>, string[]]>([
  ["a bare IP: its own, then the seed's", {}, ["10.0.0.7", "cache.example.com"]],
  [
    "a bare IP on Azure: the seed's first",
    { seed: "c.eastus.redis.azure.net", provider: "azure-managed-redis" },
    ["c.eastus.redis.azure.net", "10.0.0.7"],
  ],
  [
    "an announced name before all",
    { hostname: "n1.example.com" },
    ["n1.example.com", "10.0.0.7", "cache.example.com"],
  ],
  [
    "a name that is dialled",
    { endpoint: { host: "n1.example.com", port: 1 }, hostname: "n1.example.com" },
    ["n1.example.com", "cache.example.com"],
  ],
  [
    "a name that is dialled, on Azure",
    { endpoint: { host: "n1.example.com", port: 1 }, provider: "azure-cache" },
    ["n1.example.com", "cache.example.com"],
  ],
  [
    "only what the map says",
    { mapped: "mapped.example.com", hostname: "n1.example.com" },
    ["mapped.example.com"],
  ],
])("%s", (_, known, names) => {
  expect(verifiableNames({ ...node, ...known })).toEqual(names);
});

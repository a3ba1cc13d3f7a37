import { describe, expect, test } from "vitest";
import {
  type CreationRequest,
  type CreationRule,
  creationRules,
  type SubnetRequest,
  validateCreation,
} from "../../../src/plan/creation.ts";

const subnet: SubnetRequest = {
  prefix: "10.0.1.0/27",
  vnetPrefixes: ["10.0.0.0/16"],
  vnetLocation: "West Europe",
  vnetSubscription: "S",
};
const good: CreationRequest = {
  name: "orders",
  tier: "Premium",
  location: "westeurope",
  subscription: "s",
  subnet,
};
const withSubnet = (more: Partial<SubnetRequest>): CreationRequest => ({
  ...good,
  subnet: { ...subnet, ...more },
});
const { subnet: _, ...without } = good;

test("a request that keeps all rules", () => {
  expect(validateCreation(good)).toEqual([]);
});

const cases: readonly [CreationRule, CreationRequest][] = [
  ["name", { ...good, name: "two--hyphens" }],
  ["name", { ...good, name: "-begins" }],
  ["name", { ...good, name: "a".repeat(64) }],
  ["existing-customer", { ...good, existingCustomer: false }],
  ["tier", { ...good, tier: "Standard" }],
  ["at-creation-only", { ...good, exists: true }],
  ["subnet-needed", { ...without, staticIp: "10.0.1.9" }],
  ["region", withSubnet({ vnetLocation: "North Europe" })],
  ["subscription", withSubnet({ vnetSubscription: "other" })],
  ["lighthouse", { ...good, lighthouse: true }],
  ["subnet-range", withSubnet({ prefix: "10.0.1.0" })],
  ["subnet-in-network", withSubnet({ prefix: "10.1.1.0/27" })],
  [
    "dedicated-subnet",
    withSubnet({ otherResources: ["Microsoft.Network/applicationGateways", "Microsoft.Cache/redis"] }),
  ],
  ["nat-gateway", withSubnet({ natGateway: true })],
  ["address-count", withSubnet({ prefix: "10.0.1.0/29", caches: [{}] })],
  ["address-count", withSubnet({ prefix: "10.0.1.0/29" })],
  ["static-ip", { ...good, staticIp: "999.1.1.1" }],
  ["static-ip", { ...good, staticIp: "10.0.2.4" }],
  ["static-ip", { ...good, staticIp: "10.0.1.31" }],
  ["static-ip", { ...withSubnet({ usedAddresses: ["10.0.1.9"] }), staticIp: "10.0.1.9" }],
  ["private-endpoint", { ...good, privateEndpoint: true }],
  ["public-access", { ...good, publicNetworkAccess: false }],
  ["default-outbound", withSubnet({ defaultOutboundAccess: false })],
  ["console", { ...good, console: true }],
];

describe("a request that breaks one rule is told that one, and nothing else", () => {
  test.each(cases)("%s", (rule, request) => {
    const found = validateCreation(request);
    expect(found.map((one) => one.rule)).toEqual([rule]);
    expect(found[0]?.fix).not.toBe("");
  });

  test("every rule has a case", () => {
    expect(new Set(cases.map(([rule]) => rule))).toEqual(new Set(creationRules));
  });
});

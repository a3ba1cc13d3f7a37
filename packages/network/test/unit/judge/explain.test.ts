import { expect, test } from "vitest";
import { explain } from "../../../src/judge/explain.ts";
import { cache, exported, nsg, nsgId, provider, rule, subnet, subnetId, vnet } from "../exported.ts";

const { network } = exported(
  vnet("vnet", "10.0.0.0/16", [
    subnet("vnet", "redis", "10.0.1.0/24", { nsg: "g" }),
    subnet("vnet", "app", "10.0.2.0/24"),
  ]),
  nsg("g", [
    rule(100, "Inbound", "Deny", "Tcp", "10.0.2.9/32", "*", "6380"),
    rule(110, "Outbound", "Deny", "*", "*", "Internet", "80"),
  ]),
  nsg("nic-nsg", [rule(100, "Outbound", "Deny", "Tcp", "*", "*", "6380")]),
  {
    id: `${provider}/Microsoft.Network/networkInterfaces/vm-nic`,
    name: "vm-nic",
    networkSecurityGroup: { id: nsgId("nic-nsg") },
    ipConfigurations: [{ privateIPAddress: "10.0.2.8", subnet: { id: subnetId("vnet", "app") } }],
  },
  cache("orders"),
);

test.each([
  ["10.0.2.9", "orders", "denied", /Deny-100/],
  ["10.0.2.10", "orders", "allowed", /AllowVnetInBound/],
  ["vm-nic", "orders", "denied", /Deny-100 \(100\) denies it/],
  ["vnet/app", "orders", "denied", /10\.0\.2\.9/],
  ["orders", "internet", "denied", /Deny-110/],
  ["8.8.8.8", "orders", "denied", /DenyAllInBound/],
  ["AzureLoadBalancer", "orders", "allowed", /AllowVnetInBound/],
])("from %s to %s: %s", (from, to, verdict, says) => {
  const answer = explain(network, { from, to, ...(to === "internet" && { ports: { from: 80, to: 80 } }) });
  expect(answer.verdict).toBe(verdict);
  expect(answer.steps.map((step) => step.says).join("\n")).toMatch(says);
});

test("of two ends outside of every network nothing can be told", () => {
  const answer = explain(network, { from: "192.168.0.9", to: "8.8.8.8", ports: { from: 443, to: 443 } });
  expect(answer.verdict).toBe("cannot tell");
  expect(answer.steps.map((step) => step.says)).toEqual(["neither end is in a network that was exported"]);
});

test("an end that nobody knows is an error with the nearest name; so is a port that nothing says", () => {
  expect(() => explain(network, { from: "vnet/ap", to: "orders" })).toThrow(/neither in these exports/);
  expect(() => explain(network, { from: "orders", to: "app" })).toThrow(/port is not known/);
});

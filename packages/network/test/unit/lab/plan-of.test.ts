import { expect, test } from "vitest";
import { Lookup } from "../../../src/judge/lookup.ts";
import { machinesOf } from "../../../src/lab/machines.ts";
import { labPlanOf } from "../../../src/lab/plan-of.ts";
import { compileLab } from "../../../src/lab/runner/compiled.ts";
import { cache, exported, provider, subnet, subnetId, vnet } from "../exported.ts";

const nic = (name: string, address: string, vnetName: string, subnetName: string) => ({
  id: `${provider}/Microsoft.Network/networkInterfaces/${name}`,
  name,
  ipConfigurations: [{ privateIPAddress: address, subnet: { id: subnetId(vnetName, subnetName) } }],
});

test("exports become machines: those exported, one in each subnet without, and the own DNS server", () => {
  const { network } = exported(
    vnet(
      "vnet",
      "10.0.0.0/16",
      [
        subnet("vnet", "redis", "10.0.1.0/24"),
        subnet("vnet", "app", "10.0.2.0/24"),
        subnet("vnet", "Jobs_And_More_Of_Them", "10.0.3.0/24"),
        subnet("vnet", "GatewaySubnet", "10.0.255.0/27"),
      ],
      { dhcpOptions: { dnsServers: ["10.0.2.53"] } },
    ),
    nic("vm-nic", "10.0.2.8", "vnet", "app"),
    cache("orders"),
  );
  const plan = labPlanOf(network);
  expect(plan.hosts.map(({ name, address, role }) => [name, address, role])).toEqual([
    ["dns", "10.0.2.53", "dns"],
    ["vm-nic", "10.0.2.8", "client"],
    ["jobs-and-more-o", "10.0.3.4", "client"],
  ]);
  // The first that a machine may have in the subnet of the cache.
  expect(plan.network.caches.map(({ name, staticIp }) => [name, staticIp])).toEqual([["orders", "10.0.1.4"]]);
  expect(plan.onPremises).toBeNull();
  const names = machinesOf(plan, new Lookup(plan.network)).map(({ name }) => name);
  expect(names).toEqual(["fabric", "internet", "azure-dns-1", "orders", "dns", "vm-nic", "jobs-and-more-o"]);
});

test("exports without a cache that anybody could reach are refused", () => {
  const { network } = exported(vnet("vnet", "10.0.0.0/16", [subnet("vnet", "app", "10.0.2.0/24")]));
  expect(() => labPlanOf(network)).toThrow(/hold no cache/);
});

test("networks with the same addresses cannot be in one laboratory", () => {
  const { network } = exported(
    vnet("one", "10.0.0.0/16", [subnet("one", "redis", "10.0.1.0/24")]),
    vnet("other", "10.0.128.0/17", []),
    cache("orders", { subnetId: subnetId("one", "redis") }),
  );
  expect(() => labPlanOf(network)).toThrow(/other has addresses that another network has, too/);
});

test.each([
  ["a host name", { hostName: "orders.redis.cache.windows.net\nconf-file=/etc/shadow" }],
  ["an address", { staticIP: "10.0.1.9\nnetns exec x sh" }],
])("a plan in which %s holds another line is refused, with its place", (_, more) => {
  const { network } = exported(
    vnet("vnet", "10.0.0.0/16", [subnet("vnet", "redis", "10.0.1.0/24")]),
    cache("orders", more),
  );
  expect(() => compileLab({ id: "", plan: labPlanOf(network), breakages: [] }, "/run")).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID_VALUE",
      message: expect.stringMatching(/of orders is no/),
    }),
  );
});

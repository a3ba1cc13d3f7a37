import { describe, expect, test } from "vitest";
import {
  cache,
  flows,
  judged,
  nsg,
  nsgId,
  peering,
  provider,
  routeTable,
  rule,
  subnet,
  subnetId,
  troubles,
  vnet,
} from "../exported.ts";

const home = (
  rules: readonly Record<string, unknown>[],
  more: readonly unknown[] = [],
  vnetMore = {},
  subnetMore: Record<string, unknown> = {},
) =>
  judged([
    vnet(
      "vnet",
      "10.0.0.0/16",
      [
        subnet("vnet", "redis", "10.0.1.0/24", { nsg: "g", ...subnetMore }),
        subnet("vnet", "app", "10.0.2.0/24"),
      ],
      vnetMore,
    ),
    nsg("g", rules),
    cache("one"),
    ...more,
  ]);
const out443 = (judgement: ReturnType<typeof home>) =>
  flows(judgement)
    .filter(({ flow }) => flow.row === "out-02")
    .map(({ flow, verdict, partly }) => `${flow.remoteName} ${partly ? "partly " : ""}${verdict}`);

describe("service tags without their prefixes", () => {
  test("the same tag, a wider one and Internet are sure", () => {
    for (const tag of ["AzureMonitor", "AzureCloud", "Internet", "*"])
      expect(out443(home([rule(100, "Outbound", "Deny", "*", "*", tag, "443")]))).toContain(
        "AzureMonitor denied",
      );
  });

  test("the tag of a region is a part, another service is none", () => {
    expect(
      out443(home([rule(100, "Outbound", "Deny", "*", "*", "AzureMonitor.WestEurope", "443")])),
    ).toContain("AzureMonitor partly denied");
    expect(out443(home([rule(100, "Outbound", "Deny", "*", "*", "Sql", "443")]))).toEqual([
      "AzureKeyVault allowed",
      "AzureMonitor allowed",
    ]);
  });

  test("public prefixes may be meant: cannot tell, with what to export; private ones are not", () => {
    const judgement = home([rule(100, "Outbound", "Deny", "*", "*", "20.0.0.0/8", "443")]);
    expect(out443(judgement)).toContain("AzureMonitor cannot tell");
    expect(judgement.missing.map(({ command }) => command)).toContain(
      "az network list-service-tags -l westeurope -o json",
    );
    expect(out443(home([rule(100, "Outbound", "Deny", "*", "*", "192.168.0.0/16", "443")]))).toContain(
      "AzureMonitor allowed",
    );
  });

  test("with the prefixes it can be told", () => {
    const tags = {
      values: ["AzureMonitor", "AzureKeyVault"].map((name, at) => ({
        name,
        properties: { changeNumber: 1, systemService: "", addressPrefixes: [`${20 + at}.1.0.0/16`] },
      })),
    };
    const deny = [rule(100, "Outbound", "Deny", "*", "*", "20.0.0.0/8", "443")];
    expect(out443(home(deny, [tags]))).toEqual(["AzureKeyVault allowed", "AzureMonitor denied"]);
    expect(out443(home([rule(100, "Outbound", "Deny", "*", "*", "20.1.5.0/24", "443")], [tags]))).toContain(
      "AzureMonitor partly denied",
    );
  });

  test("a rule that does not change the outcome leaves no doubt", () => {
    expect(out443(home([rule(100, "Outbound", "Allow", "*", "*", "20.0.0.0/8", "443")]))).toContain(
      "AzureMonitor allowed",
    );
  });
});

describe("priority, defaults, addresses of Azure's host", () => {
  test("the lowest number decides, whatever the order in the file", () => {
    const rules = [
      rule(300, "Outbound", "Deny", "*", "*", "*", "*"),
      rule(200, "Outbound", "Allow", "*", "*", "*", "*"),
    ];
    expect(troubles(home(rules))).toEqual([]);
    expect(troubles(home([...rules, rule(199, "Outbound", "Deny", "Udp", "*", "*", "123")]))).toEqual([
      "out-05 internet udp/123: denied",
    ]);
  });

  test("Azure's own DNS gets through a rule that denies everything", () => {
    const denied = troubles(home([rule(100, "Outbound", "Deny", "*", "*", "*", "*")]));
    expect(denied.length).toBeGreaterThan(8);
    expect(denied.join()).not.toContain("out-04");
  });

  test("rules for UDP alone leave TCP be, and the other way round", () => {
    expect(troubles(home([rule(100, "Inbound", "Deny", "Udp", "AzureLoadBalancer", "*", "*")]))).toEqual([
      "in-03 AzureLoadBalancer udp/8500: denied",
      "in-07 AzureLoadBalancer udp/16001: denied",
    ]);
  });
});

describe("application security groups", () => {
  const asg = `${provider}/Microsoft.Network/applicationSecurityGroups/web`;
  const deny = rule(100, "Inbound", "Deny", "Tcp", "", "*", "6380", {
    sourceAddressPrefix: null,
    sourceApplicationSecurityGroups: [{ id: asg }],
  });

  test("nobody knows their members without network interfaces", () => {
    const judgement = home([deny]);
    expect(troubles(judgement)).toContain("in-01 clients in vnet/app tcp/6380: cannot tell");
    expect(judgement.missing.map(({ command }) => command)).toContain("az network nic list -o json");
    // Nodes of the cache are in no group.
    expect(troubles(judgement).join()).not.toContain("nodes");
  });

  test("members that are known are denied", () => {
    const nic = {
      id: `${provider}/Microsoft.Network/networkInterfaces/nic`,
      name: "nic",
      ipConfigurations: [{ privateIPAddress: "10.0.2.9", applicationSecurityGroups: [{ id: asg }] }],
    };
    expect(troubles(home([deny], [nic]))).toContain("in-01 clients in vnet/app tcp/6380: partly denied");
  });
});

describe("what was not exported", () => {
  test("the group, the table, the network", () => {
    const net = vnet("vnet", "10.0.0.0/16", [
      subnet("vnet", "redis", "10.0.1.0/24", { nsg: "g", table: "t" }),
    ]);
    const partial = judged([net, cache("one")]);
    expect(flows(partial).every(({ verdict }) => verdict !== "denied")).toBe(true);
    expect(partial.missing.map(({ command }) => command)).toContain(
      `az network nsg show --ids ${nsgId("g")} -o json`,
    );
    const alone = judged([cache("one")]);
    expect(alone.missing.map(({ what }) => what)).toContain("virtual network vnet");
    expect(flows(alone).some(({ verdict }) => verdict === "cannot tell")).toBe(true);
  });

  test("a gateway may have learned a default route", () => {
    const net = vnet("vnet", "10.0.0.0/16", [
      subnet("vnet", "redis", "10.0.1.0/24"),
      subnet("vnet", "GatewaySubnet", "10.0.255.0/27"),
    ]);
    const judgement = judged([net, cache("one")]);
    expect(troubles(judgement)).toContain("out-01 internet tcp/443: cannot tell");
    expect(judgement.missing.map(({ command }) => command).join()).toContain("list-learned-routes");
  });

  test("unless the table keeps learned routes out, or sends everything to the internet itself", () => {
    const net = vnet("vnet", "10.0.0.0/16", [
      subnet("vnet", "redis", "10.0.1.0/24", { table: "t" }),
      subnet("vnet", "GatewaySubnet", "10.0.255.0/27"),
    ]);
    expect(
      troubles(judged([net, cache("one"), routeTable("t", [], { disableBgpRoutePropagation: true })])),
    ).toEqual([]);
    expect(troubles(judged([net, cache("one"), routeTable("t", [["0.0.0.0/0", "Internet"]])]))).toEqual([]);
  });
});

describe("which route wins", () => {
  const gateway = subnet("vnet", "GatewaySubnet", "10.0.255.0/27");
  const net = vnet("vnet", "10.0.0.0/16", [
    subnet("vnet", "redis", "10.0.1.0/24", { table: "t" }),
    subnet("vnet", "app", "10.0.2.0/24"),
    gateway,
  ]);
  const learned = (...prefixes: string[]) =>
    prefixes.map((network) => ({ network, asPath: "1", sourcePeer: "p", origin: "EBgp" }));

  test("of equal length the user's over the learned one", () => {
    expect(
      troubles(
        judged([net, cache("one"), routeTable("t", [["0.0.0.0/0", "Internet"]]), learned("0.0.0.0/0")]),
      ),
    ).toEqual([]);
    expect(troubles(judged([net, cache("one"), routeTable("t", []), learned("0.0.0.0/0")]))).toContain(
      "out-01 internet tcp/443: denied",
    );
  });

  test("a longer learned one over the user's, for what it covers", () => {
    const found = troubles(
      judged([net, cache("one"), routeTable("t", [["0.0.0.0/0", "Internet"]]), learned("20.0.0.0/8")]),
    );
    expect(found).toContain("out-01 internet tcp/443: partly denied");
  });

  test("the network's own over learned ones, however long", () => {
    const found = troubles(
      judged([net, cache("one"), routeTable("t", [["0.0.0.0/0", "Internet"]]), learned("10.0.2.0/25")]),
    );
    expect(found).toEqual([]);
  });

  test("routes in force, where they were exported, over all that would follow", () => {
    const effective = {
      value: [
        { source: "Default", state: "Active", addressPrefix: ["10.0.0.0/16"], nextHopType: "VnetLocal" },
        {
          source: "VirtualNetworkGateway",
          state: "Active",
          addressPrefix: ["0.0.0.0/0"],
          nextHopType: "VirtualNetworkGateway",
        },
      ],
    };
    const judgement = judged([net, cache("one"), routeTable("t", [["0.0.0.0/0", "Internet"]]), effective]);
    expect(troubles(judgement)).toContain("out-01 internet tcp/443: denied");
    expect(
      flows(judgement)
        .flatMap(({ steps }) => steps.map(({ says }) => says))
        .join(),
    ).toContain("taken for this subnet's");
  });
});

test("a peered network that was not exported may have clients, and is asked for", () => {
  const net = vnet("vnet", "10.0.0.0/16", [subnet("vnet", "redis", "10.0.1.0/24")], {
    virtualNetworkPeerings: [peering("far")],
  });
  expect(judged([net, cache("one")]).missing.map(({ what }) => what)).toEqual(["virtual network far"]);
});

test("a subnet is judged without its cache, when it is named", () => {
  const net = vnet("vnet", "10.0.0.0/16", [
    subnet("vnet", "redis", "10.0.1.0/24", { nsg: "g" }),
    subnet("vnet", "app", "10.0.2.0/24"),
  ]);
  const group = nsg("g", [rule(100, "Outbound", "Deny", "Udp", "*", "*", "123")]);
  const judgement = judged([net, group], { redisSubnets: ["vnet/redis"] });
  expect(troubles(judgement)).toEqual(["out-05 internet udp/123: denied"]);
  expect(() => judged([net], { redisSubnets: ["nowhere"] })).toThrow('There is no subnet "nowhere"');
});

test("what VirtualNetwork stands for is taken from rules in force, where they say it", () => {
  const net = vnet("vnet", "10.0.0.0/16", [
    subnet("vnet", "redis", "10.0.1.0/24", { nsg: "g", table: "t" }),
    subnet("vnet", "GatewaySubnet", "10.0.255.0/27"),
  ]);
  const deny = rule(100, "Outbound", "Deny", "*", "*", "VirtualNetwork", "443");
  const resources = [net, nsg("g", [deny]), routeTable("t", [["0.0.0.0/0", "Internet"]]), cache("one")];
  expect(out443(judged(resources))).toContain("AzureMonitor cannot tell");
  const effective = {
    value: [
      {
        association: { subnet: { id: subnetId("vnet", "redis") } },
        networkSecurityGroup: { id: nsgId("g") },
        effectiveSecurityRules: [],
        tagMap: { VirtualNetwork: ["10.0.0.0/16", "168.63.129.16/32"] },
      },
    ],
  };
  expect(out443(judged([...resources, effective]))).toEqual([
    "AzureKeyVault allowed",
    "AzureMonitor allowed",
  ]);
});

test("a large estate is judged in a second or so", () => {
  const names = Array.from({ length: 60 }, (_, at) => `spoke${at}`);
  const rules = Array.from({ length: 50 }, (_, at) =>
    rule(100 + at, "Outbound", at % 2 === 0 ? "Allow" : "Deny", "Tcp", "*", `10.${200 + at}.0.0/16`, "*"),
  );
  const spokes = names.map((name, at) =>
    vnet(
      name,
      `10.${at + 1}.0.0/16`,
      Array.from({ length: 8 }, (_, n) =>
        subnet(name, `s${n}`, `10.${at + 1}.${n}.0/24`, { nsg: `${name}-nsg` }),
      ),
      { virtualNetworkPeerings: [peering("vnet")] },
    ),
  );
  const hub = vnet("vnet", "10.0.0.0/16", [subnet("vnet", "redis", "10.0.1.0/24")], {
    virtualNetworkPeerings: names.map((name) => peering(name)),
  });
  const resources = [hub, ...spokes, ...names.map((name) => nsg(`${name}-nsg`, rules)), cache("one")];
  const started = performance.now();
  const judgement = judged(resources);
  const ms = performance.now() - started;
  console.info(`${flows(judgement).length} flows of ${names.length * 8} subnets: ${ms.toFixed(0)} ms`);
  expect(flows(judgement).length).toBeGreaterThan(2000);
  expect(troubles(judgement)).toEqual([]);
  expect(ms).toBeLessThan(20_000);
});

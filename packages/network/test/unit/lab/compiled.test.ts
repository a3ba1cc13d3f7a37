import { describe, expect, test } from "vitest";
import { brokenPlan, type CauseId, causeIds, causes } from "../../../src/lab/causes.ts";
import { exampleLab } from "../../../src/lab/example.ts";
import { linkAddresses } from "../../../src/lab/fabric-routes.ts";
import type { LabPlan } from "../../../src/lab/plan.ts";
import { compileLab } from "../../../src/lab/runner/compiled.ts";
import { serversOf } from "../../../src/lab/servers.ts";

const compile = (plan: LabPlan, broken: readonly CauseId[] = [], mended = false) =>
  compileLab(
    { id: "00000000", plan, breakages: broken.map((cause) => ({ cause, mended })) },
    "/run/redoubt-lab/lab",
  );
const example = exampleLab();
const healthy = compile(example);

/** The line of a chain with that word in it. */
const rule = (rules: string, word: string) => rules.split("\n").find((line) => line.includes(word)) ?? "";

/** The lines of a chain. */
function chainOf(rules: string, name: string): string {
  const [, from = ""] = rules.split(`  chain ${name} {\n`);
  return (from.split("\n  }")[0] ?? "").replaceAll(/^ +/gm, "");
}

describe("rules", () => {
  test("are those of the groups, in the order of their priorities, and what no rule names is dropped", () => {
    const { rules } = healthy;
    expect(rule(rules, "redis-in-clients (200)")).toContain(
      "ip saddr { 10.0.2.0-10.0.2.255, 10.1.1.0-10.1.1.255, 10.2.1.0-10.2.1.255, 192.168.0.0-192.168.0.255 } ip daddr { 10.0.1.0-10.0.1.31 }",
    );
    expect(rule(rules, "redis-in-clients (200)")).toContain(
      "meta l4proto tcp th dport { 6379-6380, 10221-10231, 13000-13999, 15000-15999 } counter return",
    );
    const chain = chainOf(rules, "inbound-hub-redis-nsg");
    const priorities = [...chain.matchAll(/\((\d+)\)/g)].map(([, priority]) => Number(priority));
    expect(priorities.length).toBeGreaterThan(5);
    expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
    expect(chain.trimEnd().endsWith("drop")).toBe(true);
  });

  test("leave what the host serves alone, unless they name its tags", () => {
    const chain = chainOf(healthy.rules, "outbound-hub-redis-nsg");
    expect(chain.split("\n")[0]).toBe("ip daddr { 168.63.129.16, 169.254.169.254 } return");
  });

  test("keep open what is open, and let nobody in from the internet", () => {
    expect(healthy.rules).toMatch(/^flush ruleset\n/);
    expect(healthy.rules).toContain("ct state established,related accept");
    expect(healthy.rules).toContain('iifname "internet" drop');
  });
});

describe("routes", () => {
  test("of a subnet: its own and peered networks are let through to delivery, private addresses dropped, the rest leaves", () => {
    const table = /rule add pref 100 iif app lookup (\d+)/.exec(healthy.routes.join("\n"))?.[1] ?? "none";
    const own = healthy.routes.filter((line) => line.includes(`table ${table} `));
    expect(own).toContain(`route add throw 10.0.0.0/16 table ${table} metric 30`);
    expect(own).toContain(`route add throw 10.1.0.0/16 table ${table} metric 30`);
    expect(own).toContain(`route add blackhole 10.0.0.0/8 table ${table} metric 30`);
    expect(own).toContain(
      `route add 0.0.0.0/0 via ${linkAddresses.internet} dev internet onlink table ${table} metric 30`,
    );
    expect(own).toContain(
      `route add 192.168.0.0/24 via ${linkAddresses.gateway} dev gateway onlink table ${table} metric 20`,
    );
  });

  test("forced tunnelling leads everything to the gateway; the remedy's own route wins over it", () => {
    const defaults = (routes: readonly string[]) => {
      const table = /rule add pref 100 iif orders lookup (\d+)/.exec(routes.join("\n"))?.[1] ?? "none";
      return routes
        .filter((line) => line.includes(" 0.0.0.0/0 ") && line.includes(`table ${table} `))
        .map((line) => [/dev (\w+)/.exec(line)?.[1], Number(/metric (\d+)/.exec(line)?.[1])] as const)
        .toSorted((a, b) => a[1] - b[1]);
    };
    expect(defaults(compile(example, ["forced-tunnelling"]).routes)[0]).toEqual(["gateway", 20]);
    expect(defaults(compile(example, ["forced-tunnelling"], true).routes).slice(0, 2)).toEqual([
      ["internet", 10],
      ["gateway", 20],
    ]);
  });
});

describe("names", () => {
  test("Azure's DNS has the private answer where the zone is linked, and the public one where not", () => {
    const linked = healthy.dns.get("azure-dns-1") ?? "";
    expect(linked).toContain(
      "cname=sessions.westeurope.redis.azure.net,sessions.westeurope.privatelink.redis.azure.net",
    );
    expect(linked).toContain("host-record=sessions.westeurope.privatelink.redis.azure.net,10.0.3.4");
    const unlinked = compile(example, ["zone-not-linked"]).dns.get("azure-dns-1") ?? "";
    expect(unlinked).toContain("host-record=sessions.westeurope.privatelink.redis.azure.net,203.0.113.101");
    expect(unlinked).not.toContain("10.0.3.4");
  });

  test("own servers forward; on-premises the way leads through the one inside the network", () => {
    expect(healthy.dns.get("dns")).toContain("server=168.63.129.16");
    expect(healthy.dns.get("office-dns")).toContain("server=10.0.5.4");
    expect(healthy.resolvers.get("web")).toEqual(["10.0.5.4"]);
    expect(healthy.resolvers.get("office")).toEqual(["192.168.0.53"]);
    expect(healthy.resolvers.get("app")).toEqual(["168.63.129.16"]);
    expect(compile(example, ["own-dns-unaware"]).dns.get("dns")).not.toContain("redis.azure.net");
  });
});

test("ports of caches are those of Microsoft's pages", () => {
  const [orders, sessions] = example.network.caches;
  if (orders === undefined || sessions === undefined) throw new Error("the example has two caches");
  expect(
    serversOf(orders).servers.map(({ tlsPort, plainPort, slots }) => [tlsPort, plainPort, slots]),
  ).toEqual([
    [15_000, null, [0, 8191]],
    [15_001, null, [8192, 16_383]],
  ]);
  expect(serversOf(orders).redirects).toEqual([[6380, 15_000]]);
  expect(serversOf({ ...orders, plaintext: true }).redirects).toEqual([
    [6380, 15_000],
    [6379, 13_000],
  ]);
  expect(serversOf({ ...orders, shards: 0, plaintext: true }).servers[0]).toMatchObject({
    tlsPort: 6380,
    plainPort: 6379,
    slots: null,
  });
  expect(serversOf(sessions).redirects).toEqual([[10_000, 8500]]);
  expect(serversOf({ ...sessions, clusteringPolicy: "EnterpriseCluster" }).servers).toHaveLength(1);
});

test("every cause changes the plan, and its mending changes what follows from it back or otherwise", () => {
  const texts = (plan: LabPlan, broken: readonly CauseId[] = [], mended = false) => {
    const { rules, routes, dns, plan: whole } = compile(plan, broken, mended);
    return JSON.stringify([rules, routes, [...dns], whole.stopped, whole.dialling]);
  };
  for (const id of causeIds) {
    expect(texts(example, [id]), id).not.toBe(texts(example));
    expect(causes[id].findings.length, id).toBeGreaterThan(0);
    if ("remedy" in causes[id]) expect(texts(example, [id], true), id).not.toBe(texts(example, [id]));
  }
});

test("a cause that a network has nothing for, and one that there is not, are refused by name", () => {
  const bare = { ...example, onPremises: null };
  expect(() => brokenPlan(bare, [{ cause: "forced-tunnelling", mended: false }])).toThrow(
    /nothing that could break/,
  );
  expect(() => brokenPlan(example, [{ cause: "cache-dwon", mended: false }])).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID_VALUE", hint: expect.stringContaining('"cache-down"') }),
  );
});

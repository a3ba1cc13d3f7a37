import { describe, expect, test } from "vitest";
import { type PlannedRule, planRules, type RulesRequest } from "../../../src/plan/rules.ts";
import {
  cache,
  cacheId,
  flows,
  judged,
  nsg,
  peering,
  plannedRule,
  rule,
  subnet,
  subnetId,
  troubles,
  vnet,
} from "../exported.ts";

const everything: RulesRequest = {
  subnet: "10.0.1.0/24",
  clients: ["10.0.2.0/24", "10.0.3.0/24"],
  clustered: true,
  plaintext: true,
  geoPeers: ["10.7.1.0/24"],
  dnsServers: ["10.0.9.4", "10.0.9.5"],
};

function network(rules: readonly PlannedRule[]) {
  const peer = vnet("far", "10.7.0.0/16", [subnet("far", "redis", "10.7.1.0/24")], {
    virtualNetworkPeerings: [peering("vnet")],
  });
  return [
    vnet(
      "vnet",
      "10.0.0.0/16",
      [
        subnet("vnet", "redis", "10.0.1.0/24", { nsg: "redis-nsg" }),
        subnet("vnet", "app", "10.0.2.0/24"),
        subnet("vnet", "web", "10.0.3.0/24"),
        subnet("vnet", "dns", "10.0.9.0/24"),
      ],
      { dhcpOptions: { dnsServers: ["10.0.9.4", "10.0.9.5"] }, virtualNetworkPeerings: [peering("far")] },
    ),
    peer,
    nsg("redis-nsg", rules.map(plannedRule)),
    cache("near", {
      enableNonSslPort: true,
      linkedServers: [{ id: `${cacheId("near")}/linkedServers/away` }],
    }),
    cache("away", {
      subnetId: subnetId("far", "redis"),
      linkedServers: [{ id: `${cacheId("away")}/linkedServers/near` }],
    }),
  ];
}

const judgeNear = (rules: readonly PlannedRule[]) => {
  const judgement = judged(network(rules), { clients: ["app", "web"] });
  return { ...judgement, caches: judgement.caches.filter((one) => one.cache.name === "near") };
};

describe("the rules of a plan", () => {
  const rules = planRules(everything);
  const allows = rules.filter(({ access }) => access === "Allow");

  test("let every flow through that the tables ask for", () => {
    const judgement = judgeNear(rules);
    expect(flows(judgement).length).toBeGreaterThan(40);
    expect(troubles(judgement)).toEqual([]);
  });

  test.each(allows.map((one) => [one.name, one] as const))(
    "without %s, exactly its flows are denied",
    (name, removed) => {
      const mine = flows(judgeNear(rules)).filter(({ steps }) => steps.some((step) => step.rule === name));
      expect(mine.length).toBeGreaterThan(0);
      expect(new Set(mine.map(({ flow }) => flow.row))).toEqual(new Set(removed.rows));
      const left = judgeNear(rules.filter((one) => one !== removed));
      expect(troubles(left).toSorted()).toEqual(mine.map(({ flow }) => `${flow.id}: denied`).toSorted());
    },
  );

  test("have priorities of their own, and texts that Azure takes", () => {
    const priorities = rules.map(({ priority, direction }) => `${priority} ${direction}`);
    expect(new Set(priorities).size).toBe(rules.length);
    for (const { name, priority, description } of rules) {
      expect(priority).toBeGreaterThanOrEqual(100);
      expect(priority).toBeLessThanOrEqual(4096);
      expect(description.length).toBeLessThanOrEqual(140);
      expect(name).toMatch(/^[a-z][a-z-]{0,78}[a-z]$/);
    }
  });
});

test("a cache that is neither clustered nor replicated needs fewer rules", () => {
  const names = planRules({ subnet: "10.0.1.0/28", clients: ["10.0.2.0/24"] }).map(({ name }) => name);
  expect(names).not.toContain("redis-in-geo");
  expect(names).not.toContain("redis-out-dns");
  const [clients] = planRules({ subnet: "10.0.1.0/28", clients: ["10.0.2.0/24"] });
  expect(clients?.ports).toEqual(["6380"]);
});

test("what is no prefix is refused, with its key", () => {
  expect(() => planRules({ subnet: "10.0.1.0/33", clients: [] })).toThrow(/^subnet must be IPv4 prefixes/);
  expect(() => planRules({ subnet: "10.0.1.0/28", clients: ["app"] })).toThrow(/^clients must/);
});

test("1,000 rules and all flows are judged in well under a second", () => {
  const random = (seed: number, most: number) => (Math.imul(seed, 2_654_435_761) >>> 8) % most;
  const many = Array.from({ length: 1000 }, (_, index) => {
    const direction = index % 2 === 0 ? "Inbound" : "Outbound";
    const far = `${20 + random(index, 100)}.${random(index + 7, 256)}.0.0/${12 + random(index, 12)}`;
    const near = `10.0.1.${random(index + 3, 256)}/${24 + random(index, 8)}`;
    const from = 1 + random(index + 1, 20_000);
    const [source, destination] = direction === "Inbound" ? [far, near] : [near, far];
    return rule(
      200 + index,
      direction,
      index % 3 === 0 ? "Deny" : "Allow",
      "*",
      source,
      destination,
      `${from}-${from + random(index, 9000)}`,
    );
  });
  const resources = network(planRules(everything));
  resources[2] = nsg("redis-nsg", many);
  const started = performance.now();
  const judgement = judged(resources, { clients: ["app", "web"] });
  const ms = performance.now() - started;
  console.info(`1,000 rules × ${flows(judgement).length} flows: ${ms.toFixed(0)} ms`);
  expect(flows(judgement).length).toBeGreaterThan(90);
  expect(ms).toBeLessThan(5000);
});

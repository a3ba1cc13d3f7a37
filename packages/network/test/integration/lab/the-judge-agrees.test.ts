import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain } from "../../../src/judge/explain.ts";
import { exampleLab } from "../../../src/lab/example.ts";
import { type Lab, labDown, labReplan, labUp } from "../../../src/lab/lab.ts";
import type { LabPlan } from "../../../src/lab/plan.ts";
import type { Network } from "../../../src/model/network.ts";
import type { Route } from "../../../src/model/route.ts";
import { defaultRules, type Protocol, type SecurityRule } from "../../../src/model/rule.ts";
import { unfit } from "./ground.ts";
import { Prober } from "./prober.ts";

const name = `agree-${process.pid}`;
const base = exampleLab();

/** Where flows begin and end: what the judge calls it, the machine, and the address. */
const sources = [
  { end: "10.0.2.4", machine: "app" },
  { end: "10.1.1.4", machine: "web" },
  { end: "10.2.1.4", machine: "jobs" },
  { end: "192.168.0.10", machine: "office" },
  { end: "10.0.5.4", machine: "dns" },
  { end: "orders", machine: "orders" },
];
const targets = [
  { end: "orders", address: "10.0.1.10" },
  { end: "sessions", address: "10.0.3.4" },
  { end: "10.0.2.4", address: "10.0.2.4" },
  { end: "10.1.1.4", address: "10.1.1.4" },
  { end: "10.2.1.4", address: "10.2.1.4" },
  { end: "10.0.5.4", address: "10.0.5.4" },
  { end: "192.168.0.10", address: "192.168.0.10" },
  { end: "198.51.100.4", address: "198.51.100.4" },
  { end: "203.0.113.81", address: "203.0.113.81" },
];
const ports = [
  22, 80, 443, 1688, 6379, 6380, 8443, 8500, 8550, 10_000, 10_221, 12_000, 13_000, 15_000, 15_999, 16_001,
  20_226,
];
/** On these nothing answers by UDP, so that the refusal tells. */
const udpPorts = [123, 8500, 16_001, 999];

const word = fc.constantFrom(
  "*",
  "VirtualNetwork",
  "Internet",
  "AzureKeyVault",
  "AzureCloud",
  "10.0.0.0/16",
  "10.0.1.0/27",
  "10.0.2.0/24",
  "10.0.2.4",
  "10.1.0.0/16",
  "10.2.1.0/25",
  "192.168.0.0/24",
  "203.0.113.0/24",
);
const rule = fc.record({
  priority: fc.integer({ min: 100, max: 400 }),
  direction: fc.constantFrom("Inbound", "Outbound"),
  access: fc.constantFrom("Allow", "Deny"),
  protocol: fc.constantFrom("*", "Tcp", "Udp"),
  sources: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
  destinations: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
  destinationPorts: fc.uniqueArray(
    fc.constantFrom(
      "*",
      "80",
      "443",
      "6379-6380",
      "6380",
      "8500-8599",
      "10000",
      "13000-13999",
      "15000",
      "1-9999",
    ),
    { minLength: 1, maxLength: 2 },
  ),
});
const route = fc.record({
  prefix: fc.constantFrom(
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.1.1.0/24",
    "10.2.0.0/16",
    "198.51.100.0/28",
    "10.0.2.4/32",
  ),
  nextHop: fc.constantFrom<Route["nextHop"]>("Internet", "None", "VnetLocal"),
});
const change = fc.record({
  rules: fc.array(
    fc.uniqueArray(rule, {
      selector: ({ priority, direction }) => `${direction} ${priority}`,
      maxLength: 12,
    }),
    {
      minLength: 5,
      maxLength: 5,
    },
  ),
  routes: fc.array(fc.uniqueArray(route, { selector: ({ prefix }) => prefix, maxLength: 3 }), {
    minLength: 5,
    maxLength: 5,
  }),
  closed: fc.option(fc.constantFrom("hub", "spoke", "far"), { nil: null, freq: 4 }),
  zoned: fc.boolean(),
});

/** The example with other rules, routes and peerings. */
function changed({
  rules,
  routes,
  closed,
  zoned,
}: typeof change extends fc.Arbitrary<infer T> ? T : never): LabPlan {
  const places = [
    ["hub", "redis"],
    ["hub", "app"],
    ["hub", "endpoints"],
    ["spoke", "web"],
    ["far", "jobs"],
  ] as const;
  const idOf = (vnet: string, subnet: string) =>
    base.network.vnets.find((one) => one.name === vnet)?.subnets.find((one) => one.name === subnet)?.id ?? "";
  const network: Network = {
    ...base.network,
    vnets: base.network.vnets.map((vnet) => ({
      ...vnet,
      peerings: vnet.peerings.map((peering) => ({ ...peering, allowAccess: vnet.name !== closed })),
      subnets: vnet.subnets.map((subnet) => ({ ...subnet, nsgId: null, routeTableId: null })),
    })),
    caches: base.network.caches.map((cache) =>
      cache.subnetId === null || zoned ? cache : { ...cache, zones: [] },
    ),
    nsgs: places.map(([vnet, subnet], index) => ({
      id: `nsg-${index}`,
      name: `nsg-${index}`,
      nicIds: [],
      subnetIds: [idOf(vnet, subnet)],
      rules: [
        ...(rules[index] ?? []).map(
          (one, at): SecurityRule => ({
            ...one,
            name: `rule-${at}`,
            sourceAsgIds: [],
            destinationAsgIds: [],
            sourcePorts: ["*"],
          }),
        ),
        ...defaultRules,
      ],
    })),
    routeTables: places.map(([vnet, subnet], index) => ({
      id: `table-${index}`,
      name: `table-${index}`,
      disableBgp: false,
      subnetIds: [idOf(vnet, subnet)],
      routes: (routes[index] ?? []).map((one, at) => ({
        ...one,
        name: `route-${at}`,
        nextHopAddress: null,
        source: "User" as const,
      })),
    })),
  };
  return { ...base, network };
}

interface Flow {
  readonly from: (typeof sources)[number];
  readonly to: (typeof targets)[number];
  readonly protocol: Protocol;
  readonly port: number;
}

function flowsOf(seed: number): Flow[] {
  const tcp = fc.record({
    from: fc.constantFrom(...sources),
    to: fc.constantFrom(...targets),
    protocol: fc.constant<Protocol>("Tcp"),
    port: fc.constantFrom(...ports),
  });
  const udp = fc.record({
    from: fc.constantFrom(...sources),
    to: fc.constantFrom(...targets),
    protocol: fc.constant<Protocol>("Udp"),
    port: fc.constantFrom(...udpPorts),
  });
  return fc
    .sample(fc.oneof({ weight: 5, arbitrary: tcp }, { weight: 1, arbitrary: udp }), { seed, numRuns: 90 })
    .filter(({ from, to }) => from.end !== to.end);
}

describe.skipIf(unfit !== "")(`judge and laboratory ${unfit}`, () => {
  let lab: Lab;
  const probers = new Map<string, Prober>();
  beforeAll(async () => {
    lab = await labUp({ name });
    for (const { machine } of sources) probers.set(machine, new Prober(lab, machine));
  });
  afterAll(async () => {
    for (const prober of probers.values()) prober[Symbol.dispose]();
    await labDown(name);
  });

  /** What the two disagree about, and about how many flows both know. */
  async function compare(plan: LabPlan, flows: readonly Flow[]) {
    const { current } = await labReplan(name, plan);
    const compared = await Promise.all(
      flows.map(async ({ from, to, protocol, port }) => {
        const { verdict, steps } = explain(current.network, {
          from: from.end,
          to: to.end,
          protocol,
          ports: { from: port, to: port },
        });
        if (verdict === "cannot tell") return null;
        const reached = (await probers.get(from.machine)?.reaches(protocol, to.address, port)) ?? null;
        const why = steps.map((step) => `${step.kind} ${step.at}: ${step.verdict}, ${step.says}`);
        return { flow: `${from.machine} to ${to.end} ${protocol} ${port}`, verdict, reached, why };
      }),
    );
    const decided = compared.filter((one) => one !== null);
    const wrong = decided.filter(({ verdict, reached }) => (verdict === "allowed") !== reached);
    return { decided: decided.length, allowed: decided.filter(({ reached }) => reached).length, wrong };
  }

  test("agree about the example", async () => {
    const { decided, allowed, wrong } = await compare(base, flowsOf(1));
    expect(wrong).toEqual([]);
    expect(decided).toBeGreaterThan(60);
    expect(allowed).toBeGreaterThan(10);
  });

  test("agree about networks of random rules, routes and peerings", async () => {
    let [decided, allowed] = [0, 0];
    const seed = Number(process.env["SEED"] ?? 20_261_130);
    for (const [index, one] of fc.sample(change, { seed, numRuns: 12 }).entries()) {
      const found = await compare(changed(one), flowsOf(seed + index));
      expect(found.wrong, `network ${index} of seed ${seed}`).toEqual([]);
      decided += found.decided;
      allowed += found.allowed;
    }
    // Neither all nor nothing got through, and little was undecided.
    expect(decided).toBeGreaterThan(600);
    expect(allowed).toBeGreaterThan(60);
    expect(decided - allowed).toBeGreaterThan(60);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { Filter, type Question } from "../../../src/judge/nsg.ts";
import { addresses } from "../../../src/judge/space.ts";
import { everyAddress, prefixesSet } from "../../../src/model/address.ts";
import { IntervalSet } from "../../../src/model/intervals.ts";
import { type Access, defaultRules, type SecurityRule } from "../../../src/model/rule.ts";
import { bruteForce } from "./brute-force.ts";

// A small world, so that rules overlap often: two subnets of a network, a peer, the balancer, and the internet.
const places = [
  "10.0.1.4",
  "10.0.1.5",
  "10.0.1.9",
  "10.0.2.4",
  "10.0.2.77",
  "10.9.0.1",
  "20.1.2.3",
  "20.1.9.9",
  "52.0.0.1",
  "168.63.129.16",
];
const network = ["10.0.0.0/16", "10.9.0.0/16", "168.63.129.16/32"];
const storage = ["20.1.0.0/16"];
const meaning = {
  virtualNetwork: { sure: prefixesSet(network), maybe: prefixesSet(network) },
  asgs: new Map(),
  asgsAtMost: IntervalSet.empty,
  tags: new Map([["storage", prefixesSet(storage)]]),
};
const tags = {
  VirtualNetwork: network,
  AzureLoadBalancer: ["168.63.129.16/32"],
  Storage: storage,
  // Of the addresses of this world, these are public.
  Internet: ["20.0.0.0/8", "52.0.0.0/8"],
};

const address = fc.constantFrom(
  "*",
  "0.0.0.0/0",
  "VirtualNetwork",
  "Internet",
  "AzureLoadBalancer",
  "Storage",
  "10.0.0.0/16",
  "10.0.1.0/24",
  "10.0.1.4/30",
  "10.0.1.5",
  "10.0.2.0/24",
  "10.9.0.0/16",
  "20.1.2.0/24",
  "20.0.0.0/8",
  "52.0.0.1/32",
);
const portText = fc.constantFrom(
  "*",
  "80",
  "443",
  "80-443",
  "6379-6380",
  "6380",
  "13000-13999",
  "15000-15999",
  "1024-20000",
);
const list = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });
const rule: fc.Arbitrary<SecurityRule> = fc.record({
  name: fc.constant("random"),
  priority: fc.integer({ min: 100, max: 4096 }),
  direction: fc.constantFrom("Inbound" as const, "Outbound" as const),
  access: fc.constantFrom("Allow" as const, "Deny" as const),
  protocol: fc.constantFrom("*", "Tcp", "Udp"),
  sources: list(address),
  destinations: list(address),
  sourceAsgIds: fc.constant([]),
  destinationAsgIds: fc.constant([]),
  sourcePorts: fc.oneof(
    { weight: 5, arbitrary: fc.constant(["*"]) },
    { weight: 1, arbitrary: list(portText) },
  ),
  destinationPorts: list(portText),
});
/** Priority and direction together are unique, as Azure wants it. */
const rules = fc.uniqueArray(rule, {
  maxLength: 14,
  selector: ({ priority, direction }) => `${priority} ${direction}`,
});
const flow = fc.record({
  direction: fc.constantFrom("Inbound" as const, "Outbound" as const),
  protocol: fc.constantFrom("Tcp" as const, "Udp" as const),
  local: fc.constantFrom(...places),
  remote: fc.constantFrom(...places),
  port: fc.constantFrom(79, 80, 443, 444, 6379, 6380, 8500, 13_500, 15_000, 20_226),
});

/** On either side of every boundary that a rule of this world can have. */
const sourcePorts = [
  1024, 6378, 6379, 6380, 6381, 12_999, 13_000, 13_999, 14_000, 14_999, 15_000, 15_999, 16_000, 20_000,
  20_001, 65_535,
];

function packetsOf(question: {
  direction: "Inbound" | "Outbound";
  local: string;
  remote: string;
  port: number;
  protocol: "Tcp" | "Udp";
}) {
  const { direction, protocol, port, local, remote } = question;
  const ends =
    direction === "Inbound" ? { source: remote, destination: local } : { source: local, destination: remote };
  return sourcePorts.map((sourcePort) => ({
    direction,
    protocol,
    port,
    sourcePort,
    ...ends,
  }));
}

const point = (text: string) => addresses(prefixesSet([text]));

test("on single flows, the judge and a brute-force evaluator agree on every one of 120,000", () => {
  let compared = 0;
  fc.assert(
    fc.property(rules, fc.array(flow, { minLength: 100, maxLength: 100 }), (custom, flows) => {
      const all = [...custom, ...defaultRules];
      const filter = new Filter({ rules: all }, meaning);
      for (const one of flows) {
        const cells = filter.decide({
          direction: one.direction,
          protocol: one.protocol,
          ports: IntervalSet.of([one.port, one.port]),
          local: point(one.local),
          remote: point(one.remote),
        });
        const expected = new Set(packetsOf(one).map((packet) => bruteForce(all, packet, tags)));
        compared++;
        const actual = new Set<string>(cells.map(({ access }) => access));
        if ([...actual].toSorted().join() !== [...expected].toSorted().join())
          throw new Error(`${[...actual].join()}, not ${[...expected].join()}`);
      }
    }),
    { numRuns: 1200 },
  );
  console.info(`${compared} flows compared`);
  expect(compared).toBeGreaterThanOrEqual(100_000);
});

test("on whole regions, every point has the verdict of the cell that it is in, and is in one", () => {
  let compared = 0;
  fc.assert(
    fc.property(rules, fc.constantFrom("Inbound" as const, "Outbound" as const), (custom, direction) => {
      const all = [...custom, ...defaultRules].map((one) => ({ ...one, sourcePorts: ["*"] }));
      const question: Question = {
        direction,
        protocol: "Tcp",
        ports: IntervalSet.of([0, 65_535]),
        local: addresses(prefixesSet(["10.0.1.0/24"])),
        remote: addresses(everyAddress),
      };
      const cells = new Filter({ rules: all }, meaning).decide(question);
      for (const remote of places)
        for (const local of places.slice(0, 3))
          for (const port of [80, 443, 6380, 13_500, 20_226]) {
            const inside = cells.filter(
              (cell) =>
                cell.ports.has(port) &&
                cell.local.kind === "addresses" &&
                cell.remote.kind === "addresses" &&
                cell.local.set.covers(prefixesSet([local])) &&
                cell.remote.set.covers(prefixesSet([remote])),
            );
            const [packet] = packetsOf({ direction, protocol: "Tcp", local, remote, port });
            const access = new Set(inside.map((cell): Access | "unknown" => cell.access));
            if (packet === undefined) throw new Error("no packet");
            const expected = bruteForce(all, packet, tags);
            compared++;
            expect(inside.length).toBe(1);
            expect(access).toEqual(new Set([expected]));
          }
    }),
    { numRuns: 400 },
  );
  console.info(`${compared} points compared`);
  expect(compared).toBeGreaterThanOrEqual(50_000);
});

import { expect, test } from "vitest";
import { areReached, connectGoalsOf, goalsOf } from "../../src/tunnels/goals.ts";
import type { ConnectFigures, Figures, ShapeRow } from "../../src/tunnels/summary.ts";
import { whyMissed, whySlow } from "../../src/tunnels/why.ts";

const busy = { own: 0.97, redis: 0.4, load: 0.5, others: 0 };
const made = (contender: string, perSecond: number, cpuPerMillion: number): Figures => ({
  contender,
  perSecond,
  cpuPerMillion,
  p50: 1,
  p99: 2,
  busy,
});
const own = made("Redoubt tunnel", 54, 17.3);
const row: ShapeRow = {
  mode: "client",
  shape: "50 clients",
  goal: 1.5,
  figures: [made("direct", 60, Number.NaN), made("stunnel", 22, 45), made("HAProxy", 42, 20.2), own],
};

test("a missed goal is told with who was busy, what a command costs each, and where the time goes", () => {
  const goals = goalsOf(row, own);
  expect(areReached(goals)).toBe(false);
  expect(goals.map(({ what, aim, isReached }) => [what, aim, isReached])).toEqual([
    ["commands/s, to the best of the three", "≥ 1.50", false],
    ["CPU, to the least of the three", "≤ 1.00", true],
  ]);
  const why = { hotSpots: { kinds: [["kernel", 56]], functions: [["tcp_ack", 2]] }, profile: null } as const;
  const told = whyMissed(row, { ...own, why });
  expect(told).toContain(
    "the tunnel was busy all the time (the tunnel 97 % of a core, Redis 40 %, the load 50 %)",
  );
  expect(told).toContain("without anything in between it is 1.43 times the best of the three");
  expect(told).toContain("CPU per command, µs: stunnel 45.0, HAProxy 20.2");
  expect(told).toContain("samples: kernel 56 %, most in `tcp_ack` 2 %");
  const disturbed = { ...own, busy: { ...busy, others: 0.8 } };
  expect(whyMissed(row, disturbed)).toContain("; others used 0.8 CPUs meanwhile; ");
  expect(told).not.toContain("others used");
  expect(whyMissed(row, own)).toContain("it was not looked at where the time goes");
});

test("connections are held against stunnel's", () => {
  const opened = (contender: string, connects: number, connectsResumed: number): ConnectFigures => ({
    mode: "client",
    contender,
    connects,
    connectsResumed,
    cpuPerConnect: 1.5,
    cpuPerConnectResumed: 0.7,
    busy,
    busyResumed: busy,
    memory: 1,
  });
  const ours = opened("Redoubt relay", 500, 1600);
  const rows = [opened("stunnel", 900, 1500), ours];
  const { fresh, resumed } = connectGoalsOf(rows, ours);
  expect([areReached(fresh), areReached(resumed)]).toEqual([false, true]);
  expect(whySlow(rows, ours, false)).toContain("CPU per connection, ms: stunnel 1.50, Redoubt relay 1.50");
  expect(connectGoalsOf(rows, rows[0] as ConnectFigures).fresh).toEqual([]);
});

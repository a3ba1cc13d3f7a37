import type { Profiler } from "node:inspector/promises";
import { expect, test } from "vitest";
import { nodeKinds, ownTimes } from "../../src/probes/own-times.ts";

const node = (id: number, functionName: string, url: string): Profiler.ProfileNode => ({
  id,
  callFrame: { functionName, url, scriptId: "0", lineNumber: 6, columnNumber: 0 },
});

/** A profile whose samples are 100 µs apart, from 1000 µs on. */
const profile = (samples: number[]): Profiler.Profile => ({
  nodes: [node(1, "(idle)", ""), node(2, "write", ""), node(3, "take", "file:///x/line.js")],
  startTime: 1000,
  endTime: 2000,
  samples,
  timeDeltas: samples.map(() => 100),
});

const kinds = [...nodeKinds, ["ours", () => true] as const];

test("shares are of the time in which something was done, over all processes", () => {
  const found = ownTimes([profile([1, 2, 3, 3]), profile([3, 1])], kinds);
  expect(found.kinds).toEqual([
    ["ours", 75],
    ["native, writing: encrypting, the kernel's send", 25],
  ]);
  expect(found.functions).toEqual([
    ["take line.js:7", 75],
    ["write", 25],
  ]);
});

test("only samples of the span count", () => {
  expect(ownTimes([profile([2, 2, 3, 2])], kinds, { from: 1250, to: 1350 }).kinds).toEqual([["ours", 100]]);
  expect(ownTimes([profile([2, 2])], kinds, { from: 5000, to: 6000 }).kinds).toEqual([]);
});

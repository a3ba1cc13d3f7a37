import { expect, test } from "vitest";
import { type PlannedCache, planSubnet } from "../../../src/plan/subnet.ts";

const several = (count: number, cache: PlannedCache = {}) => Array.from({ length: count }, () => cache);

test.each<[name: string, caches: PlannedCache[], needed: number, prefix: number, spare: number]>([
  ["one that is not clustered", [{}], 8, 29, 0],
  ["the same with three replicas", [{ replicasPerPrimary: 3 }], 10, 28, 6],
  ["two that are not clustered", several(2), 11, 28, 5],
  ["three shards", [{ shards: 3 }], 12, 28, 4],
  ["three shards with two replicas", [{ shards: 3, replicasPerPrimary: 2 }], 15, 28, 1],
  ["five that are not clustered", several(5), 20, 27, 12],
  ["ten shards", [{ shards: 10 }], 26, 27, 6],
  ["ten shards and one that is not clustered", [{ shards: 10 }, {}], 29, 27, 3],
  ["ten shards with three replicas", [{ shards: 10, replicasPerPrimary: 3 }], 46, 26, 18],
  ["thirty shards", [{ shards: 30 }], 66, 25, 62],
])("%s", (_, caches, needed, prefix, spare) => {
  const plan = planSubnet(caches);
  expect(plan).toMatchObject({ needed, prefixLength: prefix, spare });
  expect(plan.warnings.length).toBe(spare === 0 ? 1 : 0);
});

test("what no cache has is refused with its key", () => {
  expect(() => planSubnet([])).toThrow("no cache");
  expect(() => planSubnet([{}, { shards: 31 }])).toThrow("caches[1].shards");
  expect(() => planSubnet([{ replicasPerPrimary: 0 }])).toThrow("caches[0].replicasPerPrimary");
});

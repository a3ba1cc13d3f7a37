import { createCluster } from "@redoubt/client";
import { startCluster } from "@redoubt/server";
import { expect, test } from "vitest";

test("smoke", async () => {
  await using servers = await startCluster();
  await using cluster = await createCluster(servers.uri).connect();
  for (let i = 0; i < 100; i++) await cluster.set(`key:${i}`, `value of key:${i}`);
  const keys = Array.from({ length: 100 }, (_, i) => `key:${i}`);
  expect(await cluster.mGet(keys)).toEqual(keys.map((key) => `value of ${key}`));
  expect(await cluster.dbSize()).toBe(100);
  const seen: string[] = [];
  for await (const batch of cluster.scanIterator()) seen.push(...batch);
  expect(new Set(seen)).toEqual(new Set(keys));
  expect(await cluster.health()).toMatchObject({ ok: true, served: 16384 });
});

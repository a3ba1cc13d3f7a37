import { expect, test } from "vitest";
import { Home } from "./home.ts";

test("two command lines change the same service at once: one wins, the other is told", async () => {
  await using home = await Home.make();
  await home.said(["create", "my-redis"]);
  const timeouts = [101, 102, 103];
  const runs = await Promise.all(
    timeouts.map((timeout) => home.service(["update", "my-redis", "-c", `redis_timeout=${timeout}`])),
  );
  const winners = timeouts.filter((_, i) => runs[i]?.code === 0);
  expect(winners.length).toBeGreaterThan(0);
  for (const { code, stderr } of runs.filter((run) => run.code !== 0)) {
    expect(code).toBe(1);
    expect(stderr).toMatch(/SERVICE_(BUSY|CHANGED)/);
  }
  const { user_config: config, revision } = JSON.parse(await home.said(["get", "my-redis", "--json"])) as {
    user_config: Record<string, unknown>;
    revision: number;
  };
  expect(winners).toContain(config["redis_timeout"]);
  expect(revision).toBe(1 + winners.length);
}, 180_000);

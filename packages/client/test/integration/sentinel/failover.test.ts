import { setTimeout as delay } from "node:timers/promises";
import { createClient, type RedoubtError } from "@redoubt/client";
import { type SentinelSet, startSentinels } from "@redoubt/server";
import { describe, expect, test } from "vitest";

/** When, by their own word, every one of the Sentinels named another master than before (performance.now(), ms). */
async function agreed(set: SentinelSet, before: number): Promise<number> {
  for (;;) {
    const server = await set.currentPrimary().catch(() => null);
    if (server !== null && server.tlsPort !== before) return performance.now();
    await delay(5);
  }
}

describe("a primary killed with -9 under load, behind Sentinels with TLS and passwords", () => {
  test("is followed at once, every promise settles, and every value stays with its key", async () => {
    await using set = await startSentinels({ replicas: 2, downAfter: 500 });
    await using client = await createClient({
      url: set.uri,
      commandOptions: { timeout: 15_000 },
      offlineQueue: { maxMs: 15_000 },
    }).connect();
    expect(client.report?.tls).toMatchObject({ verification: "full", verifiedName: "localhost" });
    const outcomes = new Map<string, number>();
    const count = (what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    let running = true;
    let [started, settled] = [0, 0];
    let [lastGood, firstGood, killed] = [0, 0, 0];
    const worker = async (id: number): Promise<void> => {
      for (let i = 0; running; i++) {
        const key = `key:${id}`;
        started++;
        try {
          await client.set(key, `${key}=${i}`);
          const value = await client.get(key);
          if (value !== `${key}=${i}`) count(`${key} got ${value}`);
          count("ok");
          const now = performance.now();
          if (killed === 0) lastGood = now;
          else if (firstGood === 0 && client.report?.endpoint.port !== set.primary.tlsPort) firstGood = now;
        } catch (error) {
          count((error as RedoubtError).code);
          await delay(1);
        }
        settled++;
        await delay(1);
      }
    };
    const workers = Array.from({ length: 20 }, (_, id) => worker(id));
    await delay(300);
    const before = set.primary.tlsPort as number;
    killed = performance.now();
    process.kill(set.primary.pid as number, "SIGKILL");
    const decided = await agreed(set, before);
    await expect.poll(() => firstGood, { timeout: 5000 }).toBeGreaterThan(0);
    await delay(200);
    running = false;
    await Promise.all(workers);
    console.log(
      `recovered ${Math.round(firstGood - killed)} ms after the kill, ${Math.round(firstGood - decided)} ms after the Sentinels' word;`,
      Object.fromEntries(outcomes),
      `last good before: ${Math.round(killed - lastGood)} ms`,
    );
    expect(settled).toBe(started);
    expect([...outcomes.keys()].filter((what) => what !== "ok" && what !== "CLOSED_CONNECTION")).toEqual([]);
    expect(firstGood - decided).toBeLessThan(500);
    expect(outcomes.get("ok")).toBeGreaterThan(100);
  });
});

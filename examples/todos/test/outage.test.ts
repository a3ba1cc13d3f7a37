import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Ground, startGround } from "./ground.ts";

let ground: Ground;
beforeAll(async () => {
  ground = await startGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

const ask = (url: string) => ground.app.inject({ method: "GET", url });

/** Within so many ms the service must notice, or find Redis again. */
const limit = { timeout: 40_000, interval: 100 };

interface Outage {
  readonly name: string;
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void>;
}

const outages: readonly Outage[] = [
  {
    name: "the connection is cut and no new one accepted",
    begin: async () => {
      await ground.proxy.refuse();
      ground.proxy.cut();
      await vi.waitFor(
        async () => expect((await ask("/connection")).json()).toMatchObject({ connected: false }),
        limit,
      );
    },
    end: () => ground.proxy.pass(),
  },
  {
    name: "Redis falls silent",
    begin: () => ground.proxy.stall(),
    end: async () => {
      await ground.proxy.pass();
      ground.proxy.reset();
    },
  },
];

describe.each(outages)("when $name", ({ begin, end }) => {
  it("answers 503 in time, stays alive, and recovers by itself", async () => {
    expect((await ask("/ready")).statusCode).toBe(200);
    await begin();
    for (const url of ["/ready", "/todo", "/todo/1"]) {
      const before = performance.now();
      const answer = await ask(url);
      expect(performance.now() - before).toBeLessThan(8_000);
      expect(answer.statusCode).toBe(503);
      expect(answer.headers["retry-after"]).toBe("1");
      expect(answer.json()).toEqual({
        error: { code: "REDIS_UNAVAILABLE", field: null, message: "Redis is away. Try again in a moment." },
      });
    }
    expect((await ask("/live")).statusCode).toBe(200);

    await end();
    await vi.waitFor(async () => expect((await ask("/ready")).statusCode).toBe(200), limit);
    expect((await ask("/connection")).json()).toMatchObject({
      connected: true,
      tls: { verification: "full" },
    });
  });
});

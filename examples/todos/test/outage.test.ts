import { type FaultProxy, startFaultProxy } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Ground, startGround } from "./ground.ts";

let ground: Ground;
let proxy: FaultProxy;
beforeAll(async () => {
  ground = await startGround(async ({ address, tlsPort, uri }) => {
    proxy = await startFaultProxy({ to: { host: address, port: tlsPort ?? 0 } });
    return uri.replace(`:${tlsPort}`, `:${proxy.port}`);
  });
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await ground[Symbol.asyncDispose]();
});

const ask = (url: string) => ground.app.inject({ method: "GET", url });

/** Within so many ms the service must notice, or find Redis again. */
const limit = { timeout: 15_000, interval: 100 };

const outages: readonly (readonly [name: string, begin: () => Promise<void>])[] = [
  [
    "the connection is cut and no new one accepted",
    async () => {
      await proxy.refuse();
      proxy.cut();
    },
  ],
  ["Redis falls silent", async () => proxy.stall()],
];

describe.each(outages)("when %s", (_name, begin) => {
  it("answers 503 in time, stays alive, and recovers by itself", async () => {
    expect((await ask("/ready")).statusCode).toBe(200);
    await begin();
    for (const url of ["/ready", "/todo", "/todo/1"]) {
      const before = performance.now();
      const answer = await ask(url);
      expect(performance.now() - before).toBeLessThan(4_000);
      expect(answer.statusCode).toBe(503);
      expect(answer.headers["retry-after"]).toBe("1");
      expect(answer.json()).toEqual({
        error: { code: "REDIS_UNAVAILABLE", field: null, message: expect.stringContaining("Redis is away") },
      });
    }
    expect((await ask("/live")).statusCode).toBe(200);
    await vi.waitFor(
      async () => expect((await ask("/connection")).json()).toMatchObject({ connected: false }),
      limit,
    );

    await proxy.pass();
    await vi.waitFor(async () => expect((await ask("/ready")).statusCode).toBe(200), limit);
    expect((await ask("/connection")).json()).toMatchObject({
      connected: true,
      tls: { verification: "full" },
    });
  });
});

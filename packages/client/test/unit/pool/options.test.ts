import { describe, expect, test } from "vitest";
import { createClientPool } from "../../../src/pool/client-pool.ts";
import { defaultPool, poolOptions } from "../../../src/pool/options.ts";

describe("options of a pool", () => {
  test("have node-redis's defaults", () => {
    expect(poolOptions({})).toEqual(defaultPool);
    expect(defaultPool).toMatchObject({ minimum: 1, maximum: 100, acquireTimeout: 3000, cleanupDelay: 3000 });
  });

  test("are refused with the key when they make no sense", () => {
    for (const [key, value] of [
      ["maximum", 0],
      ["minimum", -1],
      ["acquireTimeout", Number.NaN],
      ["cleanupDelay", Number.POSITIVE_INFINITY],
      ["maxWaiting", 0],
    ] as const) {
      expect(() => poolOptions({ [key]: value })).toThrow(
        expect.objectContaining({
          code: "CONFIG_INVALID_VALUE",
          message: expect.stringContaining(key) as string,
        }),
      );
    }
    expect(() => poolOptions({ minimum: 3, maximum: 2 })).toThrow(/above maximum/);
    expect(() => createClientPool({}, { max: 3 } as never)).toThrow(
      expect.objectContaining({ code: "CONFIG_UNKNOWN_KEY" }),
    );
  });
});

import { expect, test } from "vitest";
import { TrustedSources } from "../../../src/listen/sources.ts";

test("addresses, ranges and Unix sockets", () => {
  const sources = new TrustedSources(["10.0.0.0/8", "::1", "192.168.1.7", "unix"]);
  const has = (address: string) => sources.has({ address, port: 1 });
  expect(["10.9.8.7", "::1", "192.168.1.7", ""].map(has)).toEqual([true, true, true, true]);
  expect(["11.0.0.1", "::2", "192.168.1.8"].map(has)).toEqual([false, false, false]);
  expect(new TrustedSources(["::1"]).has({ address: "", port: 0 })).toBe(false);
});

test.each(["localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "10.0.0.0/-1"])(
  "%s",
  (source) => {
    expect(() => new TrustedSources([source])).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID_VALUE" }),
    );
  },
);

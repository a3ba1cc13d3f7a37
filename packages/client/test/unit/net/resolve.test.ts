import { expect, test } from "vitest";
import { addressText, resolveEndpoint, socketAddress } from "../../../src/net/resolve.ts";

test("an address is not resolved", async () => {
  expect(await resolveEndpoint({ host: "10.0.0.4", port: 6380 })).toEqual([{ ip: "10.0.0.4", port: 6380 }]);
  expect(await resolveEndpoint({ host: "fe80::1%lo", port: 1 })).toEqual([{ ip: "fe80::1%lo", port: 1 }]);
});

test("a Unix socket is shown as it was written, and dialled as the system wants it", async () => {
  for (const [written, dialled] of [
    ["/run/redis.sock", "/run/redis.sock"],
    ["@redis", "\0redis"],
  ] as const) {
    const [address] = await resolveEndpoint({ host: written, port: 0, path: written });
    expect(address && addressText(address)).toBe(written);
    expect(address && socketAddress(address)).toEqual({ path: dialled });
  }
});

test("addresses with ports", () => {
  expect(addressText({ ip: "10.0.0.4", port: 6380 })).toBe("10.0.0.4:6380");
  expect(addressText({ ip: "::1", port: 6380 })).toBe("[::1]:6380");
  expect(socketAddress({ ip: "::1", port: 6380 })).toEqual({ host: "::1", port: 6380 });
});

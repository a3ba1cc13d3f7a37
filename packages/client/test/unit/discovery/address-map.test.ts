import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, reach, readAddress } from "../../../src/discovery/address-map.ts";

const announced = (host: string, port = 6379) => ({ host, port });
const endpoint = (...args: Parameters<typeof reach>) => reach(...args).endpoint;

describe("an address map", () => {
  test("leaves alone what it does not name", () => {
    expect(reach(announced("10.0.0.4"), undefined)).toEqual({
      endpoint: announced("10.0.0.4"),
      servername: null,
    });
    expect(endpoint(announced("10.0.0.4"), { "10.0.0.5:6379": "elsewhere:1" })).toEqual(
      announced("10.0.0.4"),
    );
    expect(endpoint(announced("10.0.0.4"), () => undefined)).toEqual(announced("10.0.0.4"));
  });

  test("names one address, or a host for all its ports", () => {
    const map = { "10.0.0.4:6379": "a.example.com:6380", "10.0.0.5": "b.example.com" };
    expect(endpoint(announced("10.0.0.4"), map)).toEqual({ host: "a.example.com", port: 6380 });
    expect(endpoint(announced("10.0.0.4", 7000), map)).toEqual(announced("10.0.0.4", 7000));
    expect(endpoint(announced("10.0.0.5", 7000), map)).toEqual({ host: "b.example.com", port: 7000 });
  });

  test("takes what stars stand for to the stars of the other side, in order, the first key that fits", () => {
    const map = {
      "172.18.0.*:6379": "redis-*.example.com:6380",
      "172.*.*.*": "host-*-*-*",
      "*": "localhost",
    };
    expect(endpoint(announced("172.18.0.3"), map)).toEqual({ host: "redis-3.example.com", port: 6380 });
    expect(endpoint(announced("172.18.0.3", 7001), map)).toEqual({ host: "host-18-0-3", port: 7001 });
    expect(endpoint(announced("fd00::4", 7001), map)).toEqual({ host: "localhost", port: 7001 });
    // A dot is a dot.
    expect(endpoint(announced("172x18x0x3"), { "172.18.0.3": "no" })).toEqual(announced("172x18x0x3"));
  });

  test("gives the name to verify, with the address or without", () => {
    const map = { "10.0.0.4": { host: "10.0.0.4", servername: "redis.example.com" } };
    expect(reach(announced("10.0.0.4"), map)).toEqual({
      endpoint: announced("10.0.0.4"),
      servername: "redis.example.com",
    });
  });

  test("reads IPv6 on both sides", () => {
    const map = { "[fd00::4]:6379": "[::1]:7000", "fd00::5": "::1" };
    expect(endpoint(announced("fd00::4"), map)).toEqual({ host: "::1", port: 7000 });
    expect(endpoint(announced("fd00::5"), map)).toEqual({ host: "::1", port: 6379 });
  });

  test("names the address for which it gives nonsense", () => {
    for (const nonsense of ["", ":6379", "host:port", "host:99999", "a b:1", "host:0"]) {
      expect(() => reach(announced("10.0.0.4"), () => nonsense)).toThrow(/10\.0\.0\.4:6379/);
    }
    expect(() => reach(announced("10.0.0.4"), () => ({ host: "h", port: 70_000 }))).toThrow(/nodeAddressMap/);
  });

  test("writing and reading an address is identity", () => {
    const hosts = fc.oneof(fc.ipV4(), fc.constantFrom("::1", "fd00::4", "redis-1.example.com", "localhost"));
    fc.assert(
      fc.property(hosts, fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        expect(readAddress(addressOf({ host, port }))).toEqual({ host, port });
      }),
    );
  });
});

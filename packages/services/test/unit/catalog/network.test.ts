import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkProblem, networksOf } from "../../../src/catalog/network.ts";

describe("networkProblem", () => {
  test.each([
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8",
    "192.168.1.7",
    "192.168.1.7/32",
    "2001:db8::/32",
    "::ffff:1.2.3.4/128",
  ])("%s is one", (text) => expect(networkProblem(text)).toBeNull());

  test.each([
    ["10.0.0.1/8", /bits beyond/],
    ["2001:db8::1/32", /bits beyond/],
    ["10.0.0.0/33", /0 to 32/],
    ["10.0.0.0/-1", /0 to 32/],
    ["10.0.0.0/8/8", /CIDR/],
    ["fe80::1%eth0/128", /CIDR/],
    ["host", /CIDR/],
    ["", /CIDR/],
    [`${"1".repeat(44)}`, /longer/],
    [7, /neither/],
    [null, /neither/],
    [{ network: 7 }, /no network/],
    [{ network: "10.0.0.0/8", more: 1 }, /only network/],
    [{ network: "10.0.0.0/8", description: "x".repeat(1025) }, /longer/],
  ])("%j is none", (item, why) => expect(networkProblem(item)).toMatch(why));

  test("agrees with the system about every network that it takes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), (address, length) => {
        const text = `${address}/${length}`;
        if (networkProblem(text) !== null) return;
        const list = new BlockList();
        const family = isIP(address) === 6 ? "ipv6" : "ipv4";
        list.addSubnet(address, length, family);
        expect(list.check(address, family)).toBe(true);
      }),
    );
  });

  test("networks get their prefix length", () => {
    expect(networksOf(["1.2.3.4", "::1", { network: "10.0.0.0/8" }])).toEqual([
      "1.2.3.4/32",
      "::1/128",
      "10.0.0.0/8",
    ]);
  });
});

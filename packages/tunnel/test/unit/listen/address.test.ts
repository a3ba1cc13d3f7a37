import { expect, test } from "vitest";
import { isLocal, listenText, parseListenAddress, refuseExposed } from "../../../src/listen/address.ts";

test.each([
  ["6379", { host: "127.0.0.1", port: 6379 }, true],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }, true],
  ["localhost:6379", { host: "localhost", port: 6379 }, true],
  ["[::1]:6379", { host: "::1", port: 6379 }, true],
  ["::1:6379", { host: "::1", port: 6379 }, true],
  [":::6379", { host: "::", port: 6379 }, false],
  ["*:6379", { host: "::", port: 6379 }, false],
  ["0.0.0.0:6379", { host: "0.0.0.0", port: 6379 }, false],
  ["10.0.0.4:6379", { host: "10.0.0.4", port: 6379 }, false],
  ["cache.example:6379", { host: "cache.example", port: 6379 }, false],
  ["127.example:6379", { host: "127.example", port: 6379 }, false],
  ["unix:/run/redis.sock", { path: "/run/redis.sock" }, true],
  ["/run/redis.sock", { path: "/run/redis.sock" }, true],
])("%s", (text, address, local) => {
  expect(parseListenAddress(text)).toEqual(address);
  expect(isLocal(address)).toBe(local);
  if (local) refuseExposed(address, false);
  else
    expect(() => refuseExposed(address, false)).toThrow(expect.objectContaining({ code: "CONFIG_EXPOSED" }));
  refuseExposed(address, true);
});

test.each(["", "host", "host:", "1.2.3.4:99999", "a b:1", "unix:", "host:-1", "::1"])(
  "%j is refused",
  (text) => {
    expect(() => parseListenAddress(text)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID_VALUE" }));
  },
);

test("an address is written as it is read", () => {
  for (const text of ["127.0.0.1:6379", "[::1]:6379", "/run/redis.sock"])
    expect(listenText(parseListenAddress(text))).toBe(text);
});

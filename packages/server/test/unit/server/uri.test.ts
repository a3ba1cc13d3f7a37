import { expect, test } from "vitest";
import { formatUri } from "../../../src/server/uri.ts";

test("a full connection string", () => {
  const uri = formatUri({
    tls: true,
    endpoints: [{ host: "localhost", port: 6380 }],
    password: "a/b@c:d?e#f%",
    parameters: { sslrootcert: "/tmp/a b/ca.crt", servername: undefined },
  });
  expect(uri).toBe("rediss://default:a%2Fb%40c%3Ad%3Fe%23f%25@localhost:6380?sslrootcert=/tmp/a%20b/ca.crt");
  expect(decodeURIComponent(new URL(uri).password)).toBe("a/b@c:d?e#f%");
});

test("no password, no TLS, an IPv6 address, another user", () => {
  expect(
    formatUri({
      tls: false,
      endpoints: [
        { host: "::1", port: 1 },
        { host: "h", port: 2 },
      ],
      password: null,
    }),
  ).toBe("redis://[::1]:1,h:2");
  expect(formatUri({ tls: false, endpoints: [{ host: "h", port: 1 }], username: "app", password: "p" })).toBe(
    "redis://app:p@h:1",
  );
});

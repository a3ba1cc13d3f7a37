import { expect, test } from "vitest";
import { dnsFinding, loginFinding, tlsFinding } from "../../../src/net/findings.ts";
import type { Session } from "../../../src/net/handshake.ts";
import type { TlsReport } from "../../../src/net/report.ts";

test("DNS", () => {
  const at = (...ips: string[]) => ips.map((ip) => ({ ip, port: 1 }));
  expect(dnsFinding({ host: "cache.example", port: 1 }, at("10.0.0.4", "::1"))).toBe(
    "cache.example is 10.0.0.4, ::1",
  );
  expect(dnsFinding({ host: "10.0.0.4", port: 1 }, at("10.0.0.4"))).toBe("an address: no name to resolve");
  expect(dnsFinding({ host: "/s", port: 0, path: "/s" }, [])).toBe("a Unix socket: no name to resolve");
});

test("TLS says in plain words what was not verified", () => {
  const report = {
    protocol: "TLSv1.3",
    cipher: "C",
    resumed: false,
    verifiedName: "cache.example",
  } as TlsReport;
  const said = (changes: Partial<TlsReport>) => tlsFinding({ ...report, ...changes });
  expect(said({ verification: "full" })).toBe("TLSv1.3 C, certificate verified for cache.example");
  expect(said({ verification: "ca", resumed: true })).toBe(
    "TLSv1.3 C, session resumed, chain verified, name not",
  );
  expect(said({ verification: "callback" })).toBe("TLSv1.3 C, certificate accepted by callback");
  expect(said({ verification: "none" })).toBe("TLSv1.3 C, certificate NOT verified");
});

test("logging in names the user and never the password", () => {
  const session = { username: null, password: "secret" } as Session;
  const server = { product: "valkey", version: "8.0.1", mode: "standalone", role: "replica" };
  const nobody = { product: null, version: null, mode: null, role: null };
  expect(loginFinding(session, { protocol: 3, server })).toBe("user default, RESP3, valkey 8.0.1 replica");
  expect(loginFinding({ ...session, username: "app" }, { protocol: 2, server: nobody })).toBe(
    "user app, RESP2",
  );
  expect(loginFinding({ ...session, password: null }, { protocol: 2, server: nobody })).toBe(
    "no credentials, RESP2",
  );
});

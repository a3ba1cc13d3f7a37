import { parse } from "@redoubt/client";
import { describeTarget } from "@redoubt/client/config";
import { expect, test } from "vitest";
import { redactNames } from "../../src/doctor/redact.ts";
import type { DoctorResult } from "../../src/doctor/result.ts";

const target = parse("orders.redis.cache.windows.net:6380,user=teller,password=a-secret,ssl=True");
const result: DoctorResult = {
  target: describeTarget(target),
  at: "2026-11-30T02:00:00.000Z",
  ms: 12.5,
  stages: [
    {
      endpoint: "orders.redis.cache.windows.net:6380",
      name: "dns",
      ms: 1,
      ok: true,
      detail: "orders.redis.cache.windows.net is 10.0.0.4, fd00::5, 20.50.1.2",
    },
  ],
  observations: [
    {
      area: "dns",
      subject: "10.0.0.53",
      detail:
        "orders.redis.cache.windows.net is 10.0.0.4 (through orders.privatelink.redis.cache.windows.net)",
      ok: true,
      ms: 1,
    },
    {
      area: "tls",
      subject: "certificate",
      detail: "CN=*.redis.cache.windows.net, TLSv1.3, sslrootcert=ca.pem",
      ok: null,
      ms: null,
    },
    { area: "server", subject: "redis_version", detail: "7.0.15", ok: null, ms: null },
  ],
  findings: [],
  latency: null,
  verdict: {
    state: "healthy",
    connected: true,
    cause: null,
    summary: "teller reaches orders.redis.cache.windows.net:6380.",
  },
};

test("names and addresses are replaced, the same by the same everywhere; what a provider's names end in stays", () => {
  const text = JSON.stringify(redactNames(result));
  for (const known of ["orders", "10.0.0.4", "10.0.0.53", "fd00::5", "20.50.1.2", "teller"])
    expect(text).not.toContain(known);
  const [label] = /host-\d+/.exec(text) ?? [];
  expect(text).toContain(`${label}.redis.cache.windows.net:6380`);
  expect(text).toContain(`${label}.privatelink.redis.cache.windows.net`);
  expect(text).toMatch(/private-address-\d+/);
  expect(text).toMatch(/public-address-\d+/);
});

test("what tells nobody whose cache it is stays", () => {
  const { observations, at } = redactNames(result);
  expect(at).toBe(result.at);
  expect(observations[1]?.detail).toBe("CN=*.redis.cache.windows.net, TLSv1.3, sslrootcert=ca.pem");
  expect(observations[2]?.detail).toBe("7.0.15");
});

import { expect, test } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";
import { dnsServer } from "./dns-server.ts";

const quick = { latency: 0, timeout: 800, connectTimeout: 4000 } as const;
const cache = "redoubt-doctor-test.redis.cache.windows.net";

test("nobody knows the name", async () => {
  await using dns = await dnsServer({});
  const { findings, verdict } = await doctor("rediss://no-such-host.invalid:6380", {
    ...quick,
    resolvers: [dns.address],
  });
  expect(findings[0]).toMatchObject({ id: expect.stringMatching(/^dns-(?:name-unknown|silent)$/) });
  expect(findings[0]?.evidence.join("\n")).toContain(`${dns.address}: no-such-host.invalid: no such name`);
  expect(verdict.state).toBe("unreachable");
});

test("another server knows a private address: the one in use has to forward", async () => {
  await using dns = await dnsServer({
    [cache]: { cname: "redoubt-doctor-test.privatelink.redis.cache.windows.net" },
    "redoubt-doctor-test.privatelink.redis.cache.windows.net": { a: ["127.9.8.7"] },
  });
  const { findings } = await doctor(`${cache}:6380,ssl=True`, { ...quick, resolvers: [dns.address] });
  expect(findings[0]?.id).toBe("dns-server-unaware");
  expect(findings[0]?.evidence.join("\n")).toContain(
    `${cache} is 127.9.8.7 (through redoubt-doctor-test.privatelink.redis.cache.windows.net)`,
  );
  expect(findings[0]?.fixes[0]?.says).toContain("forward redis.cache.windows.net to 168.63.129.16");
});

test("one of several servers is silent", async () => {
  await using dead = await dnsServer(null);
  await using alive = await dnsServer({ "cache.invalid": { a: ["127.9.8.7"] } });
  const { findings } = await doctor("rediss://cache.invalid:6380", {
    ...quick,
    resolvers: [dead.address, alive.address],
  });
  const silent = findings.find(({ id }) => id === "dns-server-silent");
  expect(silent?.evidence).toContain(`${dead.address} did not answer`);
});

test("the record of a private endpoint is in the zone of another product", async () => {
  await using dns = await dnsServer({
    "orders.westeurope.privatelink.redis.cache.windows.net": { a: ["10.9.8.7"] },
  });
  const { findings } = await doctor("orders.westeurope.redis.azure.net:10000,ssl=True", {
    ...quick,
    resolvers: [dns.address],
  });
  const wrong = findings.find(({ id }) => id === "dns-zone-other-product");
  expect(wrong?.evidence[0]).toContain("orders.westeurope.privatelink.redis.cache.windows.net is 10.9.8.7");
  expect(wrong?.fixes[0]?.command).toContain("-n privatelink.redis.azure.net");
});

test("the name in privatelink was dialled: the line with the public name", async () => {
  const { findings } = await doctor(
    "orders.privatelink.redis.cache.windows.net:6380,password=secret,ssl=True",
    {
      ...quick,
    },
  );
  const wrong = findings.find(({ id }) => id === "dns-privatelink-dialled");
  expect(wrong?.severity).toBe("error");
  expect(wrong?.fixes[0]?.after).toMatch(/^orders\.redis\.cache\.windows\.net:6380/);
  expect(wrong?.fixes[0]?.after).not.toContain("secret");
});

import { parse } from "@redoubt/client";
import { type CertificateKind, startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";

const quick = { latency: 0, timeout: 1500 } as const;

/** Without the name that `server.uri` says. */
const plainUri = (uri: string): string => uri.replace(/[?&]servername=[^&]*/, "");

test.each<[CertificateKind, string, string]>([
  ["expired", "tls-expired", "tls"],
  ["not-yet-valid", "tls-not-yet-valid", "tls"],
  ["other-host", "tls-name-differs", "tls"],
  ["self-signed", "tls-self-signed", "tls"],
  ["other-authority-with-root", "tls-authority-unknown", "tls"],
  ["client-only", "tls-chain-invalid", "tls"],
])("a certificate that is %s: %s", async (certificate, id, state) => {
  await using server = await startServer({ certificate });
  const { findings, verdict, stages } = await doctor(plainUri(server.uri), quick);
  expect(findings[0]).toMatchObject({ id, severity: "error" });
  expect(verdict).toMatchObject({ state, cause: id, connected: false });
  expect(stages.at(-1)).toMatchObject({ name: "tls", ok: false });
});

test("an intermediate that is not sent is told beside an authority that was not given", async () => {
  await using server = await startServer({ certificate: "missing-intermediate" });
  const { findings } = await doctor(plainUri(server.uri), quick);
  expect(findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["tls-intermediate-missing", "tls-authority-unknown"]),
  );
});

test("an address was dialled: the name to dial, and the name to verify, in the dialect of the string", async () => {
  await using server = await startServer({ names: ["orders.redis.cache.windows.net"] });
  const { tlsPort, password, caFile } = server;
  const text = `127.0.0.1:${tlsPort},password=${password},ssl=True`;
  const target = parse(text);
  const { findings, verdict } = await doctor(
    { ...target, tls: { ...target.tls, caFile } },
    { ...quick, tls: { caFile } },
  );
  const [first] = findings;
  expect(first?.id).toBe("tls-address-dialled");
  expect(verdict.state).toBe("tls");
  expect(first?.fixes[0]?.after).toContain(`orders.redis.cache.windows.net:${tlsPort}`);
  expect(first?.fixes[1]?.after).toMatch(/^127\.0\.0\.1:\d+.*sslHost=orders\.redis\.cache\.windows\.net/);
  expect(JSON.stringify(findings)).not.toContain(password);
});

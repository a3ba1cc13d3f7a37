import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createAuthority, startFaultProxy, startServer } from "@redoubt/server";
import { expect, test, vi } from "vitest";
import { parse } from "../../../src/config/parse.ts";
import type { TlsOptions } from "../../../src/tls/options.ts";
import { resolvePolicy } from "../../../src/tls/policy.ts";
import { recallSession } from "../../../src/tls/session.ts";
import { open, redirected, refused } from "../dialling.ts";

/** Whether a connection resumed. The ticket of TLS 1.3 comes after the handshake, so each waits for it a moment. */
async function resumed(uri: string, tls: TlsOptions = {}): Promise<boolean> {
  using connection = await open(uri, { tls });
  await delay(30);
  return connection.report.tls?.resumed === true;
}

const versions = ["TLSv1.2", "TLSv1.3"] as const;

test.each(versions)("%s: the second connection resumes, with the evidence of the first", async (version) => {
  await using server = await startServer({ protocols: [version] });
  using first = await open(server.uri);
  await delay(50);
  using second = await open(server.uri);
  expect([first, second].map(({ report }) => report.tls?.resumed)).toEqual([false, true]);
  expect(second.report.tls).toEqual({ ...first.report.tls, resumed: true });
  expect(second.report.stages[2]?.detail).toContain("session resumed");
});

test("a session is for one address, name, identity and policy", async () => {
  await using server = await startServer({ clientCertificates: "optional" });
  const { certificate: cert, key } = await server.clientCertificate();
  expect([await resumed(server.uri), await resumed(server.uri)]).toEqual([false, true]);
  expect(await resumed(server.uri, { servername: "127.0.0.1" })).toBe(false);
  expect(await resumed(server.uri, { verify: "ca" })).toBe(false);
  expect(await resumed(server.uri, { dangerouslySkipVerification: true })).toBe(false);
  expect(await resumed(server.uri, { cert, key })).toBe(false);
  expect(await resumed(server.uri, { ca: [server.ca, server.certificate.certificate] })).toBe(false);
  expect(await resumed(server.uri, { minVersion: "TLSv1.3" })).toBe(false);
  expect(await resumed(server.uri, { resume: false })).toBe(false);
  // The same name at the same address, said in another way.
  expect(await resumed(redirected(server.uri, server.tlsPort as number, "127.0.0.1"))).toBe(true);
  await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort as number } });
  expect(await resumed(redirected(server.uri, proxy.port))).toBe(false);
  // And every one of them has its own by now.
  expect(await resumed(server.uri, { cert, key })).toBe(true);
  expect(await resumed(server.uri, { servername: "127.0.0.1" })).toBe(true);
});

test("what was never verified gives no session to who verifies", async () => {
  await using server = await startServer({ certificate: "expired" });
  expect(await resumed(server.uri, { dangerouslySkipVerification: true })).toBe(false);
  expect(await resumed(server.uri, { dangerouslySkipVerification: true })).toBe(true);
  expect((await refused(server.uri)).error.code).toBe("TLS_EXPIRED");
  // A callback that accepted it is asked again about the same faults.
  const seen: unknown[] = [];
  const certificateValidation = ({ chainError }: { chainError: unknown }) => seen.push(chainError) > 0;
  for (let i = 0; i < 2; i++) expect(await resumed(server.uri, { certificateValidation })).toBe(i > 0);
  expect(seen).toEqual(["CERT_HAS_EXPIRED", "CERT_HAS_EXPIRED"]);
  // Without the callback its session may be offered, and is worth nothing.
  expect((await refused(server.uri)).error.code).toBe("TLS_EXPIRED");
});

test("a resumed session still checks pins, and whether the certificate has expired since", async () => {
  const authority = await createAuthority();
  const notAfter = new Date(Date.now() + 3_600_000);
  await using server = await startServer({ authority, certificate: await authority.issue({ notAfter }) });
  expect([await resumed(server.uri), await resumed(server.uri)]).toEqual([false, true]);
  const later = notAfter.getTime() + 1000;
  // OpenSSL goes by its own clock and would resume; only what is checked here can notice.
  const clock = vi.spyOn(Date, "now").mockReturnValue(later);
  try {
    expect((await refused(server.uri)).error.code).toBe("TLS_EXPIRED");
  } finally {
    clock.mockRestore();
  }
  const policy = await resolvePolicy(parse(server.uri).tls, {}, "localhost");
  expect(recallSession(`127.0.0.1:${server.tlsPort}|${policy.sessionKey}`)).toBeUndefined();
  expect(await resumed(server.uri)).toBe(false);
});

test.each(versions)("%s: a server that forgot the session gets a full handshake", async (version) => {
  await using server = await startServer({ protocols: [version] });
  expect([await resumed(server.uri), await resumed(server.uri)]).toEqual([false, true]);
  await server.restart();
  expect(await resumed(server.uri)).toBe(false);
  expect(await resumed(server.uri)).toBe(true);
});

test("another server at the same address, with a bad certificate, is not saved by the old session", async () => {
  const authority = await createAuthority();
  await using good = await startServer({ authority });
  await using bad = await startServer({ authority, certificate: "other-host" });
  let behind = good;
  const relay = createServer((socket) => {
    const onward = connect(behind.tlsPort as number, "127.0.0.1");
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on("error", () => {});
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const uri = redirected(good.uri, (relay.address() as AddressInfo).port);
  expect([await resumed(uri), await resumed(uri)]).toEqual([false, true]);
  behind = bad;
  expect((await refused(uri)).error.code).toBe("TLS_NAME_MISMATCH");
  relay.close();
});

test("running out of time does not forget the session; a refused handshake does", async () => {
  await using server = await startServer();
  await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort as number } });
  const uri = redirected(server.uri, proxy.port);
  expect([await resumed(uri), await resumed(uri)]).toEqual([false, true]);
  proxy.stall();
  expect((await refused(uri, { connectTimeout: 1000 })).error.code).toBe("TLS_HANDSHAKE_TIMEOUT");
  const gaveUp = AbortSignal.timeout(100);
  expect((await refused(uri, { signal: gaveUp })).error.code).toBe("CLOSED_ABORTED");
  await proxy.pass();
  expect(await resumed(uri)).toBe(true);
  proxy.cutAfter(10);
  expect((await refused(uri)).error.code).toBe("TLS_CLOSED");
  await proxy.pass();
  expect([await resumed(uri), await resumed(uri)]).toEqual([false, true]);
});

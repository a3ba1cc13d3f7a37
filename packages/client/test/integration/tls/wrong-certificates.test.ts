import {
  type CertificateKind,
  certificateKinds,
  createAuthority,
  issueKind,
  type RedisServer,
  startFaultProxy,
  startServer,
} from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../src/errors.ts";
import { open, redirected, refused, refusedWithin } from "../dialling.ts";

const password = "not-before-you-are-verified";
const authority = await createAuthority();
let redis: RedisServer;

beforeAll(async () => {
  redis = await startServer({ listen: "plain", password });
});
afterAll(() => redis.stop());

/** TLS with that certificate in front of a real Redis; it notes what a client says inside of TLS. */
const terminator = async (kind: CertificateKind) =>
  startFaultProxy({
    to: { host: "127.0.0.1", port: redis.port as number },
    tls: await issueKind(kind, authority),
    record: 4096,
  });

const uriOf = (port: number, host = "localhost") => `rediss://:${password}@${host}:${port}`;
const ca = authority.certificate;

interface Verdict {
  readonly byName: ErrorCode | null;
  readonly byAddress: ErrorCode | null;
  /** With `verify: "ca"`, by name. */
  readonly chainOnly: ErrorCode | null;
  readonly hint: RegExp;
}

const same = (code: ErrorCode | null, hint = /./): Verdict => ({
  byName: code,
  byAddress: code,
  chainOnly: code,
  hint,
});

const table: Readonly<Record<CertificateKind, Verdict>> = {
  valid: same(null),
  "with-intermediate": same(null),
  expired: same("TLS_EXPIRED", /renew/),
  "not-yet-valid": same("TLS_NOT_YET_VALID", /clock/),
  "other-host": { ...same("TLS_NAME_MISMATCH", /servername/), chainOnly: null },
  "ip-only": { byName: "TLS_NAME_MISMATCH", byAddress: null, chainOnly: null, hint: /servername/ },
  "other-authority": same("TLS_ISSUER_UNKNOWN", /CA/),
  "other-authority-with-root": same("TLS_UNTRUSTED", /CA/),
  "self-signed": same("TLS_SELF_SIGNED", /as CA/),
  "missing-intermediate": same("TLS_ISSUER_UNKNOWN", /intermediates/),
  "client-only": same("TLS_CHAIN_INVALID", /cause/),
};

describe.each(certificateKinds)("%s", (kind) => {
  const verdict = table[kind];
  test.each([
    ["by name", "localhost", {}, verdict.byName],
    ["by address", "127.0.0.1", {}, verdict.byAddress],
    ["by name, chain only", "localhost", { verify: "ca" }, verdict.chainOnly],
    ["by name, TLS 1.2", "localhost", { maxVersion: "TLSv1.2" }, verdict.byName],
  ] as const)("%s", async (_, host, options, code) => {
    await using proxy = await terminator(kind);
    const uri = uriOf(proxy.port, host);
    if (code === null) {
      using connection = await open(uri, { tls: { ca, ...options } });
      expect(connection.report.tls?.certificate.names.length).toBeGreaterThan(0);
      expect(proxy.received.toString()).toContain(password);
      return;
    }
    const { error, stages } = await refused(uri, { tls: { ca, ...options } });
    expect({ code: error.code, stage: error.stage, address: error.address }).toEqual({
      code,
      stage: "tls",
      address: `127.0.0.1:${proxy.port}`,
    });
    expect(error.hint).toMatch(verdict.hint);
    expect(stages.map(({ name, ok }) => `${name} ${ok}`)).toEqual(["dns true", "tcp true", "tls false"]);
    // Neither a credential nor anything else was said.
    expect(proxy.connections).toBe(1);
    expect(proxy.received).toHaveLength(0);
  });

  test("whatever is wrong, a callback may accept it, and dangerouslySkipVerification does", async () => {
    await using proxy = await terminator(kind);
    using skipped = await open(uriOf(proxy.port), { tls: { ca, dangerouslySkipVerification: true } });
    expect(skipped.report.tls?.verification).toBe("none");
    using asked = await open(uriOf(proxy.port), { tls: { ca, certificateValidation: () => true } });
    expect(asked.report.tls?.verification).toBe("callback");
  });
});

test("a CA that was not given: Node's own list does not know it", async () => {
  await using proxy = await terminator("valid");
  const { error } = await refused(uriOf(proxy.port));
  expect(error.code).toBe("TLS_ISSUER_UNKNOWN");
  expect(proxy.received).toHaveLength(0);
});

test("an intermediate is trusted when it is given, without its root", async () => {
  const intermediate = await authority.intermediate();
  const issued = await intermediate.issue();
  await using proxy = await startFaultProxy({
    to: { host: "127.0.0.1", port: redis.port as number },
    tls: issued,
  });
  using connection = await open(uriOf(proxy.port), { tls: { ca: intermediate.certificate } });
  expect(connection.report.tls?.verification).toBe("full");
});

test("a self-signed certificate is trusted when it is given", async () => {
  const self = await issueKind("self-signed", authority);
  await using proxy = await startFaultProxy({
    to: { host: "127.0.0.1", port: redis.port as number },
    tls: self,
  });
  using connection = await open(uriOf(proxy.port), { tls: { ca: self.certificate } });
  expect(connection.report.tls?.verification).toBe("full");
});

describe("client certificates, at a real Redis that requires them", () => {
  describe.each(["TLSv1.2", "TLSv1.3"] as const)("%s", (version) => {
    let server: RedisServer;
    beforeAll(async () => {
      server = await startServer({ clientCertificates: "required", protocols: [version], password });
    });
    afterAll(() => server.stop());

    test.each<[string, CertificateKind | null, ErrorCode]>([
      ["none", null, "TLS_CLIENT_CERTIFICATE_REQUIRED"],
      ["of another authority", "other-authority", "TLS_CLIENT_CERTIFICATE_REJECTED"],
      ["expired", "expired", "TLS_CLIENT_CERTIFICATE_REJECTED"],
      ["signed by itself", "self-signed", "TLS_CLIENT_CERTIFICATE_REJECTED"],
    ])("%s", async (_, kind, code) => {
      const clientCertificate = kind === null ? undefined : await server.clientCertificate(kind);
      const uri = server.uriFor(clientCertificate === undefined ? {} : { clientCertificate });
      const { error } = await refused(uri);
      expect({ code: error.code, stage: error.stage }).toEqual({ code, stage: "tls" });
      expect(error.hint).toMatch(/client certificate/);
    });

    test("the right one, also through an intermediate", async () => {
      for (const kind of ["valid", "with-intermediate"] as const) {
        using connection = await open(
          server.uriFor({ clientCertificate: await server.clientCertificate(kind) }),
        );
        expect(connection.report.tls?.protocol).toBe(version);
      }
    });
  });

  test("TLS 1.3 tells late: the code is right every time, also under load", async () => {
    await using server = await startServer({ clientCertificates: "required", password });
    const busy = Array.from({ length: 30 }, () => refused(server.uri, { connectTimeout: 30_000 }));
    const codes = (await Promise.all(busy)).map(({ error }) => error.code);
    expect(new Set(codes)).toEqual(new Set(["TLS_CLIENT_CERTIFICATE_REQUIRED"]));
  });
});

describe("versions", () => {
  test("TLS 1.1 only is refused, and spoken when it is asked for by name", async () => {
    await using server = await startServer({ protocols: ["TLSv1.1"], password });
    const { error } = await refused(server.uri);
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TLS_VERSION_MISMATCH", stage: "tls" });
    using old = await open(server.uri, { tls: { minVersion: "TLSv1.1" } });
    expect(old.report.tls?.protocol).toBe("TLSv1.1");
    using named = await open(`${server.uri}&ssl_min_protocol_version=TLSv1.1`);
    expect(named.report.tls?.protocol).toBe("TLSv1.1");
  });

  test("a floor and a ceiling", async () => {
    await using server = await startServer({ password });
    using ceiling = await open(server.uri, { tls: { maxVersion: "TLSv1.2" } });
    expect(ceiling.report.tls?.protocol).toBe("TLSv1.2");
    await using old = await startServer({ protocols: ["TLSv1.2"], password });
    const { error } = await refused(old.uri, { tls: { minVersion: "TLSv1.3" } });
    expect(error.code).toBe("TLS_VERSION_MISMATCH");
  });

  test("ciphers: one in common, none in common", async () => {
    await using server = await startServer({
      protocols: ["TLSv1.2"],
      ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384",
      password,
    });
    using connection = await open(server.uri, { tls: { ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" } });
    expect(connection.report.tls?.cipher).toBe("ECDHE-ECDSA-AES256-GCM-SHA384");
    const { error } = await refused(server.uri, { tls: { ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" } });
    expect(error.code).toBe("TLS_NO_COMMON_CIPHER");
  });
});

test("plain text behind a TLS port is found out by asking, and no credential goes there", async () => {
  await using server = await startServer({ listen: "plain-posing-as-tls", password });
  await using proxy = await startFaultProxy({
    to: { host: "127.0.0.1", port: server.tlsPort as number },
    record: 100_000,
  });
  const { error, ms } = await refusedWithin(2500, redirected(server.uri, proxy.port), { tls: { ca } });
  expect({ code: error.code, stage: error.stage }).toEqual({ code: "TLS_PEER_IS_PLAINTEXT", stage: "tls" });
  expect(error.hint).toContain("TLS port");
  expect(ms).toBeLessThan(2500);
  expect(proxy.received.includes(password)).toBe(false);
  expect(proxy.received.toString("latin1")).toContain("PING\r\n");
});

import { writeFile } from "node:fs/promises";
import { createAuthority, startFaultProxy, startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { Folder } from "../../unit/tls/material.ts";
import { open, redirected, refused } from "../dialling.ts";

const authority = await createAuthority();

describe("a certificate that its CA has taken back", () => {
  test("is refused by those who have the list, before a credential is sent", async () => {
    const issued = await authority.issue();
    await using redis = await startServer({ listen: "plain" });
    await using proxy = await startFaultProxy({
      to: { host: "127.0.0.1", port: redis.port as number },
      tls: issued,
      record: 100,
    });
    const uri = redirected(redis.uri.replace("redis:", "rediss:"), proxy.port);
    const ca = authority.certificate;
    using unaware = await open(uri, { tls: { ca } });
    using good = await open(uri, { tls: { ca, crl: await authority.revoke([await authority.issue()]) } });
    expect([unaware, good].map(({ report }) => report.tls?.verification)).toEqual(["full", "full"]);
    const { length } = proxy.received;
    const { error } = await refused(uri, { tls: { ca, crl: await authority.revoke([issued]) } });
    expect(error).toMatchObject({ code: "TLS_REVOKED", stage: "tls", cause: { code: "CERT_REVOKED" } });
    expect(error.message).toBe("The certificate of localhost was revoked");
    expect(proxy.received).toHaveLength(length);
  });

  test("is refused from the next connection on when the file of the list is replaced, sessions or not", async () => {
    await using server = await startServer({ authority });
    await using folder = await Folder.create();
    const crlFile = `${folder.path}/crl.pem`;
    await writeFile(crlFile, await authority.revoke([]));
    for (const resumed of [false, true]) {
      using connection = await open(server.uri, { tls: { crlFile } });
      expect(connection.report.tls?.resumed).toBe(resumed);
    }
    await writeFile(crlFile, await authority.revoke([server.certificate]));
    expect((await refused(server.uri, { tls: { crlFile } })).error.code).toBe("TLS_REVOKED");
  });

  test("may be an intermediate: each CA of the chain has a list of its own", async () => {
    const between = await authority.intermediate();
    await using server = await startServer({ authority, certificate: await between.issue() });
    const lists = await Promise.all([authority.revoke([]), between.revoke([])]);
    using listed = await open(server.uri, { tls: { crl: lists } });
    using together = await open(server.uri, { tls: { crl: lists.join("\n") } });
    expect([listed, together].map(({ report }) => report.tls?.verification)).toEqual(["full", "full"]);
    const { error } = await refused(server.uri, { tls: { crl: lists.slice(0, 1) } });
    expect(error).toMatchObject({ code: "TLS_CHAIN_INVALID", cause: { code: "UNABLE_TO_GET_CRL" } });
  });
});

describe("a list of revoked certificates", () => {
  test("that is too old proves nothing", async () => {
    await using server = await startServer({ authority });
    const crl = await authority.revoke([], { nextUpdate: new Date(Date.now() - 60_000) });
    const { error } = await refused(server.uri, { tls: { crl } });
    expect(error).toMatchObject({ code: "TLS_CHAIN_INVALID", cause: { code: "CRL_HAS_EXPIRED" } });
  });

  test.each([
    ["something else", authority.certificate, "tls.crl holds no list"],
    ["rubbish", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----", "cannot be read"],
  ])("that is %s is an error of its own", async (_, crl, message) => {
    const { error } = await refused("rediss://localhost:1", { tls: { crl } });
    expect(error).toMatchObject({ code: "CONFIG_KEY_MATERIAL", message: expect.stringContaining(message) });
  });
});

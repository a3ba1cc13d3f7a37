import { expect, test } from "vitest";
import { type CertificateKind, ControlConnection, certificateKinds, startServer } from "../../src/index.ts";
import { verdicts } from "../verdicts.ts";
import { tryTls } from "./dial.ts";

test.each(certificateKinds)("a real server serves the kind %s", async (certificate) => {
  await using server = await startServer({ certificate });
  const target = { port: server.tlsPort as number, ca: server.ca };
  for (const [host, verdict] of [
    ["localhost", verdicts[certificate].byName],
    ["127.0.0.1", verdicts[certificate].byAddress],
  ] as const)
    expect(await tryTls({ host, ...target })).toMatch(verdict === "trusted" ? /^TLSv1\.3 -NOAUTH/ : verdict);
  // The operator's line does not depend on the certificate being right.
  expect(await server.command("PING")).toBe("PONG");
});

test("a client certificate can be required: right ones pass, missing and wrong ones do not", async () => {
  await using server = await startServer({ clientCertificates: "required", password: false });
  const base = { port: server.tlsPort as number, ca: server.ca };
  const withClient = async (kind?: CertificateKind) => {
    const { certificate: cert, key } = await server.clientCertificate(kind);
    return tryTls({ ...base, cert, key });
  };
  expect(await withClient()).toBe("TLSv1.3 +PONG");
  expect(await withClient("with-intermediate")).toBe("TLSv1.3 +PONG");
  expect(await tryTls(base)).toBe("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED");
  expect(await withClient("expired")).toBe("ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED");
  expect(await withClient("other-authority")).toBe("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA");
  expect(await server.command("PING")).toBe("PONG");
});

test("a client certificate can be optional: none passes, a wrong one does not", async () => {
  await using server = await startServer({ clientCertificates: "optional", password: false });
  const base = { port: server.tlsPort as number, ca: server.ca };
  expect(await tryTls(base)).toBe("TLSv1.3 +PONG");
  const { certificate: cert, key } = await server.clientCertificate("other-authority");
  expect(await tryTls({ ...base, cert, key })).toBe("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA");
});

test("the connection string can carry a client certificate", async () => {
  await using server = await startServer({ clientCertificates: "required" });
  const clientCertificate = await server.clientCertificate("valid", { commonName: "app" });
  expect(clientCertificate.x509.subject).toBe("CN=app");
  const { searchParams } = new URL(server.uriFor({ clientCertificate }));
  expect(searchParams.get("sslcert")).toBe(clientCertificate.certFile);
  expect(searchParams.get("sslkey")).toBe(clientCertificate.keyFile);
});

test("TLS 1.2 only, TLS 1.1 only, and one cipher only", async () => {
  await using modern = await startServer({
    protocols: ["TLSv1.2"],
    ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384",
  });
  const { ca } = modern;
  expect(await tryTls({ port: modern.tlsPort as number, ca })).toMatch(/^TLSv1\.2 -NOAUTH/);
  expect(await tryTls({ port: modern.tlsPort as number, ca, ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" })).toBe(
    "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  );
  expect(await modern.command("PING")).toBe("PONG");

  await using old = await startServer({ protocols: ["TLSv1.1"] });
  const base = { port: old.tlsPort as number, ca: old.ca };
  expect(await tryTls(base)).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
  const lenient = { minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  expect(await tryTls({ ...base, ...lenient })).toMatch(/^TLSv1\.1 -NOAUTH/);
  expect(await old.command("PING")).toBe("PONG");
});

test("a certificate is replaced while the server runs, and again, and survives a restart", async () => {
  await using server = await startServer();
  const base = { port: server.tlsPort as number, ca: server.ca };
  const before = server.certificate.x509.fingerprint256;
  await server.replaceCertificate("expired");
  expect(await tryTls(base)).toBe("CERT_HAS_EXPIRED");
  const fresh = await server.replaceCertificate();
  expect(fresh.x509.fingerprint256).not.toBe(before);
  expect(await tryTls(base)).toMatch(/^TLSv1\.3/);
  await server.restart();
  expect(await server.command("PING")).toBe("PONG");
  expect(server.certificate).toBe(fresh);
});

test("the operator's line refuses another server than the one started", async () => {
  await using one = await startServer();
  await using other = await startServer();
  const { fingerprint256: fingerprint } = one.certificate.x509;
  const target = { host: "127.0.0.1", port: other.tlsPort as number, tls: { fingerprint } };
  await expect(ControlConnection.open(target)).rejects.toThrow("shows another certificate");
});

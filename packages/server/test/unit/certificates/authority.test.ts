import { X509Certificate } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { createAuthority, createSelfSigned, openAuthority } from "../../../src/certificates/authority.ts";

test("an authority issues a leaf for the loopback names, valid now, that it has signed", async () => {
  const authority = await createAuthority();
  const { x509 } = await authority.issue();
  const root = new X509Certificate(authority.certificate);
  expect(root.ca).toBe(true);
  expect(root.verify(root.publicKey)).toBe(true);
  expect(x509.ca).toBe(false);
  expect(x509.verify(root.publicKey)).toBe(true);
  expect(x509.checkIssued(root)).toBe(true);
  expect(x509.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  for (const address of ["127.0.0.1", "::1"]) expect(x509.checkIP(address)).toBe(address);
  expect(x509.checkHost("localhost")).toBe("localhost");
  expect(x509.checkHost("example.test")).toBeUndefined();
  expect(Date.parse(x509.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(x509.validTo)).toBeGreaterThan(Date.now() + 300 * 86_400_000);
  expect(x509.keyUsage?.sort()).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
});

test("names, common name and dates are the caller's", async () => {
  const authority = await createAuthority("Mine");
  const { x509 } = await authority.issue({
    names: ["cache.example.test", "10.1.2.3"],
    commonName: "cache, with a comma",
    notBefore: new Date("2030-01-02T03:04:05Z"),
    notAfter: new Date("2031-01-02T03:04:05Z"),
  });
  expect(x509.subject).toBe("CN=cache\\, with a comma");
  expect(x509.issuer).toMatch(/^CN=Mine [0-9a-f]{8}$/);
  expect(x509.subjectAltName).toBe("DNS:cache.example.test, IP Address:10.1.2.3");
  expect(Date.parse(x509.validFrom)).toBe(Date.UTC(2030, 0, 2, 3, 4, 5));
  expect(Date.parse(x509.validTo)).toBe(Date.UTC(2031, 0, 2, 3, 4, 5));
});

test("an intermediate comes along behind what it issues, and the root has signed it", async () => {
  const root = await createAuthority();
  const intermediate = await root.intermediate();
  const { certificate, x509 } = await intermediate.issue();
  const rootCertificate = new X509Certificate(root.certificate);
  const between = new X509Certificate(intermediate.certificate);
  expect(certificate.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(certificate.endsWith(intermediate.certificate)).toBe(true);
  expect(x509.verify(between.publicKey)).toBe(true);
  expect(x509.verify(rootCertificate.publicKey)).toBe(false);
  expect(between.verify(rootCertificate.publicKey)).toBe(true);
});

test("two levels of intermediates come along, too", async () => {
  const lower = await (await (await createAuthority()).intermediate("Upper")).intermediate("Lower");
  const { certificate } = await lower.issue();
  expect(certificate.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
});

test("serial numbers are positive and differ", async () => {
  const authority = await createAuthority();
  const issued = await Promise.all(Array.from({ length: 40 }, () => authority.issue()));
  const serials = issued.map(({ x509 }) => x509.serialNumber);
  expect(new Set(serials).size).toBe(40);
  for (const serial of serials) expect(serial).toMatch(/^[0-7][0-9A-F]{31}$/);
});

test("a private key belongs to its certificate, and printing does not show it", async () => {
  const issued = await createSelfSigned();
  const { createPrivateKey } = await import("node:crypto");
  expect(issued.x509.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
  for (const text of [inspect(issued, { showHidden: true, depth: 9 }), JSON.stringify(issued)])
    expect(text).not.toContain("PRIVATE KEY");
});

test("the Reflect object is left as it was", async () => {
  await createAuthority();
  expect(Object.getOwnPropertyNames(Reflect)).not.toContain("getMetadata");
});

test("an authority that was kept goes on: what it issues afterwards is trusted by who trusted it before", async () => {
  const notAfter = new Date("2040-01-02T03:04:05Z");
  const before = await createAuthority("Kept", { notAfter });
  const authority = await openAuthority(before.certificate, await before.key());
  const { x509 } = await authority.issue();
  const root = new X509Certificate(before.certificate);
  expect(new Date(root.validTo)).toEqual(notAfter);
  expect(x509.verify(root.publicKey)).toBe(true);
  expect(x509.checkIssued(root)).toBe(true);
});

test("a key of another authority is refused, and so is a certificate of a server", async () => {
  const [one, other] = await Promise.all([createAuthority(), createAuthority()]);
  await expect(openAuthority(one.certificate, await other.key())).rejects.toThrow("do not belong together");
  const leaf = await one.issue();
  await expect(openAuthority(leaf.certificate, leaf.key)).rejects.toThrow("not one of an authority");
});

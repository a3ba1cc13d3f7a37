import { inspect } from "node:util";
import { createAuthority } from "@redoubt/server";
import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "../../../src/config/secret.ts";
import type { TlsSettings } from "../../../src/config/target.ts";
import type { RedoubtError } from "../../../src/errors.ts";
import { type TlsOptions, tlsDefaults } from "../../../src/tls/options.ts";
import { resolvePolicy } from "../../../src/tls/policy.ts";
import { encrypted, Folder, settings } from "./material.ts";

const authority = await createAuthority();
const { certificate: cert, key } = await authority.issue();
const other = await authority.issue();
const ca = authority.certificate;
const pin = `${"A".repeat(43)}=`;

const policyOf = (options: TlsOptions = {}, changes: Partial<TlsSettings> = {}, host = "cache.example") =>
  resolvePolicy(settings(changes), options, host);

/** The error of a policy that cannot be made. */
async function refusal(options: TlsOptions, changes: Partial<TlsSettings> = {}): Promise<RedoubtError> {
  const found = await policyOf(options, changes).then(
    () => null,
    (error: RedoubtError) => error,
  );
  expect(found).not.toBeNull();
  return found as RedoubtError;
}

afterEach(() => {
  tlsDefaults.certificateSelection = undefined;
  tlsDefaults.certificateValidation = undefined;
});

describe("the name to verify", () => {
  test("is said in code, else by the string, else the host; SNI carries DNS names only", async () => {
    const names = async (...args: Parameters<typeof policyOf>) => {
      const { name, serverNameIndication } = await policyOf(...args);
      return [name, serverNameIndication];
    };
    expect(await names()).toEqual(["cache.example", "cache.example"]);
    expect(await names({}, { servername: "b.example" })).toEqual(["b.example", "b.example"]);
    expect(await names({ servername: "c.example" }, { servername: "b.example" })).toEqual([
      "c.example",
      "c.example",
    ]);
    expect(await names({}, {}, "cache.example.")).toEqual(["cache.example", "cache.example"]);
    expect(await names({}, {}, "bücher.example")).toEqual(["bücher.example", "xn--bcher-kva.example"]);
    expect(await names({}, {}, "10.0.0.4")).toEqual(["10.0.0.4", ""]);
    expect(await names({}, {}, "::1")).toEqual(["::1", ""]);
    expect(await names({}, {}, "/run/redis.sock")).toEqual(["/run/redis.sock", ""]);
  });

  test.each(["", ".", ".example.com", "a.example\0.evil.example"])("%j is none", async (servername) => {
    expect((await refusal({ servername })).code).toBe("CONFIG_INVALID_VALUE");
  });
});

describe("what is verified", () => {
  test("chain and name, unless said otherwise in plain words", async () => {
    expect((await policyOf()).verification).toBe("full");
    expect((await policyOf({ verify: "ca" })).verification).toBe("ca");
    expect((await policyOf({}, { verify: "ca" })).verification).toBe("ca");
    expect((await policyOf({ verify: "full" }, { verify: "ca" })).verification).toBe("full");
    expect((await policyOf({ dangerouslySkipVerification: true })).verification).toBe("none");
    expect((await policyOf({ dangerouslySkipVerification: false })).verification).toBe("full");
  });

  test("nothing else switches it off", async () => {
    expect((await refusal({}, { verify: "none" })).code).toBe("CONFIG_INVALID_VALUE");
    expect((await refusal({ verify: "none" as "ca" })).code).toBe("CONFIG_INVALID_VALUE");
    expect((await policyOf({ dangerouslySkipVerification: "no" as never })).verification).toBe("full");
  });

  test("pins in both spellings", async () => {
    const { pins } = await policyOf({ pins: [pin, `sha256/${pin}`, `sha256//${pin}`, "A".repeat(43)] });
    expect(pins).toEqual([pin, pin, pin, pin]);
    expect((await policyOf({}, { pins: [pin] })).pins).toEqual([pin]);
    expect((await refusal({ pins: ["AA:BB"] })).code).toBe("CONFIG_INVALID_VALUE");
  });

  test("callbacks: of the target, else of the process", async () => {
    const mine = () => true;
    const everybodys = () => true;
    tlsDefaults.certificateValidation = everybodys;
    expect((await policyOf()).certificateValidation).toBe(everybodys);
    expect((await policyOf({ certificateValidation: mine })).certificateValidation).toBe(mine);
    tlsDefaults.certificateValidation = undefined;
    expect((await policyOf()).certificateValidation).toBeNull();
  });
});

describe("versions and ciphers", () => {
  test("a range that is none", async () => {
    const error = await refusal({ minVersion: "TLSv1.3", maxVersion: "TLSv1.2" });
    expect(error).toMatchObject({
      code: "CONFIG_INVALID_VALUE",
      message: expect.stringContaining("TLSv1.3") as string,
    });
    expect((await refusal({ maxVersion: "TLSv1.1" })).message).toContain("minimum TLSv1.2");
    await policyOf({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ECDHE-RSA-AES128-SHA" });
  });

  test("a cipher that nobody knows", async () => {
    const error = await refusal({ ciphers: "NO-SUCH-CIPHER" });
    expect(error).toMatchObject({
      code: "CONFIG_INVALID_VALUE",
      message: expect.stringContaining("ciphers") as string,
    });
  });
});

describe("CA certificates", () => {
  test.each<[string, TlsOptions["ca"]]>([
    ["text that is no PEM", "rubbish"],
    ["an empty text", ""],
    ["bytes that are no DER", Buffer.from([0x30, 0x82, 1, 2, 3])],
    ["a private key", key],
    ["PEM with a damaged certificate", ca.replace(/[A-Z]{3}/, "abc")],
    ["one good and one bad", [ca, "rubbish"]],
    ["an empty list", []],
  ])("%s", async (_, given) => {
    const error = await refusal({ ca: given as string });
    expect(error.code).toBe("CONFIG_KEY_MATERIAL");
    expect(inspect(error)).not.toContain("PRIVATE KEY");
  });

  test("text, bytes, DER, several in one text, with words around them", async () => {
    const der = authority.certificate.replace(/-----.*?-----|\s/g, "");
    const several = `# ours\n${ca}\nIssuer: somebody\n${cert}`;
    for (const given of [ca, Buffer.from(ca), Buffer.from(der, "base64"), several, [ca, Buffer.from(cert)]])
      await expect(policyOf({ ca: given })).resolves.toHaveProperty("verification", "full");
  });

  test("files: missing, a folder, without certificate", async () => {
    await using folder = await Folder.create();
    const missing = await refusal({}, { caFile: `${folder.path}/no.pem` });
    expect(missing).toMatchObject({
      code: "CONFIG_FILE",
      message: `sslrootcert: the file ${folder.path}/no.pem does not exist`,
    });
    expect((await refusal({ caFile: folder.path })).message).toContain("cannot be read");
    const empty = await refusal({ caFile: await folder.write("empty.pem", "") });
    expect(empty).toMatchObject({
      code: "CONFIG_KEY_MATERIAL",
      message: expect.stringContaining("empty.pem") as string,
    });
  });
});

describe("the client certificate", () => {
  test("with its key, encrypted or not, in one file or two, in code or in files", async () => {
    await using folder = await Folder.create();
    const [certFile, keyFile, both, locked] = await Promise.all([
      folder.write("c.pem", cert),
      folder.write("k.pem", key),
      folder.write("both.pem", cert + key),
      folder.write("locked.pem", encrypted(key, "open sesame")),
    ]);
    const ways: [TlsOptions, Partial<TlsSettings>][] = [
      [{ cert, key }, {}],
      [{ cert: Buffer.from(cert), key: Buffer.from(key) }, {}],
      [{ certFile, keyFile }, {}],
      [{}, { certFile, keyFile }],
      [{}, { certFile: both }],
      [{ cert: cert + key }, {}],
      [{ cert, key: encrypted(key, "open sesame"), passphrase: "open sesame" }, {}],
      [{}, { certFile, keyFile: locked, passphrase: new Secret("open sesame") }],
      [{ certificateSelection: () => ({ cert, key }) }, {}],
    ];
    for (const [options, changes] of ways)
      expect((await policyOf(options, changes)).hasClientCertificate).toBe(true);
    expect((await policyOf()).hasClientCertificate).toBe(false);
  });

  test.each<[string, TlsOptions, RegExp]>([
    ["a key of another pair", { cert, key: other.key }, /do not belong together/],
    ["no key", { cert }, /no key for it: give sslkey/],
    ["no certificate", { key }, /no certificate for it: give sslcert/],
    [
      "a wrong passphrase",
      { cert, key: encrypted(key, "right one"), passphrase: "s3cret guess" },
      /passphrase is missing or wrong/,
    ],
    ["a missing passphrase", { cert, key: encrypted(key, "right one") }, /passphrase is missing or wrong/],
    ["a key that is no PEM", { cert, key: "s3cret rubbish" }, /cannot be read/],
    ["a certificate that is no PEM", { cert: "s3cret rubbish", key }, /cannot be read/],
    [
      "PKCS#12 that is none",
      { pfx: Buffer.from("s3cret rubbish"), passphrase: "s3cret guess" },
      /cannot be read/,
    ],
  ])("%s", async (_, options, message) => {
    const error = await refusal(options);
    expect(error.code).toBe("CONFIG_KEY_MATERIAL");
    expect(error.message).toMatch(message);
    const shown = inspect(error, { depth: 9 }) + JSON.stringify(error);
    expect(shown).not.toMatch(/s3cret|PRIVATE KEY|right one/);
  });

  test("files that are missing name their key", async () => {
    await using folder = await Folder.create();
    const path = `${folder.path}/no.pem`;
    for (const [option, word] of [
      ["certFile", "sslcert"],
      ["keyFile", "sslkey"],
      ["pfxFile", "sslpfx"],
    ] as const) {
      const error = await refusal({ ...(option === "keyFile" && { cert }), [option]: path });
      expect(error).toMatchObject({
        code: "CONFIG_FILE",
        message: `${word}: the file ${path} does not exist`,
      });
    }
  });

  test("the selection callback is asked at each connect, knows what is configured, and may rotate", async () => {
    const asked: unknown[] = [];
    const turns = [{ cert, key }, { cert: other.certificate, key: other.key }, undefined];
    const certificateSelection = async (request: unknown) => {
      asked.push(request);
      return turns[asked.length - 1];
    };
    const options = { cert, key, certificateSelection };
    const [first, second, third] = [
      await policyOf(options),
      await policyOf(options),
      await policyOf(options),
    ];
    expect(asked).toEqual(
      Array(3).fill({
        host: "cache.example",
        localCertificates: [{ cert, key }],
        remoteCertificate: null,
        acceptableIssuers: [],
      }),
    );
    expect(first.secureContext).not.toBe(second.secureContext);
    expect([first, second, third].map(({ hasClientCertificate }) => hasClientCertificate)).toEqual([
      true,
      true,
      false,
    ]);
    tlsDefaults.certificateSelection = () => ({ cert, key });
    expect((await policyOf()).hasClientCertificate).toBe(true);
  });

  test("a selection callback that throws, gives half a pair, or more than a certificate", async () => {
    const thrown = new Error("vault is sealed");
    const failed = await refusal({ certificateSelection: () => Promise.reject(thrown) });
    expect(failed).toMatchObject({ code: "CONFIG_KEY_MATERIAL", cause: thrown });
    expect((await refusal({ certificateSelection: () => ({ cert }) })).code).toBe("CONFIG_KEY_MATERIAL");
    const sneaky = { cert, key, ciphers: "NULL", ca: "rubbish", minVersion: "TLSv1" };
    expect((await policyOf({ certificateSelection: () => sneaky })).hasClientCertificate).toBe(true);
  });
});

describe("what connections share", () => {
  test("the same settings give the same context and session key; any difference gives another session key", async () => {
    const base = await policyOf({ ca });
    expect((await policyOf({ ca })).secureContext).toBe(base.secureContext);
    const different: [TlsOptions, Partial<TlsSettings>, string?][] = [
      [{ ca: cert }, {}],
      [{}, {}],
      [{ ca, cert, key }, {}],
      [{ ca, cert: other.certificate, key: other.key }, {}],
      [{ ca, verify: "ca" }, {}],
      [{ ca, dangerouslySkipVerification: true }, {}],
      [{ ca, pins: [pin] }, {}],
      [{ ca, minVersion: "TLSv1.3" }, {}],
      [{ ca, maxVersion: "TLSv1.2" }, {}],
      [{ ca, ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" }, {}],
      [{ ca, servername: "b.example" }, {}],
      [{ ca }, {}, "c.example"],
    ];
    const keys = [base.sessionKey];
    for (const each of different) keys.push((await policyOf(...each)).sessionKey);
    expect(new Set(keys).size).toBe(different.length + 1);
    expect((await policyOf({ ca, resume: false })).sessionKey).toBeNull();
  });

  test("a session key tells no secret", async () => {
    const { sessionKey } = await policyOf({
      cert,
      key: encrypted(key, "open sesame"),
      passphrase: "open sesame",
    });
    expect(sessionKey).toMatch(/^cache\.example\|[A-Za-z0-9+/]{43}=$/);
  });

  test("a file that was replaced is read again, also within a millisecond and with the same size", async () => {
    await using folder = await Folder.create();
    const caFile = await folder.write("ca.pem", ca);
    const before = await policyOf({ caFile });
    expect((await policyOf({ caFile })).secureContext).toBe(before.secureContext);
    const seen = new Set([before.secureContext]);
    for (let i = 0; i < 5; i++) {
      const next = (await createAuthority(`authority ${i}`)).certificate;
      await folder.write("ca.pem", next);
      seen.add((await policyOf({ caFile })).secureContext);
    }
    expect(seen.size).toBe(6);
  });
});

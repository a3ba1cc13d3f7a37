import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { createAuthority, type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parse } from "../../../src/config/parse.ts";
import type { RedoubtError } from "../../../src/errors.ts";
import { dial } from "../../../src/net/dial.ts";
import { tlsDefaults, type ValidationRequest } from "../../../src/tls/options.ts";
import { Folder } from "../../unit/tls/material.ts";
import { open, redirected, refused } from "../dialling.ts";

const run = promisify(execFile);
const authority = await createAuthority();
let server: RedisServer;

beforeAll(async () => {
  server = await startServer({ authority });
});
afterAll(() => server.stop());
afterEach(() => {
  tlsDefaults.certificateValidation = undefined;
  tlsDefaults.certificateSelection = undefined;
  delete process.env["SSL_CERT_FILE"];
  delete process.env["NODE_EXTRA_CA_CERTS"];
});

describe("certificateValidation", () => {
  test("is asked on every connection, also a resumed one and when all is good, with what was found", async () => {
    const asked: ValidationRequest[] = [];
    const certificateValidation = (request: ValidationRequest) => {
      asked.push(request);
      return true;
    };
    for (let i = 0; i < 3; i++) {
      using connection = await open(server.uri, { tls: { certificateValidation } });
      expect(connection.report.tls).toMatchObject({ resumed: i > 0, verification: "callback" });
    }
    expect(asked).toHaveLength(3);
    for (const request of asked) {
      expect(request).toMatchObject({
        host: "localhost",
        address: expect.stringContaining(`:${server.tlsPort}`) as string,
        chainError: null,
        nameError: null,
        errors: { notAvailable: false, nameMismatch: false, chainErrors: false },
      });
      expect(request.certificate.fingerprint256).toBe(server.certificate.x509.fingerprint256);
      expect(request.chain.map(({ subject }) => subject)).toEqual([
        server.certificate.x509.subject,
        expect.stringContaining("Redoubt authority") as string,
      ]);
    }
  });

  test("is told what is wrong", async () => {
    await using other = await startServer({
      certificate: "expired",
      names: ["elsewhere.test"],
      password: false,
    });
    let request: ValidationRequest | undefined;
    const { error } = await refused(other.uri, {
      tls: {
        servername: "localhost",
        certificateValidation: (given) => {
          request = given;
          return false;
        },
      },
    });
    expect(error).toMatchObject({ code: "TLS_REJECTED_BY_CALLBACK", stage: "tls" });
    expect(error.message).toContain("CERT_HAS_EXPIRED");
    expect(request).toMatchObject({
      chainError: "CERT_HAS_EXPIRED",
      nameError: "not for localhost, but for elsewhere.test",
      errors: { nameMismatch: true, chainErrors: true },
    });
  });

  test.each<[string, () => unknown]>([
    ["false", () => false],
    ["a promise of false", () => Promise.resolve(false)],
    ["undefined", () => undefined],
    ["a truthy value that is not true", () => "yes"],
    [
      "an exception",
      () => {
        throw new Error("my rules");
      },
    ],
    ["a rejection", () => Promise.reject(new Error("my rules"))],
  ])("%s refuses, before a credential is sent", async (_, answer) => {
    const issued = await authority.issue();
    await using redis = await startServer({ listen: "plain" });
    await using proxy = await startFaultProxy({
      to: { host: "127.0.0.1", port: redis.port as number },
      tls: issued,
      record: 100,
    });
    const uri = redirected(redis.uri.replace("redis:", "rediss:"), proxy.port);
    const { error } = await refused(uri, {
      tls: { ca: authority.certificate, certificateValidation: answer as () => boolean },
    });
    expect({ code: error.code, stage: error.stage }).toEqual({
      code: "TLS_REJECTED_BY_CALLBACK",
      stage: "tls",
    });
    expect(proxy.received).toHaveLength(0);
  });

  test("may take its time, within the deadline", async () => {
    const later = (ms: number) => () =>
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), ms));
    using connection = await open(server.uri, { tls: { certificateValidation: later(100) } });
    expect(connection.report.stages[2]?.ms).toBeGreaterThan(90);
    const { error, ms } = await refused(server.uri, {
      connectTimeout: 1000,
      tls: { certificateValidation: later(10_000) },
    });
    expect(error.code).toBe("TLS_HANDSHAKE_TIMEOUT");
    expect(ms).toBeLessThan(8000);
  });

  test("of the process serves those that have none of their own", async () => {
    tlsDefaults.certificateValidation = () => false;
    expect((await refused(server.uri)).error.code).toBe("TLS_REJECTED_BY_CALLBACK");
    using connection = await open(server.uri, { tls: { certificateValidation: () => true } });
    expect(connection.report.tls?.verification).toBe("callback");
  });

  test("does not overrule a pin", async () => {
    const pins = [`${"A".repeat(43)}=`];
    const { error } = await refused(server.uri, { tls: { pins, certificateValidation: () => true } });
    expect(error.code).toBe("TLS_PIN_MISMATCH");
  });
});

test("while a callback thinks, a peer cannot fill memory, and what it sent is not lost", async () => {
  const { createServer } = await import("node:tls");
  const issued = await authority.issue();
  let written = 0;
  const listener = createServer({ cert: issued.certificate, key: issued.key }, (socket) => {
    socket.on("error", () => {});
    const chunk = Buffer.alloc(64 * 1024, "+OK\r\n");
    const flood = () => {
      while (!socket.destroyed && written < 200 * 1024 * 1024) {
        written += chunk.length;
        if (!socket.write(chunk)) return void socket.once("drain", flood);
      }
    };
    flood();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  const before = process.memoryUsage().rss;
  const { error } = await refused(`rediss://:x@127.0.0.1:${port}`, {
    tls: {
      ca: authority.certificate,
      certificateValidation: () => new Promise((resolve) => setTimeout(() => resolve(true), 1000)),
    },
  });
  // Once somebody reads, the flood is not what was asked for.
  expect(error.code).toBe("REPLY_PROTOCOL");
  expect(written).toBeLessThan(20 * 1024 * 1024);
  expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  listener.close();
});

describe("pins", () => {
  test("the leaf's key, also as the second of two; the report says what to pin", async () => {
    using first = await open(server.uri);
    const pin = first.report.tls?.certificate.pin as string;
    for (const pins of [[pin], [`sha256/${pin}`], [`${"A".repeat(43)}=`, pin]]) {
      using connection = await open(server.uri, { tls: { pins } });
      expect(connection.report.tls?.verification).toBe("full");
    }
    const { error } = await refused(server.uri, { tls: { pins: [`${"A".repeat(43)}=`] } });
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TLS_PIN_MISMATCH", stage: "tls" });
    expect(error.message).toContain(pin);
  });

  test("hold without any other verification", async () => {
    const { error } = await refused(server.uri, {
      tls: { dangerouslySkipVerification: true, pins: [`${"A".repeat(43)}=`] },
    });
    expect(error.code).toBe("TLS_PIN_MISMATCH");
  });
});

test("servername says which name to verify and to send", async () => {
  await using named = await startServer({ names: ["cache.example.test"] });
  expect(named.uri).toContain("servername=cache.example.test");
  using connection = await open(named.uri);
  expect(connection.report.tls?.verifiedName).toBe("cache.example.test");
  const { error } = await refused(named.uri, { tls: { servername: "other.example.test" } });
  expect(error.code).toBe("TLS_NAME_MISMATCH");
  expect(error.message).toBe("The certificate is not for other.example.test, but for cache.example.test");
});

describe("files that change while the program runs", () => {
  test("the CA: after the server's certificates were renewed", async () => {
    await using folder = await Folder.create();
    await using first = await startServer();
    await using second = await startServer();
    const caFile = `${folder.path}/ca.pem`;
    await copyFile(first.caFile, caFile);
    const tls = { caFile };
    using before = await open(first.uri, { tls });
    expect(before.report.tls?.verification).toBe("full");
    expect((await refused(second.uri, { tls })).error.code).toBe("TLS_UNTRUSTED");
    await copyFile(second.caFile, caFile);
    using after = await open(second.uri, { tls });
    expect(after.report.tls?.verification).toBe("full");
    // The session of the first is worth nothing under the new CA.
    expect((await refused(first.uri, { tls })).error.code).toBe("TLS_UNTRUSTED");
  });

  test("the client certificate", async () => {
    await using strict = await startServer({ clientCertificates: "required" });
    await using folder = await Folder.create();
    const [old, fresh] = [await strict.clientCertificate("expired"), await strict.clientCertificate()];
    const files = { certFile: `${folder.path}/c.pem`, keyFile: `${folder.path}/k.pem` };
    const install = async ({ certificate, key }: typeof old) => {
      await writeFile(files.certFile, certificate);
      await writeFile(files.keyFile, key);
    };
    await install(old);
    expect((await refused(strict.uri, { tls: files })).error.code).toBe("TLS_CLIENT_CERTIFICATE_REJECTED");
    await install(fresh);
    using connection = await open(strict.uri, { tls: files });
    expect(connection.report.protocol).toBe(3);
  });
});

test("certificate and key are replaced one after the other: until both are there, the pair from before is in force", async () => {
  await using strict = await startServer({ clientCertificates: "required" });
  await using folder = await Folder.create();
  const files = { certFile: `${folder.path}/c.pem`, keyFile: `${folder.path}/k.pem` };
  const outcome = async (): Promise<string> => {
    const dialled = await dial(parse(strict.uri), { tls: files }).catch(({ code }: RedoubtError) => code);
    if (typeof dialled === "string") return dialled;
    dialled.close();
    return "connected";
  };
  const [good, bad] = [await strict.clientCertificate(), await strict.clientCertificate("expired")];
  await writeFile(files.certFile, good.certificate);
  await writeFile(files.keyFile, bad.key);
  // There is no pair from before.
  expect(await outcome()).toBe("CONFIG_KEY_MATERIAL");
  await writeFile(files.keyFile, good.key);
  expect(await outcome()).toBe("connected");
  await writeFile(files.certFile, bad.certificate.slice(0, 200));
  expect(await outcome()).toBe("connected");
  await writeFile(files.certFile, bad.certificate);
  expect(await outcome()).toBe("connected");
  await writeFile(files.keyFile, "");
  expect(await outcome()).toBe("connected");
  await writeFile(files.keyFile, bad.key);
  expect(await outcome()).toBe("TLS_CLIENT_CERTIFICATE_REJECTED");
});

describe("client certificates", () => {
  test("of certificateSelection, for one target or the process", async () => {
    await using strict = await startServer({ clientCertificates: "required" });
    const { certificate: cert, key } = await strict.clientCertificate();
    using own = await open(strict.uri, { tls: { certificateSelection: () => ({ cert, key }) } });
    expect(own.report.protocol).toBe(3);
    tlsDefaults.certificateSelection = () => Promise.resolve({ cert, key });
    using processWide = await open(strict.uri);
    expect(processWide.report.protocol).toBe(3);
  });

  test("as PKCS#12: read with its passphrase; a wrong one, a missing one and rubbish are told", async () => {
    await using strict = await startServer({ clientCertificates: "required" });
    await using folder = await Folder.create();
    const { certFile, keyFile } = await strict.clientCertificate();
    const pfxFile = `${folder.path}/client.p12`;
    const env = { ...process.env, PFX_PASSWORD: "open sesame" };
    const common = ["pkcs12", "-export", "-in", certFile, "-inkey", keyFile, "-passout", "env:PFX_PASSWORD"];
    await run("openssl", [...common, "-out", pfxFile], { env });
    using connection = await open(strict.uri, { tls: { pfxFile, passphrase: "open sesame" } });
    expect(connection.report.protocol).toBe(3);
    for (const passphrase of ["a guess", undefined]) {
      const { error, stages } = await refused(strict.uri, {
        tls: { pfxFile, ...(passphrase !== undefined && { passphrase }) },
      });
      expect(error).toMatchObject({
        code: "CONFIG_KEY_MATERIAL",
        message: expect.stringContaining("passphrase") as string,
      });
      expect(error.message).not.toContain("guess");
      expect(stages).toEqual([]);
    }
    const legacy = `${folder.path}/legacy.p12`;
    await run("openssl", [...common, "-legacy", "-out", legacy], { env });
    const { error } = await refused(strict.uri, { tls: { pfxFile: legacy, passphrase: "open sesame" } });
    expect(error).toMatchObject({
      code: "CONFIG_KEY_MATERIAL",
      message: expect.stringContaining("export it again") as string,
    });
  });
});

describe("the system's store", () => {
  test("is real, and does not know a private CA", async () => {
    expect((await refused(server.uri, { tls: { caFile: "system" } })).error.code).toBe("TLS_UNTRUSTED");
  });

  test("with NODE_EXTRA_CA_CERTS, or another bundle by SSL_CERT_FILE", async () => {
    for (const variable of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]) {
      process.env[variable] = server.caFile;
      using connection = await open(server.uri, { tls: { caFile: "system" } });
      expect(connection.report.tls?.verification).toBe("full");
      process.env[variable] = "/no/such/file.pem";
      const { error } = await refused(server.uri, { tls: { caFile: "system" } });
      expect(error).toMatchObject({
        code: "CONFIG_FILE",
        message: `${variable}: the file /no/such/file.pem does not exist`,
      });
      delete process.env[variable];
    }
  });
});

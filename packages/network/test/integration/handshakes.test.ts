import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTls } from "node:tls";
import { parse } from "@redoubt/client";
import { createAuthority, startFaultProxy, startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";
import { listen } from "./listening.ts";

const quick = { latency: 0, timeout: 1500, connectTimeout: 4000 } as const;
const day = 86_400_000;

async function first(uri: string): Promise<string | undefined> {
  const { findings } = await doctor(uri, quick);
  return findings[0]?.id;
}

describe("TLS and plain text mixed up", () => {
  test("TLS to a plain port", async () => {
    await using server = await startServer({ listen: "plain-posing-as-tls" });
    expect(await first(`rediss://:secret@127.0.0.1:${server.tlsPort}`)).toBe("tls-plain-port");
  });

  test("TLS to the plain port beside the TLS port: the line with the right one", async () => {
    await using server = await startServer({ listen: "both" });
    const { findings } = await doctor(server.uri.replace(`:${server.tlsPort}`, `:${server.port}`), quick);
    expect(findings[0]?.id).toBe("tls-plain-port");
    // Ports that are not usual ones are found where they are neighbours.
    const neighbours = Math.abs((server.tlsPort ?? 0) - (server.port ?? 0)) === 1;
    if (neighbours) expect(findings[0]?.fixes[0]?.after).toContain(`:${server.tlsPort}`);
  });

  test("plain text to a TLS port: the line with rediss", async () => {
    await using server = await startServer();
    const { findings, verdict } = await doctor(`redis://:secret@localhost:${server.tlsPort}`, quick);
    expect(findings[0]?.id).toBe("tls-required");
    expect(findings[0]?.fixes[0]?.after).toMatch(/^rediss:/);
    expect(verdict.state).toBe("tls");
  });

  test("a web server", async () => {
    const web = createHttp((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await once(web, "listening");
    try {
      expect(await first(`rediss://127.0.0.1:${(web.address() as AddressInfo).port}`)).toBe("tls-http");
    } finally {
      web.close();
    }
  });
});

describe("versions, ciphers, client certificates", () => {
  test("only TLS 1.3 there, at most 1.2 here", async () => {
    await using server = await startServer({ protocols: ["TLSv1.3"] });
    const { findings } = await doctor(server.uri, { ...quick, tls: { maxVersion: "TLSv1.2" } });
    expect(findings[0]?.id).toBe("tls-versions");
    expect(findings[0]?.evidence).toContain("TLSv1.3: accepted");
    expect(findings[0]?.evidence).toContain("TLSv1.2: refused");
  });

  test("no cipher in common", async () => {
    await using server = await startServer({
      protocols: ["TLSv1.2"],
      ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384",
    });
    const { findings } = await doctor(server.uri, {
      ...quick,
      tls: { ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" },
    });
    expect(findings[0]?.id).toBe("tls-cipher");
  });

  test("a client certificate is wanted", async () => {
    await using server = await startServer({ clientCertificates: "required" });
    expect(await first(server.uri)).toBe("tls-client-certificate");
  });

  test("old versions are accepted, which is told when it looks thoroughly", async () => {
    const authority = await createAuthority();
    const { certificate: cert, key } = await authority.issue();
    const old = createTls({ cert, key, minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" }, (socket) => {
      socket.on("error", () => {});
      socket.on("data", () => socket.end("-ERR no\r\n"));
    });
    old.on("tlsClientError", () => {});
    old.listen(0, "127.0.0.1");
    await once(old, "listening");
    try {
      const { findings } = await doctor(`rediss://127.0.0.1:${(old.address() as AddressInfo).port}`, {
        ...quick,
        thorough: true,
        tls: { ca: authority.certificate },
      });
      expect(findings.find(({ id }) => id === "tls-old-versions")?.evidence).toContain("TLSv1.1 is accepted");
    } finally {
      old.close();
    }
  });
});

describe("somebody in between", () => {
  test("swallows the handshake", async () => {
    await using server = await startServer();
    await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort ?? 0 } });
    proxy.stall();
    const uri = server.uri.replace(`localhost:${server.tlsPort}`, `localhost:${proxy.port}`);
    const { findings } = await doctor(uri, { ...quick, connectTimeout: 2000 });
    expect(findings[0]?.id).toBe("tls-swallowed");
  });

  test("hangs up on the handshake", async () => {
    await using hanging = await listen((socket) => socket.once("data", () => socket.end()));
    expect(await first(`rediss://127.0.0.1:${hanging.port}`)).toBe("tls-closed");
  });

  test("opens TLS to look inside", async () => {
    const inspector = await createAuthority("Zscaler Intermediate Root CA");
    await using server = await startServer({ certificate: await inspector.issue() });
    const { findings } = await doctor(server.uri, quick);
    expect(findings[0]?.id).toBe("tls-inspected");
  });
});

test("a certificate that ends in five days works, and is told", async () => {
  const authority = await createAuthority();
  const certificate = await authority.issue({ notAfter: new Date(Date.now() + 5 * day) });
  await using server = await startServer({ authority, certificate });
  const { findings, verdict } = await doctor(server.uri, quick);
  expect(findings[0]).toMatchObject({ id: "tls-expires-soon", severity: "warning" });
  expect(verdict).toMatchObject({ state: "findings", connected: true });
});

test("what was said about TLS in the string is not changed by the doctor", async () => {
  await using server = await startServer();
  const target = parse(server.uri);
  const { verdict } = await doctor(target, quick);
  expect(verdict.state).toBe("healthy");
});

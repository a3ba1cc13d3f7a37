import { rename, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { createAuthority } from "@redoubt/server";
import { expect, test } from "vitest";
import { answering, folder, pair, sayTls } from "./listening.ts";

test("a plain client of a TLS port is told in Redis' own words where to connect", async () => {
  await using files = await folder();
  const authority = await createAuthority();
  const refused: string[] = [];
  const watcher = { refused: (_peer: unknown, reason: string) => void refused.push(reason) };
  const certificates = [await pair(files.path, "server", authority)];
  using served = await answering({ tls: { certificates }, watcher });
  const say = async (words: string) => {
    const socket = connect({ port: served.port, host: "127.0.0.1" });
    socket.write(words);
    return text(socket);
  };
  for (const words of ["*1\r\n$4\r\nPING\r\n", "PING\r\n", "x"])
    expect(await say(words)).toBe(
      `-ERR this port speaks TLS: connect with rediss://127.0.0.1:${served.port}\r\n`,
    );
  await expect.poll(() => served.listener.open).toBe(0);
  using named = await answering({ tls: { certificates }, advice: "cache.example:6380" });
  const socket = connect({ port: named.port, host: "127.0.0.1" });
  socket.write("PING\r\n");
  expect(await text(socket)).toContain("rediss://cache.example:6380\r\n");
  using moved = await answering({ tls: { certificates }, mistaken: "it has moved" });
  const late = connect({ port: moved.port, host: "127.0.0.1" });
  late.write("PING\r\n");
  expect(await text(late)).toBe("-ERR it has moved\r\n");
  expect(refused).toEqual(["plain-text", "plain-text", "plain-text"]);
});

test("certificates are chosen by name, wildcards included, and unknown names get the first or nothing", async () => {
  await using files = await folder();
  const authority = await createAuthority();
  const { certificate: ca } = authority;
  const one = await pair(files.path, "one", authority, { names: ["localhost"] });
  const two = await pair(files.path, "two", authority, { names: ["*.cache.example"] });
  const three = await pair(files.path, "three", authority, { names: ["three"] });
  const certificates = [one, two, { ...three, names: ["given.example"] }];
  using served = await answering({ tls: { certificates } });
  const shown = async (servername: string, port = served.port) =>
    (await sayTls({ port, ca, servername, rejectUnauthorized: false })).shown;
  expect(await shown("localhost")).toBe("localhost");
  expect(await shown("A.cache.example")).toBe("*.cache.example");
  expect(await shown("given.example")).toBe("three");
  expect(await shown("unknown.example")).toBe("localhost");
  const refused: string[] = [];
  const watcher = { refused: (_peer: unknown, reason: string) => void refused.push(reason) };
  using strict = await answering({ tls: { certificates, strictNames: true }, watcher });
  expect(await shown("a.cache.example", strict.port)).toBe("*.cache.example");
  expect(await shown("unknown.example", strict.port)).toBeUndefined();
  expect(refused).toEqual(["unknown-name"]);
});

test("versions: nothing below TLS 1.2 unless said, and not above the maximum", async () => {
  await using files = await folder();
  const authority = await createAuthority();
  const certificates = [await pair(files.path, "server", authority)];
  const base = { ca: authority.certificate };
  using served = await answering({ tls: { certificates } });
  expect((await sayTls({ ...base, port: served.port })).answer).toContain("TLSv1.3");
  expect((await sayTls({ ...base, port: served.port, maxVersion: "TLSv1.2" })).answer).toContain("TLSv1.2");
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
  expect((await sayTls({ ...base, port: served.port, ...old })).answer).toMatch(/^(ERR_SSL_|EPROTO)/);
  using capped = await answering({ tls: { certificates, maxVersion: "TLSv1.2" } });
  expect((await sayTls({ ...base, port: capped.port })).answer).toContain("TLSv1.2");
  await expect(answering({ tls: { certificates, ciphers: "rubbish" } })).rejects.toMatchObject({
    code: "CONFIG_INVALID_VALUE",
  });
});

test("sessions are resumed, unless their lifetime is 0", async () => {
  await using files = await folder();
  const authority = await createAuthority();
  const certificates = [await pair(files.path, "server", authority)];
  for (const maxVersion of ["TLSv1.3", "TLSv1.2"] as const) {
    const base = { ca: authority.certificate, maxVersion };
    using served = await answering({ tls: { certificates } });
    const { session } = await sayTls({ ...base, port: served.port });
    const again = await sayTls({ ...base, port: served.port, ...(session && { session }) });
    expect(again.answer).toContain('"resumed":true');
    using forgetful = await answering({ tls: { certificates, sessionLifetime: 0 } });
    const first = await sayTls({ ...base, port: forgetful.port });
    const second = await sayTls({
      ...base,
      port: forgetful.port,
      ...(first.session && { session: first.session }),
    });
    expect(second.answer).toContain('"resumed":false');
  }
});

test("processes that share ticket keys take each other's sessions; with another client CA they do not", async () => {
  await using files = await folder();
  const authority = await createAuthority();
  const certificates = [await pair(files.path, "server", authority)];
  const ticketKeys = Buffer.alloc(48, 7);
  const base = { ca: authority.certificate };
  const clientCaFile = join(files.path, "ca.crt");
  await writeFile(clientCaFile, authority.certificate);
  using one = await answering({ tls: { certificates, ticketKeys } });
  using two = await answering({ tls: { certificates, ticketKeys } });
  using other = await answering({ tls: { certificates, ticketKeys, clientCaFile } });
  const { session } = await sayTls({ ...base, port: one.port });
  const at = async (port: number) => (await sayTls({ ...base, port, ...(session && { session }) })).answer;
  expect(await at(two.port)).toContain('"resumed":true');
  expect(await at(other.port)).toContain('"resumed":false');
});

test("client certificates: required ones are judged, also when a session is resumed", async () => {
  await using files = await folder();
  const authority = await createAuthority();
  const stranger = await createAuthority();
  const certificates = [await pair(files.path, "server", authority)];
  const clientCaFile = join(files.path, "ca.crt");
  await writeFile(clientCaFile, authority.certificate);
  const right = await pair(files.path, "right", authority, { names: ["app.example"], commonName: "app-1" });
  const wrong = await pair(files.path, "wrong", stranger);
  const expired = await pair(files.path, "expired", authority, { notAfter: new Date(Date.now() - 60_000) });
  const refused: string[] = [];
  const watcher = {
    refused: (_peer: unknown, reason: string, detail: string) => void refused.push(`${reason} ${detail}`),
  };
  for (const maxVersion of ["TLSv1.3", "TLSv1.2"] as const) {
    const base = { ca: authority.certificate, maxVersion };
    using served = await answering({
      tls: { certificates, clientCaFile, clientCertificates: "required" },
      watcher,
    });
    const say = (more: object) => sayTls({ ...base, port: served.port, ...more });
    const good = await say({ cert: right.cert, key: right.key });
    expect(JSON.parse(good.answer)).toMatchObject({
      certificate: { commonName: "app-1", alternativeNames: ["DNS:app.example"] },
    });
    // The certificate of a resumed session is the one that was shown when it began.
    const resumed = await say({ session: good.session });
    expect(JSON.parse(resumed.answer)).toMatchObject({ resumed: true, certificate: { commonName: "app-1" } });
    const none = await say({});
    expect(none.answer).toBe("-ERR client certificate refused: none was shown\r\n");
    // A session that was begun without a certificate opens no door.
    expect((await say({ session: none.session })).answer).toBe(none.answer);
    for (const { cert, key } of [wrong, expired]) {
      const bad = await say({ cert, key });
      expect(bad.answer).toMatch(/^-ERR client certificate refused: [A-Z_]+\r\n$/);
      expect((await say({ session: bad.session })).answer).toBe(bad.answer);
    }
  }
  expect(refused.slice(0, 2)).toEqual([
    "client-certificate none was shown",
    "client-certificate none was shown",
  ]);
  using optional = await answering({ tls: { certificates, clientCaFile, clientCertificates: "optional" } });
  const say = async (more: object) =>
    (await sayTls({ ca: authority.certificate, port: optional.port, ...more })).answer;
  expect(await say({})).toContain('"certificate":null');
  expect(await say({ cert: right.cert, key: right.key })).toContain("app-1");
  expect(await say({ cert: wrong.cert, key: wrong.key })).toMatch(/^-ERR client certificate refused/);
  await expect(answering({ tls: { certificates, clientCertificates: "required" } })).rejects.toMatchObject({
    code: "CONFIG_MISSING",
  });
});

test("a handshake that takes too long is cut", async () => {
  await using files = await folder();
  const certificates = [await pair(files.path, "server", await createAuthority())];
  const refused: string[] = [];
  const watcher = { refused: (_peer: unknown, reason: string) => void refused.push(reason) };
  using served = await answering({ tls: { certificates }, watcher, handshakeLimit: 150 });
  const quiet = connect({ port: served.port, host: "127.0.0.1" });
  const begun = connect({ port: served.port, host: "127.0.0.1" });
  begun.write(Buffer.from([0x16, 3, 1, 2]));
  await Promise.all([quiet, begun].map((socket) => text(socket).catch(() => "")));
  expect(refused.sort()).toEqual(["handshake-timeout", "handshake-timeout"]);
  await expect.poll(() => served.listener.open).toBe(0);
});

test("certificates are exchanged under open connections; a broken pair leaves the old one in force and says so", async () => {
  await using files = await folder();
  const authority = await createAuthority();
  const served = await pair(files.path, "server", authority, { commonName: "before" });
  const reports: (string | null)[] = [];
  using listening = await answering({
    tls: { certificates: [served], watchEvery: 50 },
    watcher: { reloaded: ({ error }) => void reports.push(error?.code ?? null) },
    serve: ({ socket }) => void socket.pipe(socket),
  });
  const { port, listener } = listening;
  const open = connectTls({ port, host: "127.0.0.1", servername: "localhost", ca: authority.certificate });
  const echoed = async (word: string) => {
    open.write(word);
    const [said] = await new Promise<[Buffer]>((resolve) =>
      open.once("data", (said) => resolve([said as Buffer])),
    );
    return said.toString();
  };
  expect(await echoed("one")).toBe("one");
  const shown = async () => {
    const probe = connectTls({ port, host: "127.0.0.1", servername: "localhost", ca: authority.certificate });
    await new Promise((resolve) => probe.once("secureConnect", resolve));
    const { CN } = probe.getPeerCertificate().subject as { CN: string };
    probe.destroy();
    return CN;
  };
  // Half of the exchange: the key does not belong to the certificate yet.
  const next = await pair(files.path, "next", authority, { commonName: "after" });
  await rename(next.certFile, served.certFile);
  await expect.poll(() => reports).toEqual(["CONFIG_KEY_MATERIAL"]);
  expect(await shown()).toBe("before");
  expect(await echoed("two")).toBe("two");
  await rename(next.keyFile, served.keyFile);
  await expect.poll(() => reports).toEqual(["CONFIG_KEY_MATERIAL", null]);
  expect(await shown()).toBe("after");
  expect(await echoed("three")).toBe("three");
  // By demand, too; and once only for each state of the files.
  await writeFile(next.certFile, "rubbish");
  await rename(next.certFile, served.certFile);
  expect((await listener.reload())?.code).toBe("CONFIG_KEY_MATERIAL");
  expect((await listener.reload())?.code).toBe("CONFIG_KEY_MATERIAL");
  expect(reports).toEqual(["CONFIG_KEY_MATERIAL", null, "CONFIG_KEY_MATERIAL"]);
  expect(await shown()).toBe("after");
  open.destroy();
});

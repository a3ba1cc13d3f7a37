import { startFaultProxy, startServer } from "@redoubt/server";
import { describe, expect, test } from "vitest";
import { parse } from "../../../src/config/parse.ts";
import { dial } from "../../../src/net/dial.ts";
import type { DialOptions } from "../../../src/net/dial-options.ts";
import type { Stage } from "../../../src/net/report.ts";
import { open, redirected, refused, refusedWithin } from "../dialling.ts";
import { answering, Peer } from "./peer.ts";

const hello = "%1\r\n+server\r\n+redis\r\n";
const silent = () => {};

describe("every stage has a name, a duration and a finding", () => {
  test("over TLS", async () => {
    await using server = await startServer({ users: { app: { password: "open sesame" } } });
    const seen: Stage[] = [];
    using connection = await open(`${server.uriFor({ username: "app" })}&clientname=shop`, {
      onStage: (stage) => seen.push(stage),
      library: { name: "redoubt", version: "0.1.0" },
    });
    const { stages, address, endpoint } = connection.report;
    expect(stages).toEqual(seen);
    expect(stages.map(({ name, ok }) => [name, ok])).toEqual([
      ["dns", true],
      ["tcp", true],
      ["tls", true],
      ["auth", true],
      ["setup", true],
    ]);
    expect(stages.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^localhost is .*127\.0\.0\.1/) as string,
      `connected to ${address}`,
      "TLSv1.3 TLS_AES_256_GCM_SHA384, certificate verified for localhost",
      expect.stringMatching(/^user app, RESP3, (redis|valkey) \d+\.\d+\.\d+ master$/) as string,
      // Redis knows CLIENT SETINFO since 7.2; before, it is refused, which matters to nobody.
      expect.stringMatching(/^name shop(, library, library version)?$/) as string,
    ]);
    expect(stages.every(({ ms }) => ms >= 0 && ms < 10_000)).toBe(true);
    expect(endpoint).toEqual({ host: "localhost", port: server.tlsPort });
    expect(connection.report.server).toMatchObject({ mode: "standalone", role: "master" });
  });

  test("without TLS, to an address", async () => {
    await using server = await startServer({ listen: "plain", password: false });
    using connection = await open(`redis://127.0.0.1:${server.port}/3`);
    expect(connection.report.stages.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      "dns: an address: no name to resolve",
      `tcp: connected to 127.0.0.1:${server.port}`,
      expect.stringMatching(/^auth: no credentials, RESP3, /) as string,
      "setup: database 3",
    ]);
    expect(connection.report.tls).toBeNull();
  });
});

describe("the deadline covers each stage", () => {
  const connectTimeout = 250;
  // Asking whether the peer speaks plain text may take 300 ms more.
  const atMost = connectTimeout + 350;

  test("tls: a peer that says nothing", async () => {
    await using peer = await Peer.start(silent);
    const { error, stages, ms } = await refusedWithin(atMost, `rediss://127.0.0.1:${peer.port}`, {
      connectTimeout,
    });
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TLS_HANDSHAKE_TIMEOUT", stage: "tls" });
    expect(error.message).toBe(
      `127.0.0.1:${peer.port} was not ready within 250 ms: it was waiting for the TLS handshake`,
    );
    expect(stages.at(-1)).toMatchObject({ name: "tls", ok: false });
    expect(ms).toBeLessThan(atMost);
  });

  test("tls: cut off in the middle of the handshake", async () => {
    await using server = await startServer();
    await using proxy = await startFaultProxy({ to: { host: "127.0.0.1", port: server.tlsPort as number } });
    proxy.throttle(500);
    const { error, ms } = await refusedWithin(atMost, redirected(server.uri, proxy.port), {
      connectTimeout,
    });
    expect(error.code).toBe("TLS_HANDSHAKE_TIMEOUT");
    expect(ms).toBeLessThan(atMost);
  });

  test("auth: a peer that does not answer HELLO", async () => {
    await using peer = await Peer.start(silent);
    const { error, stages, ms } = await refusedWithin(atMost, `redis://127.0.0.1:${peer.port}`, {
      connectTimeout,
    });
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TIMEOUT_CONNECT", stage: "auth" });
    expect(error.message).toContain("HELLO or AUTH");
    expect(stages.map(({ name, ok }) => `${name} ${ok}`)).toEqual(["dns true", "tcp true", "auth false"]);
    expect(ms).toBeLessThan(atMost);
  });

  test("auth: half a reply", async () => {
    await using peer = await Peer.start(
      (socket) => void socket.on("data", () => socket.write("%7\r\n$6\r\nserver\r\n")),
    );
    const { error } = await refused(`redis://127.0.0.1:${peer.port}`, { connectTimeout });
    expect(error.code).toBe("TIMEOUT_CONNECT");
  });

  test("setup: a peer that does not answer SELECT", async () => {
    await using peer = await Peer.start(answering({ HELLO: hello, SELECT: "" }));
    const { error, ms } = await refusedWithin(atMost, `redis://127.0.0.1:${peer.port}/2`, {
      connectTimeout,
    });
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TIMEOUT_CONNECT", stage: "setup" });
    expect(ms).toBeLessThan(atMost);
  });

  test("before the first stage: a certificateSelection that never answers", async () => {
    const { error, stages, ms } = await refusedWithin(atMost, "rediss://127.0.0.1:1", {
      connectTimeout,
      tls: { certificateSelection: () => new Promise(() => {}) },
    });
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TIMEOUT_CONNECT", stage: undefined });
    expect(error.message).toContain("certificateSelection");
    expect(stages).toEqual([]);
    expect(ms).toBeLessThan(atMost);
  });

  test("the string's own connect timeout holds, and the code's wins over it", async () => {
    await using peer = await Peer.start(silent);
    const uri = `redis://127.0.0.1:${peer.port}?connecttimeout=1000`;
    expect(parse(uri).timeouts.connectMs).toBe(1000);
    expect((await refused(uri)).error.message).toContain("within 1000 ms");
    expect((await refused(uri, { connectTimeout: 50 })).error.message).toContain("within 50 ms");
  });

  test.each([0, -1, Number.NaN])("%d is no time", async (ms) => {
    const { error } = await refused("redis://127.0.0.1:1", { connectTimeout: ms });
    expect(error.code).toBe("CONFIG_INVALID_VALUE");
  });

  test("a very long time is not a short one", async () => {
    await using server = await startServer({ listen: "plain" });
    using connection = await open(server.uri, { connectTimeout: Number.POSITIVE_INFINITY });
    expect(connection.report.protocol).toBe(3);
  });
});

describe("the caller's signal ends each stage at once", () => {
  const cases: [string, (socket: import("node:net").Socket) => void, string, DialOptions][] = [
    ["tls", silent, "rediss", {}],
    ["auth", silent, "redis", {}],
    ["setup", answering({ HELLO: hello, SELECT: "" }), "redis", {}],
    ["before the first", silent, "rediss", { tls: { certificateSelection: () => new Promise(() => {}) } }],
  ];
  test.each(cases)("%s", async (_, behave, scheme, options) => {
    await using peer = await Peer.start(behave);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("changed my mind")), 150);
    const { error, ms } = await refused(`${scheme}://127.0.0.1:${peer.port}/2`, {
      ...options,
      signal: controller.signal,
    });
    expect(error).toMatchObject({ code: "CLOSED_ABORTED", cause: { message: "changed my mind" } });
    expect(ms).toBeGreaterThan(100);
    expect(ms).toBeLessThan(5000);
    // Nobody asks the peer whether it speaks plain text when the caller has gone.
    expect(peer.received).not.toContain("PING");
  });

  test("one that was aborted before opens nothing", async () => {
    await using peer = await Peer.start(silent);
    const { error } = await refused(`redis://127.0.0.1:${peer.port}`, { signal: AbortSignal.abort() });
    expect(error.code).toBe("CLOSED_ABORTED");
    expect(peer.open).toBe(0);
  });

  test("after the connection is open it no longer counts", async () => {
    await using server = await startServer({ listen: "plain" });
    const controller = new AbortController();
    using connection = await open(server.uri, { signal: controller.signal });
    controller.abort();
    expect(connection.dialled.socket.destroyed).toBe(false);
  });
});

test("a wrong setting is found before DNS and TCP, and is no stage", async () => {
  const { error, stages, ms } = await refused(
    "rediss://no.such.host.invalid:6380?sslrootcert=/no/such/ca.pem",
  );
  expect({ code: error.code, stage: error.stage }).toEqual({ code: "CONFIG_FILE", stage: undefined });
  expect(stages).toEqual([]);
  expect(ms).toBeLessThan(5000);
});

test("an onStage that throws ends the dial with its error, and closes the socket", async () => {
  await using peer = await Peer.start(silent);
  const mine = new Error("mine");
  const dialling = dial(parse(`redis://127.0.0.1:${peer.port}`), {
    onStage: ({ name }) => {
      if (name === "tcp") throw mine;
    },
  });
  await expect(dialling).rejects.toBe(mine);
  await expect.poll(() => peer.open).toBe(0);
});

test("failed dials leave no handle, no timer and no listener behind", async () => {
  await using server = await startServer({ clientCertificates: "required" });
  await using peer = await Peer.start((socket) => socket.end());
  await using mute = await Peer.start(silent);
  await using plain = await startServer({ listen: "plain-posing-as-tls" });
  const { signal } = new AbortController();
  let listeners = 0;
  const counted = new Proxy(signal, {
    get(target, key) {
      if (key === "addEventListener") listeners++;
      if (key === "removeEventListener") listeners--;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const all = async () => {
    await Promise.all([
      refused(server.uri, { signal: counted }),
      refused(`redis://127.0.0.1:${peer.port}`, { signal: counted }),
      refused(`rediss://127.0.0.1:${peer.port}`, { signal: counted }),
      refused(`redis://127.0.0.1:${mute.port}`, { connectTimeout: 100, signal: counted }),
      refused(`rediss://127.0.0.1:${mute.port}`, { connectTimeout: 100, signal: counted }),
      refused(`redis://localhost:${server.tlsPort}`, { signal: counted }),
      refused(plain.uri, { connectTimeout: 300, signal: counted }),
      refused("redis://127.0.0.1:1", { signal: counted }),
      refused("rediss://127.0.0.1:1?sslcert=/no/such.pem", { signal: counted }),
    ]);
  };
  const held = () =>
    process
      .getActiveResourcesInfo()
      .filter((kind) => /^(TCPSocket|TLS|Pipe.*Connect|GetAddrInfo|Timeout)/.test(kind));
  await expect.poll(held).toEqual([]);
  for (let i = 0; i < 4; i++) await all();
  await expect.poll(held).toEqual([]);
  expect(listeners).toBe(0);
});

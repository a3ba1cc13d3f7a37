import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type RedisServer, startFaultProxy, startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redirected, refused, refusedWithin } from "../dialling.ts";
import { Peer } from "./peer.ts";

let both: RedisServer;
beforeAll(async () => {
  both = await startServer({ listen: "both" });
});
afterAll(() => both.stop());

const to = (port: number | null) => ({ host: "127.0.0.1", port: port as number });

describe("rediss:// and a plain port", () => {
  test.each([
    [300, 650],
    [1100, 1450],
    [undefined, 1600],
  ])("within a connect timeout of %s ms, found after at most %i ms", async (connectTimeout, atMost) => {
    const { error, ms, stages } = await refusedWithin(atMost, redirected(both.uri, both.port as number), {
      ...(connectTimeout !== undefined && { connectTimeout }),
    });
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TLS_PEER_IS_PLAINTEXT", stage: "tls" });
    expect(error.message).toContain("speaks plain Redis");
    expect(ms).toBeLessThan(atMost);
    expect(stages.at(-1)).toMatchObject({ name: "tls", ok: false });
  });

  test("a plain port far away: the question has time until after the deadline", async () => {
    await using proxy = await startFaultProxy({ to: to(both.port) });
    proxy.delay(60);
    const { error } = await refusedWithin(1350, redirected(both.uri, proxy.port), { connectTimeout: 1050 });
    expect(error.code).toBe("TLS_PEER_IS_PLAINTEXT");
  });

  test("a peer that swallows everything is not taken for plain Redis", async () => {
    await using proxy = await startFaultProxy({ to: to(both.tlsPort) });
    proxy.stall();
    const { error, ms } = await refusedWithin(1900, redirected(both.uri, proxy.port), {
      connectTimeout: 1500,
    });
    expect(error.code).toBe("TLS_HANDSHAKE_TIMEOUT");
    expect(ms).toBeLessThan(1900);
  });

  test("a TLS server that is slow is waited for", async () => {
    await using proxy = await startFaultProxy({ to: to(both.tlsPort) });
    proxy.delay(400);
    const { error } = await refused(redirected(both.uri, proxy.port), {
      credentials: { username: null, password: "wrong" },
    });
    // It came as far as the password.
    expect(error.code).toBe("AUTH_FAILED");
  });
});

describe("redis:// and a TLS port", () => {
  test("is found out at once", async () => {
    const { error, ms } = await refusedWithin(500, `redis://localhost:${both.tlsPort}`);
    expect({ code: error.code, stage: error.stage }).toEqual({ code: "TLS_PEER_REQUIRES_TLS", stage: "tls" });
    expect(error.hint).toContain("rediss://");
    expect(ms).toBeLessThan(500);
  });

  test("also where TLS 1.1 only is spoken, or a client certificate is wanted", async () => {
    await using old = await startServer({ protocols: ["TLSv1.1"] });
    await using strict = await startServer({ clientCertificates: "required" });
    for (const { tlsPort } of [old, strict])
      expect((await refused(`redis://localhost:${tlsPort}`)).error.code).toBe("TLS_PEER_REQUIRES_TLS");
  });
});

test("a web server behind both", async () => {
  const web = createHttpServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
  await once(web, "listening");
  const { port } = web.address() as { port: number };
  expect((await refused(`redis://:pw@127.0.0.1:${port}`)).error).toMatchObject({
    code: "REPLY_NOT_REDIS",
    stage: "auth",
  });
  const { error } = await refused(`rediss://:pw@127.0.0.1:${port}`);
  expect(error).toMatchObject({ code: "TLS_PEER_IS_PLAINTEXT", stage: "tls" });
  expect(error.hint).not.toContain("plain Redis");
  web.close();
});

describe("peers that hang up", () => {
  test("as soon as they have accepted", async () => {
    await using peer = await Peer.start((socket) => socket.end());
    const plain = await refused(`redis://127.0.0.1:${peer.port}`);
    expect({ code: plain.error.code, stage: plain.error.stage }).toEqual({
      code: "TCP_RESET",
      stage: "auth",
    });
    const secure = await refused(`rediss://127.0.0.1:${peer.port}`);
    expect({ code: secure.error.code, stage: secure.error.stage }).toEqual({
      code: "TLS_CLOSED",
      stage: "tls",
    });
  });

  test("with a reset", async () => {
    await using peer = await Peer.start((socket) => socket.resetAndDestroy());
    expect((await refused(`redis://127.0.0.1:${peer.port}`)).error.code).toBe("TCP_RESET");
    expect((await refused(`rediss://127.0.0.1:${peer.port}`)).error.code).toMatch(/^(TLS_CLOSED|TCP_RESET)$/);
  });

  test("in the middle of the TLS handshake", async () => {
    for (const bytes of [1, 5, 100, 500]) {
      await using proxy = await startFaultProxy({ to: to(both.tlsPort) });
      proxy.cutAfter(bytes);
      const { error } = await refused(redirected(both.uri, proxy.port));
      expect({ code: error.code, stage: error.stage }).toEqual({ code: "TLS_CLOSED", stage: "tls" });
    }
  });

  test("after HELLO, at any byte of its reply", async () => {
    for (const bytes of [1, 10, 60, 100]) {
      await using proxy = await startFaultProxy({ to: to(both.port) });
      proxy.cutAfter(bytes);
      const { error } = await refused(`redis://:${both.password}@127.0.0.1:${proxy.port}`);
      expect({ code: error.code, stage: error.stage }).toEqual({ code: "TCP_RESET", stage: "auth" });
    }
  });

  test("while certificateValidation thinks", async () => {
    await using proxy = await startFaultProxy({ to: to(both.tlsPort) });
    const { error, ms } = await refused(redirected(both.uri, proxy.port), {
      tls: {
        certificateValidation: async () => {
          proxy.cut();
          await proxy.refuse();
          await new Promise((resolve) => setTimeout(resolve, 50));
          return true;
        },
      },
    });
    expect(error).toMatchObject({ code: "TCP_RESET", stage: "auth" });
    expect(ms).toBeLessThan(5000);
  });
});

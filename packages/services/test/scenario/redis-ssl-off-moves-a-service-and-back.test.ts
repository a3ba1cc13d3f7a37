import { connect as connectTcp } from "node:net";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { createClient } from "@redoubt/client";
import { expect, test } from "vitest";
import { ground, redisCli, say } from "../ground.ts";

/** A client that stays, and what became of its connection. */
async function staying(url: string): Promise<{ ended: Promise<void>; [Symbol.dispose](): void }> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  const ended = new Promise<void>((resolve) => client.on("error", () => resolve()));
  await client.connect();
  await client.set("last", "word");
  return { ended, [Symbol.dispose]: () => client.destroy() };
}

test.each(["terminator", "direct"] as const)(
  "redis_ssl=false and back, with clients on the route %s: nobody hangs, nothing is lost",
  async (route) => {
    await using place = await ground();
    const { services, home } = place;
    const before = await services.create("my-redis", { route });
    await say(place, before.uri, ["SET", "kept", "1"]);
    using secure = await staying(`${before.uri}?sslrootcert=${home}/ca/ca.pem`);

    const off = { userConfig: { redis_ssl: false } };
    const preview = await services.preview("my-redis", off);
    expect(preview.from).toMatchObject({ uri: before.uri, tls: true });
    expect(preview.to.uri).toMatch(/^redis:\/\//);
    expect(preview.clients[route]).toBe(1);
    expect(preview.warnings.join(" ")).toMatch(/reads the password.*1 client is connected by TLS/);
    expect(preview.changes).toEqual([{ key: "redis_ssl", from: null, to: false }]);

    const plain = await services.update("my-redis", off);
    await secure.ended;
    expect(plain).toMatchObject({ uri: preview.to.uri, plain: { by: "test" }, uriParams: { tls: false } });
    expect(plain.uriParams.port).not.toBe(before.uriParams.port);
    expect(plain.notifications.join()).toContain("Plain text is allowed since");
    using open = await staying(plain.uri);
    expect((await services.get("my-redis")).clients.plain).toBe(1);
    expect(await say(place, plain.uri, ["INCR", "kept"])).toEqual([2]);

    // The port of before: TLS clients are told through TLS, plain ones in plain text, and a TLS client at the plain port by an alert.
    const told = `has moved: TLS was switched off (redis_ssl). Connect with redis://localhost:${plain.uriParams.port}`;
    expect(await redisCli(place, before.uri, "PING")).toContain(told);
    expect(await redisCli(place, before.uri.replace("rediss", "redis"), "PING")).toContain(told);
    expect(await redisCli(place, plain.uri.replace("redis", "rediss"), "PING")).toMatch(/SSL_connect failed/);

    const back = await services.update("my-redis", { removeOptions: ["redis_ssl"] });
    await open.ended;
    expect(back).toMatchObject({ uri: before.uri, plain: null });
    expect(await say(place, back.uri, ["INCR", "kept"])).toEqual([3]);
    expect(await redisCli(place, plain.uri, "PING")).toContain(
      `Connect with rediss://localhost:${back.uriParams.port}`,
    );
    const changes = (await services.events("my-redis")).flatMap((event) => event.changes);
    expect(changes).toContainEqual({ key: "redis_ssl", from: null, to: false });
    expect(changes).toContainEqual({ key: "redis_ssl", from: false, to: null });
  },
);

test("at every port a client of the other kind is answered, also one that says nothing for a while", async () => {
  await using place = await ground();
  const tls = await place.services.create("one");
  const plainAtTls = connectTcp({ port: tls.uriParams.port, host: "127.0.0.1" });
  plainAtTls.write("PING\r\n");
  expect(await text(plainAtTls)).toBe(
    `-ERR this port speaks TLS: connect with rediss://localhost:${tls.uriParams.port}\r\n`,
  );
  await place.services.update("one", { userConfig: { redis_ssl: false } });
  const quiet = connectTls({ port: tls.uriParams.port, host: "127.0.0.1", rejectUnauthorized: false });
  expect(await text(quiet)).toContain("-ERR this service has moved");
});

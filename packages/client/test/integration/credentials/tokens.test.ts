import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import { type Client, createClient, entraCredentials, type RedoubtError } from "@redoubt/client";
import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
import { Link } from "../../../src/client/link.ts";
import { command, newSpec } from "../../../src/commands/command.ts";
import { parse } from "../../../src/config/parse.ts";
import { dial } from "../../../src/net/dial.ts";
import { TokenService } from "./token-service.ts";

/** Writes and reads under load until told to stop; each value carries its key. */
async function load(client: Client, name: string, running: () => boolean): Promise<number> {
  let done = 0;
  while (running()) {
    const keys = Array.from({ length: 20 }, (_, i) => `${name}:${(done + i) % 100}`);
    const values = await Promise.all(
      keys.flatMap((key, i) => [client.set(key, `${key}=${done + i}`), client.get(key)]),
    );
    expect(values).toEqual(keys.flatMap((key, i) => ["OK", `${key}=${done + i}`]));
    done += keys.length;
    if (done % 400 === 0) await delay(1);
  }
  return done;
}

/** How often users have logged in with AUTH. */
const auths = async (client: Client): Promise<number> =>
  Number(/cmdstat_auth:calls=(\d+)/.exec(await client.info("commandstats"))?.[1] ?? 0);

test("tokens that end every second: connections under load log in anew, and nothing is lost or mixed up", async () => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 1000);
  const errors: RedoubtError[] = [];
  const options = { url: server.uri, credentials: entraCredentials(service.credential) };
  await using three = await createClient(options).connect();
  await using two = await createClient({ ...options, RESP: 2 }).connect();
  await using duplicate = await three.duplicate().connect();
  const clients = [three, two, duplicate];
  for (const client of clients) client.on("error", (error) => errors.push(error));
  expect(service.asked).toBe(1);
  expect(three.report?.stages[0]).toMatchObject({
    name: "credentials",
    ok: true,
    detail: expect.stringMatching(/^user identity-0, valid until 20/),
  });
  const ids = await Promise.all(clients.map((client) => client.clientId()));

  const logins: string[] = [];
  const hear = (news: unknown): void => void logins.push((news as { event: string }).event);
  subscribe("redoubt:login", hear);

  const until = performance.now() + 4000;
  const done = await Promise.all(
    clients.map((client, i) => load(client, `client-${i}`, () => performance.now() < until)),
  );

  expect(errors).toEqual([]);
  expect(Math.min(...done)).toBeGreaterThan(100);
  // The same connections as before: none was closed by the server, none was replaced.
  expect(await Promise.all(clients.map((client) => client.clientId()))).toEqual(ids);
  // Renewed at 63 to 70 % of the life, once for all clients.
  expect(service.asked).toBeGreaterThanOrEqual(5);
  expect(service.asked).toBeLessThanOrEqual(8);
  unsubscribe("redoubt:login", hear);
  expect(new Set(logins)).toEqual(new Set(["renewed"]));
  expect(await auths(three)).toBeGreaterThanOrEqual((service.asked - 2) * clients.length);
  expect(await three.aclWhoAmI()).toMatch(/^identity-[4-7]$/);
  const printed = [...clients, three.report, options].map((value) =>
    inspect(value, { depth: 20, showHidden: true }),
  );
  for (const token of service.tokens) expect(printed.join("\n")).not.toContain(token);
});

test("a transaction that is written by hand is not broken into", async () => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 2000);
  await using client = await createClient({
    url: server.uri,
    credentials: entraCredentials(service.credential),
  }).connect();
  for (let round = 0; round < 2; round++) {
    const before = service.asked;
    // The renewal falls into the transaction: 1260 to 1400 ms after the one before.
    await delay(1000);
    expect(await client.sendCommand(["MULTI"])).toBe("OK");
    for (let i = 0; i < 12; i++) {
      expect(await client.incr("counter")).toBe("QUEUED");
      await delay(50);
    }
    expect(service.asked).toBeGreaterThan(before);
    const replies = (await client.sendCommand(["EXEC"])) as number[];
    expect(replies).toEqual(Array.from({ length: 12 }, (_, i) => round * 12 + i + 1));
    await expect.poll(() => client.aclWhoAmI()).toBe(`identity-${service.asked - 1}`);
  }
});

test("a RESP2 subscriber, which takes no AUTH, is connected again before its token ends", async () => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 1000);
  const provider = entraCredentials(service.credential);
  const target = parse(server.uri);
  const heard: string[] = [];
  const errors: RedoubtError[] = [];
  let connections = 0;
  const subscribe = command(newSpec("SUBSCRIBE", { keys: null }), ["news"]);
  const link = new Link({
    dial: (options) => dial(target, { ...options, credentials: provider, protocol: 2 }),
    prepare: (connection) => connection.sendSubscription(subscribe, 1),
    onReady: () => connections++,
    onError: (error) => errors.push(error),
    onPush: ([kind, , message]) => kind === "message" && heard.push(String(message)),
    reconnect: () => 0,
    offlineQueue: null,
    connectTimeout: 5000,
    commandTimeout: 5000,
    socketTimeout: 10_000,
    limits: {},
  });
  await link.connect();
  await using publisher = await createClient(server.uri).connect();
  let published = 0;
  for (const until = performance.now() + 3000; performance.now() < until; await delay(20))
    await publisher.publish("news", String(published++));
  link.destroy();
  expect(connections).toBeGreaterThanOrEqual(4);
  // On purpose each time: the server had no reason to close one.
  expect(
    new Set(errors.map(({ message }) => message.replace(/localhost:\d+|127[^ :]*:\d+|\[::1\]:\d+/, "…"))),
  ).toEqual(
    new Set(["The credentials were renewed, which a RESP2 subscriber cannot tell …: connecting again"]),
  );
  expect(heard.length).toBeGreaterThan(published * 0.8);
  expect(heard).toEqual([...new Set(heard)]);
});

test("a service that is away: connections live on, errors are told, and it is asked again", async () => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 2000);
  await using client = await createClient({
    url: server.uri,
    credentials: entraCredentials(service.credential),
  }).connect();
  const errors: RedoubtError[] = [];
  client.on("error", (error) => errors.push(error));
  service.down = true;
  await expect.poll(() => errors.length, { timeout: 5000, interval: 20 }).toBeGreaterThan(0);
  expect(errors[0]).toMatchObject({ code: "AUTH_PROVIDER_FAILED", transient: true, attempt: 3 });
  expect(String(errors[0]?.cause)).toContain("503");
  expect(await client.aclWhoAmI()).toBe("identity-0");
  service.down = false;
  await expect.poll(() => service.tokens.length, { timeout: 5000 }).toBeGreaterThan(1);
  await expect.poll(() => client.aclWhoAmI().catch(String), { timeout: 3000 }).toMatch(/^identity-[1-9]/);
});

test("a service that is away when connecting: connect() says so, once it has tried for a while", async () => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 2000);
  service.down = true;
  const client = createClient({
    url: server.uri,
    credentials: entraCredentials(service.credential),
    socket: { connectTimeout: 800 },
  });
  await expect(client.connect()).rejects.toMatchObject({
    code: "AUTH_PROVIDER_FAILED",
    stage: "credentials",
    transient: true,
  });
  expect(service.asked).toBeGreaterThanOrEqual(3);
});

test("tokens that the server does not accept: the error says so, and has no token in it", async () => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 60_000);
  service.wrong = true;
  const client = createClient({ url: server.uri, credentials: entraCredentials(service.credential) });
  const error = await client.connect().catch((reason: RedoubtError) => reason);
  expect(error).toMatchObject({ code: "AUTH_FAILED", stage: "auth" });
  // Refused, so a new one was asked for, once.
  expect(service.asked).toBe(2);
  for (const token of service.tokens)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(token);
});

test("tokens are not sent in plain text", async () => {
  await using server = await startServer({ listen: "both" });
  await using service = await TokenService.start(server, 60_000);
  const client = createClient({
    url: server.uriFor({ tls: false }),
    credentials: entraCredentials(service.credential),
  });
  await expect(client.connect()).rejects.toMatchObject({ code: "CONFIG_INSECURE" });
  expect(service.asked).toBe(0);
});

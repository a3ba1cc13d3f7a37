import { Buffer } from "node:buffer";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import { type Client, createClient, entraCredentials, type RedoubtError } from "@redoubt/client";
import { startServer } from "@redoubt/server";
import { expect, test } from "vitest";
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

test("tokens that end after seconds: connections under load log in anew, and nothing is lost or mixed up", async () => {
  await using server = await startServer();
  const life = 2500;
  await using service = await TokenService.start(server, life);
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

  const begin = performance.now();
  const until = begin + 3.2 * life;
  const done = await Promise.all(
    clients.map((client, i) => load(client, `client-${i}`, () => performance.now() < until)),
  );

  expect(errors).toEqual([]);
  expect(Math.min(...done)).toBeGreaterThan(100);
  // The same connections as before: none was closed by the server, none was replaced.
  expect(await Promise.all(clients.map((client) => client.clientId()))).toEqual(ids);
  // Renewed at 63 to 70 % of the life, once for all clients.
  expect(service.asked).toBeGreaterThanOrEqual(5);
  expect(service.asked).toBeLessThanOrEqual(2 + (performance.now() - begin) / (0.63 * life));
  unsubscribe("redoubt:login", hear);
  expect(new Set(logins)).toEqual(new Set(["renewed"]));
  expect(await auths(three)).toBeGreaterThanOrEqual((service.asked - 2) * clients.length);
  expect([1, 2].map((back) => `identity-${service.asked - back}`)).toContain(await three.aclWhoAmI());
  const printed = [...clients, three.report, options].map((value) =>
    inspect(value, { depth: 20, showHidden: true }),
  );
  for (const token of service.tokens) expect(printed.join("\n")).not.toContain(token);
});

// They wait most of their time.
test.concurrent("a transaction that is written by hand is not broken into", async ({ expect }) => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 4000);
  await using client = await createClient({
    url: server.uri,
    credentials: entraCredentials(service.credential),
  }).connect();
  for (let round = 0; round < 2; round++) {
    const before = service.asked;
    // The renewal falls into the transaction: 2520 to 2800 ms after the one before.
    await delay(2300);
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

test.concurrent("a RESP2 subscriber, which takes no AUTH, is connected again before its token ends, and misses nothing", async ({
  expect,
}) => {
  await using server = await startServer();
  const life = 2500;
  await using service = await TokenService.start(server, life);
  await using client = await createClient({
    url: server.uri,
    RESP: 2,
    credentials: entraCredentials(service.credential),
  }).connect();
  const errors: RedoubtError[] = [];
  client.on("error", (error) => errors.push(error));
  const heard: string[] = [];
  const bytes: string[] = [];
  await client.subscribe("news", (message) => heard.push(message));
  await client.pSubscribe("new*", (message) => bytes.push(message.toString("latin1")), true);
  const subscriber = async (): Promise<string | undefined> =>
    /^id=(\d+)/m.exec(String(await server.command("CLIENT", "LIST", "TYPE", "pubsub")))?.[1];
  const ids = new Set<string | undefined>();
  await using publisher = await createClient(server.uri).connect();
  const published: string[] = [];
  for (const until = performance.now() + 2.6 * life; performance.now() < until; await delay(2)) {
    // As binary as it gets, and many at once.
    const batch = Array.from({ length: 20 }, (_, i) => `\u00ff\u0000${published.length + i}`);
    published.push(...batch);
    await Promise.all(batch.map((text) => publisher.publish("news", Buffer.from(text, "latin1"))));
    if (published.length % 400 === 0) ids.add(await subscriber());
  }
  await expect.poll(() => bytes.length).toBeGreaterThanOrEqual(published.length);
  expect(bytes).toEqual(published);
  expect(heard.length).toBe(published.length);
  expect(ids.size).toBeGreaterThanOrEqual(3);
  // On purpose each time: the server had no reason to close one.
  expect(errors).toEqual([]);
});

test.concurrent("a service that is away: connections live on, errors are told, and it is asked again", async ({
  expect,
}) => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 5000);
  await using client = await createClient({
    url: server.uri,
    credentials: entraCredentials(service.credential),
  }).connect();
  const errors: RedoubtError[] = [];
  client.on("error", (error) => errors.push(error));
  service.down = true;
  await expect.poll(() => errors.length, { interval: 20 }).toBeGreaterThan(0);
  expect(errors[0]).toMatchObject({ code: "AUTH_PROVIDER_FAILED", transient: true, attempt: 3 });
  expect(String(errors[0]?.cause)).toContain("503");
  expect(await client.aclWhoAmI()).toBe("identity-0");
  service.down = false;
  await expect.poll(() => service.tokens.length).toBeGreaterThan(1);
  await expect.poll(() => client.aclWhoAmI().catch(String)).toMatch(/^identity-[1-9]/);
});

test.concurrent("a service that is away when connecting: connect() says so, once it has tried for a while", async ({
  expect,
}) => {
  await using server = await startServer();
  await using service = await TokenService.start(server, 2000);
  service.down = true;
  const client = createClient({
    url: server.uri,
    credentials: entraCredentials(service.credential),
    socket: { connectTimeout: 2500 },
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

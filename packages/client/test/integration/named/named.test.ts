import { tracingChannel } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startServer } from "@redoubt/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addKeyedRedisClient,
  addRedisClient,
  keyedRedisClient,
  redisClient,
} from "../../../src/named/add-redis-client.ts";

const objectId = "6e5a3f0e-0000-4000-8000-000000000001";
const claims = Buffer.from(JSON.stringify({ oid: objectId })).toString("base64url");
/** What a token looks like; the server takes it as a password. */
const token = `e30.${claims}.c2ln`;

let server: Awaited<ReturnType<typeof startServer>>;
let environment: Record<string, string>;

beforeAll(async () => {
  server = await startServer({ users: { [objectId]: { password: token } } });
  environment = {
    ConnectionStrings__cache: `localhost:${server.tlsPort},password=${server.password},ssl=true`,
    CACHE_URI: `rediss://:${encodeURIComponent(server.password ?? "")}@localhost:${server.tlsPort}`,
    CACHE_HOST: "localhost",
    CACHE_PORT: String(server.tlsPort),
    CACHE_PASSWORD: server.password ?? "",
    CACHE_CA_FILE: server.caFile,
  };
});

afterAll(() => server.stop());

describe("a client of a name", () => {
  test("connects with what an app host injects, once, and is what redisClient gives", async () => {
    await using builder = addRedisClient("cache", undefined, undefined, { environment });
    const [client, again, found] = await Promise.all([builder.connect(), builder.connect(), redisClient()]);
    expect([again, found]).toEqual([client, client]);
    expect(client.report?.tls?.protocol).toBe("TLSv1.3");
    expect(await client.ping()).toBe("PONG");
  });

  test("is connected only when asked for, unless settings say otherwise", async () => {
    await using lazy = addRedisClient("cache", undefined, undefined, { environment });
    await using eager = addRedisClient(
      "cache",
      (settings) => {
        settings.disableAutoActivation = false;
      },
      undefined,
      { environment },
    );
    await new Promise<void>((resolve) => eager.client.once("ready", resolve));
    expect([lazy.client.isOpen, eager.client.isReady]).toEqual([false, true]);
  });

  test("takes options of the callback last", async () => {
    await using builder = addRedisClient(
      "cache",
      undefined,
      (options) => ({ ...options, name: "from-callback" }),
      { environment },
    );
    const client = await builder.connect();
    expect(await client.clientGetName()).toBe("from-callback");
  });

  test("has a health check, unless settings say otherwise", async () => {
    await using builder = addRedisClient("cache", undefined, undefined, { environment });
    await builder.connect();
    expect(builder.healthCheck?.name).toBe("Redis");
    expect(await builder.healthCheck?.check()).toMatchObject({ live: true, ready: true });
    await using none = addRedisClient("cache", undefined, undefined, {
      environment: { ...environment, Aspire__StackExchange__Redis__DisableHealthChecks: "true" },
    });
    expect(none.healthCheck).toBeNull();
  });

  test("is told to nobody when tracing is disabled", async () => {
    const told: string[] = [];
    const listener = (message: unknown) => void told.push((message as { command: string }).command);
    const channel = tracingChannel("redoubt:command");
    channel.start.subscribe(listener);
    try {
      for (const disableTracing of [false, true]) {
        await using builder = addRedisClient(
          "cache",
          (settings) => {
            settings.disableTracing = disableTracing;
          },
          undefined,
          { environment },
        );
        const client = await builder.connect();
        await client.withTypeMapping({}).get(`traced-${disableTracing}`);
        await client.echo(String(disableTracing));
        expect(told).toEqual(["GET", "ECHO"]);
      }
    } finally {
      channel.start.unsubscribe(listener);
    }
  });
});

test("keyed clients are found by their names", async () => {
  const both = {
    ...environment,
    ConnectionStrings__queue: environment["ConnectionStrings__cache"] ?? "",
    QUEUE_CA_FILE: server.caFile,
  };
  await using chat = addKeyedRedisClient("cache", undefined, undefined, { environment: both });
  await using queue = addKeyedRedisClient("queue", undefined, undefined, { environment: both });
  expect(await keyedRedisClient("queue")).toBe(queue.client);
  expect(await keyedRedisClient("cache")).toBe(chat.client);
  expect(queue.healthCheck?.name).toBe("Redis_queue");
  await expect(keyedRedisClient("other")).rejects.toMatchObject({
    code: "CONFIG_MISSING",
    message: expect.stringContaining("there are cache, queue"),
  });
});

describe("Entra ID", () => {
  test("is left alone where the Redis has a password, so that the same code runs on this machine", async () => {
    await using builder = addRedisClient("cache", undefined, undefined, {
      environment,
    }).withAzureAuthentication({
      getToken: () => Promise.reject(new Error("nobody asks")),
    });
    const client = await builder.connect();
    expect(await client.aclWhoAmI()).toBe("default");
  });

  test("logs in where tokens are simulated: no password, and an identity endpoint", async () => {
    const identity = createServer((_, response) => void response.end());
    await once(identity.listen(0, "127.0.0.1"), "listening");
    const { port } = identity.address() as AddressInfo;
    await using builder = addRedisClient("cache", undefined, undefined, {
      environment: {
        ConnectionStrings__cache: `localhost:${server.tlsPort},ssl=true`,
        CACHE_CA_FILE: server.caFile,
        IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      },
    }).withAzureAuthentication({
      getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
    });
    const client = await builder.connect();
    expect(await client.aclWhoAmI()).toBe(objectId);
    expect(() => builder.withAzureAuthentication()).toThrow(
      expect.objectContaining({ code: "CONFIG_AMBIGUOUS" }),
    );
    identity.close();
  });

  test("says so where it does nothing", async () => {
    const warned = once(process, "warning");
    await using builder = addRedisClient("cache", undefined, undefined, {
      environment: { ConnectionStrings__cache: "cache.example.com:6380,ssl=true" },
    }).withAzureAuthentication();
    expect(builder.client.isOpen).toBe(false);
    const [warning] = (await warned) as [Error & { code: string }];
    expect(warning).toMatchObject({ code: "REDOUBT_NO_AZURE_HOST" });
    expect(warning.message).toContain("cache.example.com is no host of Azure");
  });
});

import { describe, expect, test } from "vitest";
import type { Builder } from "../../../../src/builder.ts";
import { collectEnvironment } from "../../../../src/model/environment.ts";
import type { AzureKeyVault } from "../../../../src/resources/azure/key-vault.ts";
import type { AzureManagedRedis } from "../../../../src/resources/azure/managed/managed-redis.ts";
import { appFor, read } from "./kit.ts";

/** What a program that refers to a resource is told: published, and read. */
async function told(
  app: Builder,
  cache: AzureManagedRedis,
): Promise<{
  published: Record<string, string>;
  read: Record<string, string | undefined>;
}> {
  const program = app.addContainer("api", "myimage").withReference(cache);
  const variables = [...(await collectEnvironment(program))];
  return {
    published: Object.fromEntries(variables.map(([name, value]) => [name, value.published])),
    read: Object.fromEntries(
      await Promise.all(variables.map(async ([name, value]) => [name, await read(value)] as const)),
    ),
  };
}

const order = (cache: AzureManagedRedis) => cache.connectionProperties().map(([name]) => name);

describe("Microsoft Entra ID", () => {
  const make = () => {
    const app = appFor("publish");
    return { app, cache: app.addAzureManagedRedis("cache") };
  };

  test("published forms, in this order and no password", () => {
    const { cache } = make();
    expect(cache.connectionString().published).toBe("{cache.outputs.connectionString}");
    expect(cache.host.published).toBe("{cache.outputs.hostName}");
    expect(cache.port.published).toBe("10000");
    expect(cache.password).toBeUndefined();
    expect(cache.uri.published).toBe("rediss://{cache.outputs.hostName}:10000");
    expect(order(cache)).toEqual(["Host", "Port", "Uri"]);
    expect(cache.useAccessKeyAuthentication()).toBe(false);
  });

  test("values when the module has been deployed", async () => {
    const app = appFor("run");
    const cache = app.addAzureManagedRedis("cache");
    const answer = told(app, cache);
    cache.settle({
      connectionString: "cache.westeurope.redis.azure.net:10000,ssl=true",
      hostName: "cache.westeurope.redis.azure.net",
    });
    expect((await answer).read).toEqual({
      ConnectionStrings__cache: "cache.westeurope.redis.azure.net:10000,ssl=true",
      CACHE_HOST: "cache.westeurope.redis.azure.net",
      CACHE_PORT: "10000",
      CACHE_URI: "rediss://cache.westeurope.redis.azure.net:10000",
    });
    expect(await read(cache.output("hostName"))).toBe("cache.westeurope.redis.azure.net");
    await expect(read(cache.output("other"))).rejects.toThrow(/"cache" has no output "other"/);
  });

  test("a deployment that failed is told to everybody who waits", async () => {
    const cache = appFor("run").addAzureManagedRedis("cache");
    const waiting = read(cache.host);
    cache.failed(new Error("LocationNotAvailable"));
    await expect(waiting).rejects.toThrow("LocationNotAvailable");
  });
});

describe("access keys", () => {
  test("published forms, the password last, the secret owned by the cache", () => {
    const app = appFor("publish");
    const cache = app.addAzureManagedRedis("cache").withAccessKeyAuthentication();
    expect(cache.connectionString().published).toBe("{cache-kv.secrets.connectionstrings--cache}");
    expect(cache.host.published).toBe("{cache.outputs.hostName}");
    expect(cache.port.published).toBe("10000");
    expect(cache.password?.published).toBe("{cache-kv.secrets.primaryaccesskey--cache}");
    expect(cache.uri.published).toBe(
      "rediss://:{cache-kv-secrets-primaryaccesskey--cache-uri-encoded.value}@{cache.outputs.hostName}:10000",
    );
    expect(order(cache)).toEqual(["Host", "Port", "Uri", "Password"]);
    expect(cache.password?.needs.map(({ name }) => name)).toEqual(["cache-kv", "cache"]);
    expect([cache.password?.secret, cache.connectionString().secret, cache.uri.secret]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test("values when the secrets have been read; the key is percent-encoded in the address", async () => {
    const app = appFor("run");
    const cache = app.addAzureManagedRedis("redis-cache").withAccessKeyAuthentication();
    const answer = told(app, cache);
    cache.settle({ hostName: "h.redis.azure.net" });
    const vault = app.find("redis-cache-kv") as AzureKeyVault;
    for (const secret of vault.wantedSecrets)
      secret.value.set(
        secret.secretName.startsWith("primary")
          ? "a+b/c="
          : "h.redis.azure.net:10000,ssl=true,password=a+b/c=",
      );
    expect((await answer).read).toEqual({
      "ConnectionStrings__redis-cache": "h.redis.azure.net:10000,ssl=true,password=a+b/c=",
      REDIS_CACHE_HOST: "h.redis.azure.net",
      REDIS_CACHE_PORT: "10000",
      REDIS_CACHE_URI: "rediss://:a%2Bb%2Fc%3D@h.redis.azure.net:10000",
      REDIS_CACHE_PASSWORD: "a+b/c=",
    });
  });
});

describe("a local one in its place", () => {
  const make = () => {
    const app = appFor("run");
    const password = app.addParameter("pass", { value: "p@ss w0rd", secret: true });
    const cache = app.addAzureManagedRedis("cache").runLocally((redis) => redis.withPassword(password));
    cache.standIn?.primary.allocated.set({ host: "localhost", port: 12_455 });
    return { app, cache, password };
  };

  test("values are those of the local one, with TLS", async () => {
    const { app, cache } = make();
    cache.standIn?.authority.set("/state/ca.pem");
    expect((await told(app, cache)).read).toMatchObject({
      ConnectionStrings__cache: "localhost:12455,password=p@ss w0rd,ssl=true",
      CACHE_HOST: "localhost",
      CACHE_PORT: "12455",
      CACHE_PASSWORD: "p@ss w0rd",
      CACHE_URI: "rediss://:p%40ss%20w0rd@localhost:12455",
      CACHE_CA_FILE: "/state/ca.pem",
    });
    expect(order(cache)).toEqual(["Host", "Port", "Password", "Uri"]);
  });

  test("without TLS and without a password", async () => {
    const { cache } = make();
    cache.runLocally((redis) => redis.withoutHttpsCertificate().withPassword(null));
    expect(await read(cache.connectionString())).toBe("localhost:12455");
    expect(await read(cache.uri)).toBe("redis://localhost:12455");
    expect(cache.password).toBeUndefined();
  });

  test("has its name in the app, and what was and will be said about the cache is said about it", () => {
    const app = appFor("run");
    const cache = app.addAzureManagedRedis("cache");
    const parent = app.addContainer("parent", "image");
    cache
      .withCommand("before", "Before", () => Promise.resolve({ success: true }))
      .withParentRelationship(parent);
    cache.runAsContainer({ configureContainer: (redis) => redis.withHostPort(12_345) });
    cache.withCommand("after", "After", () => Promise.resolve({ success: true }));
    const local = app.find("cache");
    expect(local).toBe(cache.standIn);
    expect(local?.commands.map(({ name }) => name)).toEqual(["before", "after"]);
    expect(local?.parent).toBe(parent);
    expect(cache.standIn?.primary.port).toBe(12_345);
    expect(app.resources.map(({ name }) => name)).toEqual(["parent", "cache-password", "cache"]);
  });

  test("its events are those of the cache, whenever they were asked for", async () => {
    const app = appFor("run");
    const heard: string[] = [];
    const cache = app.addAzureManagedRedis("cache").on("resourceReady", () => void heard.push("before"));
    cache.runLocally().on("resourceReady", () => void heard.push("after"));
    const other = app.addRedis("other");
    for (const resource of [other, cache.standIn ?? other])
      await app.events.emit("resourceReady", { app, resource });
    expect(heard).toEqual(["before", "after"]);
  });

  test("drops the vault that was made for its keys, whatever was said first; a given vault stays", () => {
    for (const first of ["local", "keys"]) {
      const app = appFor("run");
      const cache = app.addAzureManagedRedis("cache");
      if (first === "local") cache.runLocally().withAccessKeyAuthentication();
      else cache.withAccessKeyAuthentication().runLocally();
      expect(app.find("cache-kv")).toBeUndefined();
    }
    const app = appFor("run");
    app.addAzureManagedRedis("cache").withAccessKeyAuthentication(app.addAzureKeyVault("mine")).runLocally();
    expect(app.find("mine")).toBeDefined();
  });

  test("nothing happens when the app is published, and the callback is not called", () => {
    const app = appFor("publish");
    const cache = app.addAzureManagedRedis("cache").runLocally(() => {
      throw new Error("called");
    });
    expect(cache.standIn).toBeUndefined();
    expect(app.find("cache")).toBe(cache);
  });
});

test("properties are found by name without case, and an unknown one is empty", async () => {
  const cache = appFor("publish").addAzureManagedRedis("cache");
  expect(cache.getConnectionProperty("host").published).toBe("{cache.outputs.hostName}");
  expect(await read(cache.getConnectionProperty("nothing"))).toBe("");
});

test("the calls of upstream's polyglot interface give the same values", () => {
  const cache = appFor("publish").addAzureManagedRedis("cache");
  expect(cache.hostName().published).toBe(cache.host.published);
  expect(cache.uriExpression().published).toBe(cache.uri.published);
  expect(cache.connectionStringExpression().published).toBe(cache.connectionString().published);
  expect(cache.nameOutputReference().published).toBe("{cache.outputs.name}");
  expect(cache.id().published).toBe("{cache.outputs.id}");
  expect(cache.isExisting()).toBe(false);
});

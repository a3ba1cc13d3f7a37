import { parseEnvironment } from "@redoubt/client/config";
import { describe, expect, test } from "vitest";
import { refExpr } from "../../../src/model/expression.ts";
import { allocate, emptyApp, publishedEnvironment, resolvedEnvironment } from "../ground.ts";

const password = { Parameters__cache_password: "p/w=1", "Parameters__redis-cache-password": "x" };

/** An app with a Redis at port 6390 and a program that refers to it. */
function scene(name = "cache", options: Parameters<typeof emptyApp>[1] = {}) {
  const app = emptyApp("run", { variables: password, ...options });
  const cache = app.addRedis(name);
  cache.authority.set("/ca.crt");
  allocate([cache.primary, 6390]);
  const api = app.addExecutable("api", "true", ".");
  return { app, cache, api };
}

describe("a reference to a Redis", () => {
  test("gives all variables, here with TLS", async () => {
    const { api, cache } = scene();
    expect(Object.entries(await resolvedEnvironment(api.withReference(cache)))).toEqual([
      ["ConnectionStrings__cache", "localhost:6390,password=p/w=1,ssl=true"],
      ["CACHE_HOST", "localhost"],
      ["CACHE_PORT", "6390"],
      ["CACHE_PASSWORD", "p/w=1"],
      ["CACHE_URI", "rediss://:p%2Fw%3D1@localhost:6390"],
      ["CACHE_CA_FILE", "/ca.crt"],
      ["NODE_EXTRA_CA_CERTS", "/ca.crt"],
    ]);
  });

  test("is understood by the client, and means one target", async () => {
    const { api, cache } = scene();
    const target = parseEnvironment(
      (await resolvedEnvironment(api.withReference(cache))) as NodeJS.ProcessEnv,
      {
        name: "cache",
      },
    );
    expect(target.endpoints).toMatchObject([{ host: "localhost", port: 6390 }]);
    expect(target.tls).not.toBeNull();
    expect(target.password?.reveal()).toBe("p/w=1");
  });

  test("in plain text, by choice", async () => {
    const { api, cache } = scene();
    cache.withoutHttpsCertificate();
    expect(await resolvedEnvironment(api.withReference(cache))).toEqual({
      ConnectionStrings__cache: "localhost:6390,password=p/w=1",
      CACHE_HOST: "localhost",
      CACHE_PORT: "6390",
      CACHE_PASSWORD: "p/w=1",
      CACHE_URI: "redis://:p%2Fw%3D1@localhost:6390",
    });
  });

  test("without a password", async () => {
    const { app, api, cache } = scene();
    cache.withPassword(null);
    expect(app.find("cache-password")).toBeUndefined();
    expect(await resolvedEnvironment(api.withReference(cache))).toMatchObject({
      ConnectionStrings__cache: "localhost:6390,ssl=true",
      CACHE_URI: "rediss://localhost:6390",
    });
    expect(await resolvedEnvironment(api)).not.toHaveProperty("CACHE_PASSWORD");
  });

  test("as it is published", async () => {
    const app = emptyApp("publish");
    const cache = app.addRedis("cache");
    const api = app.addExecutable("api", "true", ".").withReference(cache);
    expect(Object.entries(await publishedEnvironment(api))).toEqual([
      ["ConnectionStrings__cache", "{cache.connectionString}"],
      ["CACHE_HOST", "{cache.bindings.tcp.host}"],
      ["CACHE_PORT", "{cache.bindings.tcp.port}"],
      ["CACHE_PASSWORD", "{cache-password.value}"],
      [
        "CACHE_URI",
        "{cache.bindings.tcp.scheme}://:{cache-password-uri-encoded.value}@{cache.bindings.tcp.host}:{cache.bindings.tcp.port}",
      ],
    ]);
    expect(cache.connectionString().published).toMatch(
      /^\{cache\.bindings\.tcp\.host\}:\{cache\.bindings\.tcp\.port\},password=\{cache-password\.value\}\{cond-cache-bindings-tcp-tlsenabled-[0-9a-f]{8}\.connectionString\}$/,
    );
  });

  test("from inside a container goes to the machine", async () => {
    const { app, cache } = scene();
    const inside = app.addContainer("inside", "image").withReference(cache);
    expect(await resolvedEnvironment(inside, "container")).toMatchObject({
      CACHE_HOST: "host.docker.internal",
      CACHE_PORT: "6390",
    });
  });

  test.each([
    ["redis-cache", undefined, "ConnectionStrings__redis-cache", "REDIS_CACHE_HOST"],
    ["cache", "main.db", "ConnectionStrings__main.db", "MAIN_DB_HOST"],
    ["cache", "1st", "ConnectionStrings__1st", "_1ST_HOST"],
    ["cache", "", "ConnectionStrings__", "HOST"],
  ])("named %s, as %s", async (name, connectionName, string, property) => {
    const { api, cache } = scene(name);
    api.withReference(cache, connectionName === undefined ? {} : { connectionName });
    const environment = await resolvedEnvironment(api);
    expect(environment).toHaveProperty([string]);
    expect(environment).toHaveProperty([property], "localhost");
  });

  test.each([
    [["connectionString"], ["ConnectionStrings__cache", "NODE_EXTRA_CA_CERTS"]],
    [
      ["connectionProperties"],
      ["CACHE_HOST", "CACHE_PORT", "CACHE_PASSWORD", "CACHE_URI", "CACHE_CA_FILE", "NODE_EXTRA_CA_CERTS"],
    ],
    [["none"], ["NODE_EXTRA_CA_CERTS"]],
  ] as const)("reduced to %j", async (chosen, names) => {
    const { api, cache } = scene();
    api.withReference(cache).withReferenceEnvironment(...chosen);
    expect(Object.keys(await resolvedEnvironment(api))).toEqual(names);
  });

  test("with properties of one's own", async () => {
    const { app, api, cache } = scene();
    cache.withConnectionProperty("HOST", refExpr`other`).withConnectionProperty("Database", refExpr`3`);
    expect(await resolvedEnvironment(api.withReference(cache))).toMatchObject({
      CACHE_HOST: "other",
      CACHE_DATABASE: "3",
    });
    expect(app.find("api")?.relationships).toEqual([{ type: "Reference", resource: cache }]);
  });

  test("leaves a trust of one's own alone, and later calls win", async () => {
    const { api, cache } = scene();
    api
      .withEnvironment("NODE_EXTRA_CA_CERTS", "/mine.crt")
      .withReference(cache)
      .withEnvironment("CACHE_HOST", "mine");
    expect(await resolvedEnvironment(api)).toMatchObject({
      NODE_EXTRA_CA_CERTS: "/mine.crt",
      CACHE_HOST: "mine",
    });
  });
});

describe("a connection string from outside", () => {
  test("comes from configuration, into a variable of choice", async () => {
    const app = emptyApp("run", { variables: { ConnectionStrings__legacy: "old:6379" } });
    const api = app.addExecutable("api", "true", ".");
    api.withReference(app.addConnectionString("legacy"));
    expect(await resolvedEnvironment(api)).toEqual({ ConnectionStrings__legacy: "old:6379" });
    const other = emptyApp("publish");
    const worker = other.addExecutable("worker", "true", ".");
    worker.withReference(other.addConnectionString("legacy", "LEGACY_URL"));
    expect(await publishedEnvironment(worker)).toEqual({ LEGACY_URL: "{legacy.connectionString}" });
    expect(other.find("legacy")).toMatchObject({ secret: true, published: "{legacy.value}" });
  });

  test("is put together", async () => {
    const app = emptyApp("run", { variables: { Parameters__h: "far" } });
    const string = app.addConnectionString("made", refExpr`${app.addParameter("h")}:6379,ssl=true`);
    const api = app.addExecutable("api", "true", ".").withReference(string);
    expect(await resolvedEnvironment(api)).toEqual({ ConnectionStrings__made: "far:6379,ssl=true" });
  });

  test("that is absent is an error that names the resource, unless it is optional", async () => {
    const absent = { published: "", secret: false, needs: [], resolve: () => Promise.resolve(undefined) };
    const app = emptyApp();
    const string = app.addConnectionString("gone", refExpr`${absent}`);
    const optional = app.addExecutable("b", "true", ".").withReference(string, { optional: true });
    expect(await resolvedEnvironment(optional)).toEqual({ ConnectionStrings__gone: undefined });
    const needed = app.addExecutable("a", "true", ".").withReference(string);
    await expect(resolvedEnvironment(needed)).rejects.toMatchObject({
      code: "APP_REFERENCE",
      message: expect.stringMatching(
        /"gone" has no connection string \(addConnectionString at .*reference\.test\.ts/,
      ),
    });
  });
});

describe("a reference to a service", () => {
  test("gives its endpoints by scheme and by name", async () => {
    const app = emptyApp();
    const api = app.addExecutable("my-api", "true", ".").withHttpEndpoint().withHttpsEndpoint();
    api.withHttpEndpoint({ name: "admin-ui" });
    api.endpoints.forEach((endpoint, index) => allocate([endpoint, 4000 + index]));
    const web = app.addExecutable("web", "true", ".").withReference(api);
    expect(await resolvedEnvironment(web)).toEqual({
      MY_API_HTTP: "http://localhost:4000",
      "services__my-api__http__0": "http://localhost:4000",
      MY_API_HTTPS: "https://localhost:4001",
      "services__my-api__https__0": "https://localhost:4001",
      MY_API_ADMIN_UI: "http://localhost:4002",
      "services__my-api__http__1": "http://localhost:4002",
    });
    const one = app.addExecutable("one", "true", ".").withReference(api.getEndpoint("https"));
    expect(await publishedEnvironment(one)).toEqual({
      MY_API_HTTPS: "{my-api.bindings.https.url}",
      "services__my-api__https__0": "{my-api.bindings.https.url}",
    });
    const discovering = app.addExecutable("d", "true", ".").withReference(api.getEndpoint("http"));
    expect(
      Object.keys(await publishedEnvironment(discovering.withReferenceEnvironment("serviceDiscovery"))),
    ).toEqual(["services__my-api__http__0"]);
  });

  test("or to an address", async () => {
    const web = emptyApp().addExecutable("web", "true", ".");
    web.withReference(new URL("https://api.example.com/v1"), { name: "far" });
    expect(await resolvedEnvironment(web)).toEqual({
      services__far__default__0: "https://api.example.com/v1",
    });
  });

  test("without an endpoint is refused, with call and line", () => {
    const app = emptyApp();
    const api = app.addExecutable("api", "true", ".");
    expect(() => app.addExecutable("web", "true", ".").withReference(api)).toThrow(
      /"api" has neither a connection string nor an endpoint \(withReference at .*reference\.test\.ts:\d+/,
    );
  });
});

describe("environment and arguments", () => {
  test("take text, parameters, endpoints, connection strings and callbacks", async () => {
    const { app, cache } = scene();
    const api = app.addExecutable("svc", "true", ".", ["--first"]).withHttpEndpoint({ env: "PORT" });
    allocate([api.getEndpoint("http"), 7000]);
    api
      .withEnvironment("TEXT", "t")
      .withEnvironment("SELF", api.getEndpoint("http"))
      .withEnvironment("CACHE", cache)
      .withEnvironmentCallback(async ({ environment, mode }) => {
        environment.set("MODE", mode);
        environment.delete("TEXT");
      });
    expect(await resolvedEnvironment(api)).toEqual({
      SELF: "http://localhost:7000",
      CACHE: "localhost:6390,password=p/w=1,ssl=true",
      MODE: "run",
      PORT: "7000",
    });
  });

  test("refuse names that are none", () => {
    const api = emptyApp().addExecutable("a", "true", ".");
    for (const name of ["", "A=B", "A\0"])
      expect(() => api.withEnvironment(name, "x")).toThrow(expect.objectContaining({ code: "APP_MODEL" }));
  });
});
